using System.Globalization;
using ImageApi.Client.Benchmarks.Measuring;

namespace ImageApi.Client.Benchmarks.Reporting;

/// <summary>All workloads and all clients in one table: the figures that a user feels.</summary>
internal sealed class Summary
{
    private const double Mebi = 1024 * 1024;
    private static readonly string[] Clients = ["ours", "openai", "naive", "restsharp", "curl", "floor"];
    private readonly List<string> _rows = [];

    public void AddAllocated(string what, Outcome outcome) => Add(what + ", allocated bytes", outcome, client => outcome.Median(client, static sample => sample.Allocated));

    public void AddCpu(string what, Outcome outcome) => Add(what + ", CPU µs", outcome, client => outcome.Median(client, static sample => sample.CpuMicroseconds));

    public void AddTime(string what, Outcome outcome) => Add(what + ", ms", outcome, client => outcome.Median(client, static sample => sample.Milliseconds), worksInProcess: false);

    public void AddPeak(string what, Outcome outcome) => Add(what + ", peak MiB of a first call", outcome, client => outcome.FirstPeak(client) / Mebi);

    public void AddUploaded(string what, Outcome outcome) => Add(what + ", MiB sent", outcome, client => outcome.Median(client, static sample => sample.Uploaded) / Mebi, worksInProcess: false);

    public void Add(string what, IReadOnlyDictionary<string, int?> figures) =>
        _rows.Add($"| {what} | {string.Join(" | ", Clients.Select(client => figures.TryGetValue(client, out var figure) && figure is { } value ? value.ToString(CultureInfo.InvariantCulture) : "–"))} |");

    public void Write(TextWriter writer)
    {
        writer.WriteLine("\n### All in one\n");
        writer.WriteLine($"| | {string.Join(" | ", Clients.Select(Table.Name))} |\n|---|{string.Concat(Enumerable.Repeat("---:|", Clients.Length))}");
        _rows.ForEach(writer.WriteLine);
    }

    private void Add(string what, Outcome outcome, Func<string, double?> figure, bool worksInProcess = true) =>
        _rows.Add($"| {what} | {string.Join(" | ", Clients.Select(client => outcome.Samples.ContainsKey(client) && !(worksInProcess && client == "curl") && figure(client) is { } value ? Text(value) : "–"))} |");

    /// <summary>Three digits say all that a busy machine can know.</summary>
    private static string Text(double value) => Math.Max(0, value).ToString(value >= 100 ? "0" : value >= 10 ? "0.0" : "0.00", CultureInfo.InvariantCulture);
}
