using ImageApi.Client.Benchmarks.Measuring;
using ImageApi.Client.Benchmarks.Peers;

namespace ImageApi.Client.Benchmarks.Reporting;

/// <summary>Measures everything that has a target, prints what it measured, and compares.</summary>
internal static class RatioReport
{
    private const double Mebi = 1024 * 1024;
    private const int Rounds = 7;
    private const int QuickRounds = 3;
    private static readonly string[] QuickClients = ["baseline", "ours", "openai"];

    /// <summary>Runs it.</summary>
    /// <param name="quick">Whether to measure less: in about a minute, with only those clients that the targets name.</param>
    /// <returns>1 when a quick run finds a memory figure worse than twice its target; times never fail it.</returns>
    public static async Task<int> RunAsync(bool quick)
    {
        await using var runner = await BenchmarkRunner.StartAsync();
        var lines = new List<RatioLine>();
        var summary = new Summary();

        var small = await MeasureAsync(runner, Workload.SequentialUrlRequests, quick);
        lines.Add(new("w1_bytes_vs_openai", small.Ratio("ours", "openai", GetAllocated), 0.60, IsMemory: true));
        summary.AddAllocated("small request", small);
        var parallel = await MeasureAsync(runner, Workload.ConcurrentUrlRequests, quick);
        lines.Add(new("w1_cpu_vs_openai", parallel.Ratio("ours", "openai", static sample => sample.CpuMicroseconds), 0.80));
        summary.AddCpu("small request, 32 concurrent", parallel);

        var file = await MeasureAsync(runner, Workload.ImageToFile, quick);
        lines.Add(new("w2_file_time_vs_openai", file.Ratio("ours", "openai", GetMilliseconds), 0.40));
        lines.Add(new("w2_file_time_vs_baseline", file.Ratio("ours", "baseline", GetMilliseconds), 1.35));
        AddPeak(lines, "w2_file_peak_mib", file, 2);
        summary.AddTime("32 MiB base64 image to a file", file);
        summary.AddPeak("32 MiB base64 image to a file", file);
        var bytes = await MeasureAsync(runner, Workload.ImageToMemory, quick);
        lines.Add(new("w2_bytes_time_vs_openai", bytes.Ratio("ours", "openai", GetMilliseconds), 0.45));
        lines.Add(new("w2_bytes_alloc_vs_image", bytes.Median("ours", GetAllocated) / Workload.ImageToMemory.Bytes, 1.02, IsMemory: true));
        summary.AddTime("32 MiB base64 image to memory", bytes);
        var heaps = await FindSmallestHeapsAsync(runner, quick);
        lines.Add(new("w2_four_images_32mib_heap", heaps["ours"] ?? double.PositiveInfinity, 32, IsMemory: true));
        summary.Add("four 32 MiB base64 images at once to files, smallest heap limit in MiB", heaps);

        var reference = await MeasureAsync(runner, Workload.ReferenceImage, quick);
        lines.Add(new("w3_time_vs_baseline", reference.Ratio("ours", "baseline", GetMilliseconds), 1.15));
        lines.Add(new("w3_time_vs_openai", reference.Ratio("ours", "openai", GetMilliseconds), 0.50));
        AddPeak(lines, "w3_peak_mib", reference, 1);
        summary.AddTime("32 MiB file as a base64 reference", reference);
        summary.AddPeak("32 MiB file as a base64 reference", reference);

        var upload = await MeasureAsync(runner, Workload.Upload, quick);
        lines.Add(new("w4_time_vs_socket", upload.Ratio("ours", "baseline", GetMilliseconds), 1.15));
        lines.Add(new("w4_time_vs_openai", upload.Ratio("ours", "openai", GetMilliseconds), 0.85));
        AddPeak(lines, "w4_peak_mib", upload, 2);
        summary.AddTime("upload of 256 MiB", upload);
        summary.AddPeak("upload of 256 MiB", upload);
        var refused = await MeasureAsync(runner, Workload.RejectedUpload, quick);
        lines.Add(new("w4_rejected_body_bytes", refused.Median("ours", static sample => sample.Uploaded), 0));
        summary.AddUploaded("rejected upload of 256 MiB", refused);

        var download = await MeasureAsync(runner, Workload.Download, quick);
        lines.Add(new("w5_time_vs_baseline", download.Ratio("ours", "baseline", GetMilliseconds), 1.10));
        AddPeak(lines, "w5_peak_mib", download, 2);
        summary.AddTime("download of 256 MiB to a file", download);
        summary.AddPeak("download of 256 MiB to a file", download);

        summary.Write(Console.Out);
        Console.WriteLine();
        lines.ForEach(Console.WriteLine);
        return quick && lines.Exists(static line => line.IsRegression) ? 1 : 0;
    }

    private static double GetMilliseconds(Sample sample) => sample.Milliseconds;

    private static double GetAllocated(Sample sample) => sample.Allocated;

    private static async Task<WorkloadResult> MeasureAsync(BenchmarkRunner runner, Workload workload, bool quick)
    {
        var clients = workload.Clients.Where(client => quick ? QuickClients.Contains(client, StringComparer.Ordinal) : client != "curl" || CurlPeer.IsInstalled).ToList();
        var outcome = await runner.RunAsync(workload, clients, quick ? QuickRounds : Rounds);
        Table.Write(Console.Out, outcome);
        return outcome;
    }

    private static async Task<IReadOnlyDictionary<string, int?>> FindSmallestHeapsAsync(BenchmarkRunner runner, bool quick)
    {
        const int MaxHeapMib = 2048;
        var heaps = new Dictionary<string, int?>(StringComparer.Ordinal);
        foreach (var client in quick ? ["ours"] : Workload.FourImages.Clients)
        {
            heaps[client] = await runner.FindSmallestHeapAsync(Workload.FourImages, client, MaxHeapMib);
        }

        return heaps;
    }

    private static void AddPeak(List<RatioLine> lines, string name, WorkloadResult outcome, double targetMib)
    {
        // the first call's: after many, what threads and the garbage collector keep for later is in it as well
        if (outcome.FirstPeak("ours") is { } peak)
        {
            lines.Add(new(name, Math.Max(0, peak) / Mebi, targetMib, IsMemory: true));
        }
        else
        {
            Console.WriteLine($"\n{name} cannot be measured: there is no /proc/self/clear_refs to write to.");
        }
    }
}
