using ImageApi.Client.Benchmarks.Peers;

namespace ImageApi.Client.Benchmarks.Measuring;

/// <summary>Something that applications do, done by several clients.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Title">Its name in the table.</param>
/// <param name="Bytes">How large the picture or file is.</param>
/// <param name="WarmUps">How many runs at a time warm up, with something small, until nothing is compiled any more.</param>
/// <param name="Calls">How many calls a run has.</param>
/// <param name="Clients">The clients that run the workload, the baseline first.</param>
/// <param name="Run">Does it.</param>
internal sealed record Workload(string Name, string Title, long Bytes, int WarmUps, int Calls, IReadOnlyList<string> Clients, Func<Peer, WorkloadContext, Task> Run)
{
    private const long Mebi = 1024 * 1024;
    private const int Concurrency = 32;

    public static Workload SequentialUrlRequests { get; } = new(
        "w1-bytes", "W1 small request with URL response, sequential", 0, 1, 2_000, ["naive", "ours", "openai", "restsharp"], static (peer, context) => RepeatAsync(peer, context.Calls));

    public static Workload ConcurrentUrlRequests { get; } = new(
        "w1-cpu", "W1 small request with URL response, 32 concurrent", 0, 1, 9_600, ["naive", "ours", "openai", "restsharp"],
        static (peer, context) => Task.WhenAll(Enumerable.Range(0, Concurrency).Select(_ => Task.Run(() => RepeatAsync(peer, context.Calls / Concurrency)))));

    public static Workload ImageToFile { get; } = new(
        "w2-file", "W2 base64 image of 32 MiB to a file", 32 * Mebi, 10, 1, ["baseline", "ours", "openai", "naive", "string", "restsharp"],
        static (peer, context) => peer.GenerateToFileAsync(context.Bytes, context.NewOutputPath(context.Bytes)));

    public static Workload ImageToMemory { get; } = new(
        "w2-bytes", "W2 base64 image of 32 MiB to memory", 32 * Mebi, 10, 1, ["ours", "openai", "naive"],
        static async (peer, context) => WorkloadContext.ThrowIfFewerBytes(context.Bytes, await peer.GenerateToMemoryAsync(context.Bytes)));

    public static Workload FourImages { get; } = new(
        "w2-four", "W2 four base64 images of 32 MiB at once to files", 32 * Mebi, 0, 1, ["ours", "openai", "naive"],
        static (peer, context) => Task.WhenAll(Enumerable.Range(0, 4).Select(_ => peer.GenerateToFileAsync(context.Bytes, context.NewOutputPath(context.Bytes))).ToArray()));

    public static Workload ReferenceImage { get; } = new(
        "w3", "W3 file of 32 MiB sent as a base64 reference", 32 * Mebi, 10, 1, ["baseline", "ours", "openai", "naive"], static (peer, context) => peer.SendReferenceImageAsync(context.Source));

    public static Workload Upload { get; } = new(
        "w4", "W4 form upload of a 256 MiB file", 256 * Mebi, 10, 1, ["baseline", "ours", "openai", "naive", "restsharp", "curl"], static (peer, context) => peer.UploadAsync(context.Source));

    public static Workload RejectedUpload { get; } = new(
        "w4-refused", "W4 rejected upload of a 256 MiB file", 256 * Mebi, 5, 1, ["ours", "openai", "naive", "restsharp", "curl"], static (peer, context) => peer.SendRejectedUploadAsync(context.Source));

    public static Workload Download { get; } = new(
        "w5", "W5 download of 256 MiB to a file", 256 * Mebi, 10, 1, ["baseline", "ours", "naive", "restsharp", "curl"],
        static (peer, context) => peer.DownloadAsync(context.DownloadUrl, context.NewOutputPath(context.Bytes)));

    public static IReadOnlyList<Workload> All { get; } =
        [SequentialUrlRequests, ConcurrentUrlRequests, ImageToFile, ImageToMemory, FourImages, ReferenceImage, Upload, RejectedUpload, Download];

    private static async Task RepeatAsync(Peer peer, int calls)
    {
        for (var i = 0; i < calls; i++)
        {
            await peer.GenerateUrlAsync();
        }
    }
}
