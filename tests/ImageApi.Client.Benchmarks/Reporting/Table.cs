using System.Globalization;
using ImageApi.Client.Benchmarks.Measuring;

namespace ImageApi.Client.Benchmarks.Reporting;

/// <summary>Writes outcomes as tables of Markdown.</summary>
internal static class Table
{
    private const double Mebi = 1024 * 1024;

    /// <summary>Writes one workload. Small calls are counted in bytes and microseconds, large ones in MiB and milliseconds.</summary>
    public static void Write(TextWriter writer, WorkloadResult outcome)
    {
        var isSmall = outcome.Workload.Bytes == 0;
        writer.WriteLine();
        writer.WriteLine($"### {outcome.Workload.Title}");
        writer.WriteLine();
        writer.WriteLine(isSmall
            ? "| client | allocated B per call | CPU µs per call | µs per call |\n|---|---:|---:|---:|"
            : "| client | ms | CPU ms | allocated MiB | peak MiB, first / all calls | uploaded MiB |\n|---|---:|---:|---:|---:|---:|");
        foreach (var client in outcome.Samples.Keys)
        {
            writer.WriteLine(isSmall ? FormatSmall(outcome, client) : FormatLarge(outcome, client));
        }
    }

    private static string FormatSmall(WorkloadResult outcome, string client) => FormatRow(
        DisplayName(client),
        outcome.Median(client, static sample => sample.Allocated).ToString("0", CultureInfo.InvariantCulture),
        outcome.Median(client, static sample => sample.CpuMicroseconds).ToString("0.0", CultureInfo.InvariantCulture),
        (outcome.Median(client, static sample => sample.Milliseconds) * 1000 / outcome.Workload.Calls).ToString("0.0", CultureInfo.InvariantCulture));

    private static string FormatLarge(WorkloadResult outcome, string client)
    {
        // what a process of its own does is not seen from here
        var isMeasured = client != "curl";
        return FormatRow(
            DisplayName(client),
            outcome.Median(client, static sample => sample.Milliseconds).ToString("0.0", CultureInfo.InvariantCulture),
            isMeasured ? (outcome.Median(client, static sample => sample.CpuMicroseconds) / 1000).ToString("0.0", CultureInfo.InvariantCulture) : "–",
            isMeasured ? FormatMib(outcome.Median(client, static sample => sample.Allocated)) : "–",
            isMeasured && outcome.FirstPeak(client) is { } first && outcome.Peak(client) is { } all ? $"{FormatMib(first)} / {FormatMib(all)}" : "–",
            FormatMib(outcome.Median(client, static sample => sample.Uploaded)));
    }

    private static string FormatRow(params ReadOnlySpan<string?> cells) => $"| {string.Join(" | ", cells)} |";

    private static string FormatMib(double bytes) => (bytes / Mebi).ToString("0.00", CultureInfo.InvariantCulture);

    public static string DisplayName(string client) => client switch
    {
        "ours" => "**ImageApi.Client**",
        "openai" => "OpenAI .NET SDK",
        "restsharp" => "RestSharp",
        "naive" => "HttpClient by hand",
        "string" => "HttpClient by hand, base64 as a string",
        "baseline" => "baseline",
        _ => client,
    };
}
