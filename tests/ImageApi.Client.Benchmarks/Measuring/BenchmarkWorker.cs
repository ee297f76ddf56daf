using System.Diagnostics;
using System.Runtime;
using ImageApi.Client.Benchmarks.Peers;

namespace ImageApi.Client.Benchmarks.Measuring;

/// <summary>One client with one workload in a process of its own: memory is a figure of a process. Every line of input is a run, every line of output what it cost.</summary>
internal static class BenchmarkWorker
{
    public const string ReadyLine = "ready";

    /// <summary>What is small has pieces enough for all code to be compiled for good, and leaves no client the memory that it needs for what is large.</summary>
    private const int WarmUpSizeDivisor = 16;

    private static readonly TimeSpan MaxWarmUp = TimeSpan.FromSeconds(5);

    /// <summary>The compiler works beside, and is late on a busy machine.</summary>
    private const int StableRounds = 2;

    /// <summary>After this the runtime compiles anew what turned out to be used often.</summary>
    private static readonly TimeSpan JitDelay = TimeSpan.FromMilliseconds(150);

    public static async Task<int> RunAsync(Workload workload, string client, Uri server, string folder, long bytes)
    {
        using var peer = CreatePeer(client, server);
        using (var warmUpContext = new WorkloadContext(server, folder, bytes / WarmUpSizeDivisor, workload.Calls))
        {
            warmUpContext.CreateSource();
            await WarmUpAsync(workload, () => RunAsync(workload, peer, warmUpContext));
        }

        using var context = new WorkloadContext(server, folder, bytes, workload.Calls);
        context.CreateSource();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        var initialMemory = ResidentMemory.ResetPeak();
        Console.WriteLine(ReadyLine);
        while (await Console.In.ReadLineAsync() is not null)
        {
            var sample = await RunAsync(workload, peer, context);
            Console.WriteLine(sample with { Peak = initialMemory is { } initialBytes ? ResidentMemory.ReadPeak() - initialBytes : null });
        }

        return 0;
    }

    /// <summary>Runs until nothing is compiled any more: what the compiler takes is not the client's.</summary>
    private static async Task WarmUpAsync(Workload workload, Func<Task<Sample>> run)
    {
        var deadline = Stopwatch.GetTimestamp() + (long)(MaxWarmUp.TotalSeconds * Stopwatch.Frequency);
        for (var stableRounds = 0; stableRounds < StableRounds && Stopwatch.GetTimestamp() < deadline;)
        {
            var compiledMethods = JitInfo.GetCompiledMethodCount();
            for (var i = 0; i < workload.WarmUps; i++)
            {
                _ = (await run()).ToString();
            }

            await Task.Delay(JitDelay);
            stableRounds = JitInfo.GetCompiledMethodCount() == compiledMethods ? stableRounds + 1 : 0;
        }
    }

    private static async Task<Sample> RunAsync(Workload workload, Peer peer, WorkloadContext context)
    {
        var sample = await MeasureAsync(() => workload.Run(peer, context), workload.Calls);
        context.VerifyOutputs();
        return sample;
    }

    private static async Task<Sample> MeasureAsync(Func<Task> run, int calls)
    {
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var cpu = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        await run();
        var elapsed = Stopwatch.GetElapsedTime(start);
        return new Sample(
            elapsed.TotalMilliseconds,
            (double)(GC.GetTotalAllocatedBytes(precise: true) - allocated) / calls,
            (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / calls,
            Peak: null);
    }

    private static Peer CreatePeer(string client, Uri server) => client switch
    {
        "ours" => new LibraryPeer(server),
        "openai" => new OpenAiPeer(server),
        "restsharp" => new RestSharpPeer(server),
        "naive" => new NaivePeer(server),
        "string" => new StringPeer(server),
        "curl" => new CurlPeer(server),
        "baseline" => new BaselinePeer(server),
        _ => throw new ArgumentException($"Unknown client: {client}.", nameof(client)),
    };
}
