using ImageApi.Client.Benchmarks.Measuring;

namespace ImageApi.Client.Benchmarks.Reporting;

/// <summary>Measures how much memory an image takes on its way to a file, for images of several sizes, and draws it.</summary>
internal static class MemoryChart
{
    private const long Mebi = 1024 * 1024;
    private static readonly int[] SizesMib = [1, 4, 8, 16, 24, 32];

    private static readonly (string Client, string Name, string Color)[] Series =
    [
        ("string", "string, then decoded", "#9a6700"),
        ("naive", "byte[] property", "#8250df"),
        ("openai", "OpenAI .NET SDK", "#cf222e"),
        ("ours", "ImageApi.Client", "#0969da"),
    ];

    /// <summary>Draws it into a file.</summary>
    public static async Task<int> DrawAsync(string file)
    {
        await using var runner = await BenchmarkRunner.StartAsync();
        var points = Series.ToDictionary(static line => line.Client, static _ => new List<(double X, double Y)>(), StringComparer.Ordinal);
        foreach (var size in SizesMib)
        {
            // one call in each process: what a process has once taken would count for all sizes after
            var outcome = await runner.RunAsync(Workload.ImageToFile, [.. points.Keys], rounds: 1, bytes: size * Mebi);
            foreach (var (client, line) in points)
            {
                var peak = outcome.FirstPeak(client) ?? throw new NotSupportedException("There is no /proc/self/clear_refs to write to: peaks cannot be measured.");
                line.Add((size, Math.Max(0, peak) / Mebi));
                Console.WriteLine(FormattableString.Invariant($"{client}: a {size} MiB image uses {peak / Mebi:0.00} MiB"));
            }
        }

        await File.WriteAllTextAsync(file, Draw(points));
        return 0;
    }

    private static string Draw(Dictionary<string, List<(double X, double Y)>> points)
    {
        var maxPeak = points.Values.SelectMany(static line => line).Max(static point => point.Y);
        var svg = new SvgChart("Memory used to save one base64 image to a file", "size of the image, MiB", "peak resident memory above the level before the call, MiB", SizesMib[^1], RoundUpToTick(maxPeak));
        foreach (var (client, name, color) in Series)
        {
            svg.DrawLine(name, color, points[client], isBold: client == "ours");
        }

        return svg.ToString();
    }

    /// <summary>Leaves marks on the axis that can be read.</summary>
    private static double RoundUpToTick(double value) => Math.Ceiling(value / 80) * 80;
}
