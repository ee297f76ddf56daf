using ImageApi.Client.Benchmarks.Measuring;
using ImageApi.Client.Benchmarks.Peers;

namespace ImageApi.Client.Benchmarks.Reporting;

/// <summary>Measures everything that has a target, prints what it measured, and compares.</summary>
internal static class Ratios
{
    private const double Mebi = 1024 * 1024;
    private const int Rounds = 7;
    private const int QuickRounds = 3;
    private static readonly string[] QuickClients = ["floor", "ours", "openai"];

    /// <summary>Runs it.</summary>
    /// <param name="quick">Whether to measure less: in about a minute, with only those clients that the targets name.</param>
    /// <returns>1 when a quick run finds a memory figure worse than twice its target; times never fail it.</returns>
    public static async Task<int> RunAsync(bool quick)
    {
        await using var stage = await Stage.StartAsync();
        var lines = new List<RatioLine>();

        var small = await MeasureAsync(stage, Workload.LinkOneByOne, quick);
        lines.Add(new("w1_bytes_vs_openai", small.Ratio("ours", "openai", Allocated), 0.60, IsMemory: true));
        var parallel = await MeasureAsync(stage, Workload.LinkInFlight, quick);
        lines.Add(new("w1_cpu_vs_openai", parallel.Ratio("ours", "openai", static sample => sample.CpuMicroseconds), 0.80));

        var file = await MeasureAsync(stage, Workload.ImageToFile, quick);
        lines.Add(new("w2_file_time_vs_openai", file.Ratio("ours", "openai", Time), 0.40));
        lines.Add(new("w2_file_time_vs_floor", file.Ratio("ours", "floor", Time), 1.35));
        AddPeak(lines, "w2_file_peak_mib", file, 2);
        var bytes = await MeasureAsync(stage, Workload.ImageToBytes, quick);
        lines.Add(new("w2_bytes_time_vs_openai", bytes.Ratio("ours", "openai", Time), 0.45));
        lines.Add(new("w2_bytes_alloc_vs_image", bytes.Median("ours", Allocated) / Workload.ImageToBytes.Bytes, 1.02, IsMemory: true));
        await AddHeapsAsync(lines, stage, quick);

        var reference = await MeasureAsync(stage, Workload.Reference, quick);
        lines.Add(new("w3_time_vs_floor", reference.Ratio("ours", "floor", Time), 1.15));
        lines.Add(new("w3_time_vs_openai", reference.Ratio("ours", "openai", Time), 0.50));
        AddPeak(lines, "w3_peak_mib", reference, 1);

        var upload = await MeasureAsync(stage, Workload.Upload, quick);
        lines.Add(new("w4_time_vs_socket", upload.Ratio("ours", "floor", Time), 1.15));
        lines.Add(new("w4_time_vs_openai", upload.Ratio("ours", "openai", Time), 0.85));
        AddPeak(lines, "w4_peak_mib", upload, 2);
        var refused = await MeasureAsync(stage, Workload.RefusedUpload, quick);
        lines.Add(new("w4_refused_body_bytes", refused.Median("ours", static sample => sample.Uploaded), 0));

        var download = await MeasureAsync(stage, Workload.Download, quick);
        lines.Add(new("w5_time_vs_floor", download.Ratio("ours", "floor", Time), 1.10));
        AddPeak(lines, "w5_peak_mib", download, 2);

        Console.WriteLine();
        lines.ForEach(Console.WriteLine);
        return quick && lines.Exists(static line => line.IsBroken) ? 1 : 0;
    }

    private static double Time(Sample sample) => sample.Milliseconds;

    private static double Allocated(Sample sample) => sample.Allocated;

    private static async Task<Outcome> MeasureAsync(Stage stage, Workload workload, bool quick)
    {
        var clients = workload.Clients.Where(client => quick ? QuickClients.Contains(client, StringComparer.Ordinal) : client != "curl" || CurlPeer.IsInstalled).ToList();
        var outcome = await stage.RunAsync(workload, clients, quick ? QuickRounds : Rounds);
        Table.Write(Console.Out, outcome);
        return outcome;
    }

    private static async Task AddHeapsAsync(List<RatioLine> lines, Stage stage, bool quick)
    {
        const int Largest = 2048;
        Console.WriteLine();
        Console.WriteLine($"### {Workload.FourImages.Title}: the smallest heap limit that is enough\n\n| client | MiB |\n|---|---:|");
        foreach (var client in quick ? ["ours"] : Workload.FourImages.Clients)
        {
            var limit = await stage.SmallestHeapAsync(Workload.FourImages, client, Largest);
            Console.WriteLine($"| {Table.Name(client)} | {limit?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? $"more than {Largest}"} |");
            if (client == "ours")
            {
                lines.Add(new("w2_four_images_32mib_heap", limit ?? double.PositiveInfinity, 32, IsMemory: true));
            }
        }
    }

    private static void AddPeak(List<RatioLine> lines, string name, Outcome outcome, double targetMib)
    {
        if (outcome.Peak("ours") is { } peak)
        {
            lines.Add(new(name, Math.Max(0, peak) / Mebi, targetMib, IsMemory: true));
        }
        else
        {
            Console.WriteLine($"\n{name} cannot be measured: there is no /proc/self/clear_refs to write to.");
        }
    }
}
