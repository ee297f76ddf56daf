using System.Globalization;
using ImageApi.Client.Benchmarks.Measuring;

namespace ImageApi.Client.Benchmarks.Reporting;

/// <summary>All workloads and all clients in one table: the figures that a user feels.</summary>
internal sealed class Summary
{
    private const double Mebi = 1024 * 1024;
    private static readonly string[] Clients = ["ours", "openai", "naive", "restsharp", "curl", "baseline"];
    private readonly List<string> _rows = [];

    public void AddAllocated(string title, WorkloadResult outcome) => Add(title + ", allocated bytes", outcome, client => outcome.Median(client, static sample => sample.Allocated));

    public void AddCpu(string title, WorkloadResult outcome) => Add(title + ", CPU µs", outcome, client => outcome.Median(client, static sample => sample.CpuMicroseconds));

    public void AddTime(string title, WorkloadResult outcome) => Add(title + ", ms", outcome, client => outcome.Median(client, static sample => sample.Milliseconds), isInProcess: false);

    public void AddPeak(string title, WorkloadResult outcome) => Add(title + ", peak MiB of the first call", outcome, client => outcome.FirstPeak(client) / Mebi);

    public void AddUploaded(string title, WorkloadResult outcome) => Add(title + ", MiB sent", outcome, client => outcome.Median(client, static sample => sample.Uploaded) / Mebi, isInProcess: false);

    public void Add(string title, IReadOnlyDictionary<string, int?> values) =>
        _rows.Add($"| {title} | {string.Join(" | ", Clients.Select(client => values.TryGetValue(client, out var measured) && measured is { } value ? value.ToString(CultureInfo.InvariantCulture) : "–"))} |");

    public void Write(TextWriter writer)
    {
        writer.WriteLine("\n### Summary\n");
        writer.WriteLine($"| | {string.Join(" | ", Clients.Select(Table.DisplayName))} |\n|---|{string.Concat(Enumerable.Repeat("---:|", Clients.Length))}");
        _rows.ForEach(writer.WriteLine);
    }

    private void Add(string title, WorkloadResult outcome, Func<string, double?> selector, bool isInProcess = true) =>
        _rows.Add($"| {title} | {string.Join(" | ", Clients.Select(client => outcome.Samples.ContainsKey(client) && !(isInProcess && client == "curl") && selector(client) is { } value ? Format(value) : "–"))} |");

    /// <summary>Three digits say all that a busy machine can know.</summary>
    private static string Format(double value) => Math.Max(0, value).ToString(value >= 100 ? "0" : value >= 10 ? "0.0" : "0.00", CultureInfo.InvariantCulture);
}
