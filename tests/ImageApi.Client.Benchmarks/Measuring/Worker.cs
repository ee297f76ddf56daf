using System.Diagnostics;
using System.Runtime;
using ImageApi.Client.Benchmarks.Peers;

namespace ImageApi.Client.Benchmarks.Measuring;

/// <summary>One client with one workload in a process of its own: memory is a figure of a process. Every line of input is a run, every line of output what it cost.</summary>
internal static class Worker
{
    public const string Ready = "ready";

    /// <summary>What is small has pieces enough for all code to be compiled for good, and leaves no client the memory that it needs for what is large.</summary>
    private const int WarmUpPart = 16;

    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(5);

    /// <summary>The compiler works beside, and is late on a busy machine.</summary>
    private const int QuietRounds = 2;

    /// <summary>After this the runtime compiles anew what turned out to be used often.</summary>
    private static readonly TimeSpan CompilerDelay = TimeSpan.FromMilliseconds(150);

    public static async Task<int> RunAsync(Workload workload, string client, Uri server, string folder, long bytes)
    {
        using var peer = Make(client, server);
        using (var warmUp = new Scene(server, folder, bytes / WarmUpPart, workload.Calls))
        {
            warmUp.MakeSource();
            await WarmUpAsync(workload, () => RunAsync(workload, peer, warmUp));
        }

        using var scene = new Scene(server, folder, bytes, workload.Calls);
        scene.MakeSource();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        var level = ResidentMemory.Reset();
        Console.WriteLine(Ready);
        while (await Console.In.ReadLineAsync() is not null)
        {
            var sample = await RunAsync(workload, peer, scene);
            Console.WriteLine(sample with { Peak = level is { } before ? ResidentMemory.Peak() - before : null });
        }

        return 0;
    }

    /// <summary>Runs until nothing is compiled any more: what the compiler takes is not the client's.</summary>
    private static async Task WarmUpAsync(Workload workload, Func<Task<Sample>> run)
    {
        var until = Stopwatch.GetTimestamp() + (long)(LongestWarmUp.TotalSeconds * Stopwatch.Frequency);
        for (var quiet = 0; quiet < QuietRounds && Stopwatch.GetTimestamp() < until;)
        {
            var compiled = JitInfo.GetCompiledMethodCount();
            for (var i = 0; i < workload.WarmUps; i++)
            {
                _ = (await run()).ToString();
            }

            await Task.Delay(CompilerDelay);
            quiet = JitInfo.GetCompiledMethodCount() == compiled ? quiet + 1 : 0;
        }
    }

    private static async Task<Sample> RunAsync(Workload workload, Peer peer, Scene scene)
    {
        var sample = await MeasureAsync(() => workload.Run(peer, scene), workload.Calls);
        scene.Check();
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

    private static Peer Make(string client, Uri server) => client switch
    {
        "ours" => new OurPeer(server),
        "openai" => new OpenAiPeer(server),
        "restsharp" => new RestSharpPeer(server),
        "naive" => new NaivePeer(server),
        "string" => new StringPeer(server),
        "curl" => new CurlPeer(server),
        "floor" => new FloorPeer(server),
        _ => throw new ArgumentException($"There is no client {client}.", nameof(client)),
    };
}
