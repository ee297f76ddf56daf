using System.Diagnostics;
using System.Security.Cryptography;

namespace ImageApi.Client.Soak;

/// <summary>Many calls at once against a server at which much goes wrong, and the reckoning afterwards.</summary>
internal static class SoakRun
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SocketCloseTimeout = TimeSpan.FromSeconds(2);

    public static async Task<SoakReport> RunAsync(SoakOptions options, ServerProcess server)
    {
        var directory = Directory.CreateTempSubdirectory("soak-").FullName;
        var outcomes = new CallOutcome[options.Jobs];
        var heap = new HeapProbe(options.Jobs);
        var sockets = CountSockets();
        var stopwatch = Stopwatch.StartNew();
        try
        {
            using ISoakClient client = options.UseNaiveClient ? new NaiveClient(server) : new LibraryClient(server, directory);
            var completedJobs = 0;
            foreach (var checkpoint in heap.Checkpoints)
            {
                await Parallel.ForEachAsync(
                    Enumerable.Range(completedJobs, checkpoint - completedJobs),
                    new ParallelOptions { MaxDegreeOfParallelism = options.Workers },
                    async (number, _) => outcomes[number] = await CallWithTimeoutAsync(client, number));
                completedJobs = checkpoint;
                heap.Measure(checkpoint);
            }

            var elapsed = stopwatch.Elapsed;
            var charges = await server.GetChargesAsync();
            await server.ClearFaultsAsync();
            var saved = (client as LibraryClient)?.SavedFiles ?? [];
            var invalidFiles = options.UseNaiveClient ? 0 : await CountInvalidFilesAsync(outcomes, directory, saved);
            client.Dispose();
            return CreateReport(options, outcomes, charges) with
            {
                InvalidFiles = invalidFiles,
                LeakedSockets = await CountLeakedSocketsAsync(sockets),
                LeakedTempFiles = Directory.GetFiles(directory, ".partial-*").Length,
                BytesPerJob = heap.BytesPerJob,
                Elapsed = elapsed,
                UnexpectedErrors = [.. ((client as LibraryClient)?.UnexpectedErrors ?? []).Take(5).Select(static e => e.ToString())],
            };
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static string PromptFor(int number) => $"marker-{number:D7}";

    private static async Task<CallOutcome> CallWithTimeoutAsync(ISoakClient client, int number)
    {
        using var timeout = new CancellationTokenSource(CallTimeout);
        try
        {
            return await client.CallAsync(number, PromptFor(number), timeout.Token).WaitAsync(CallTimeout * 2);
        }
        catch (TimeoutException)
        {
            return CallOutcome.TimedOut;
        }
        catch (Exception e) when (client is LibraryClient libraryClient)
        {
            libraryClient.UnexpectedErrors.Enqueue(e);
            return CallOutcome.Unexpected;
        }
    }

    private static SoakReport CreateReport(SoakOptions options, CallOutcome[] outcomes, IReadOnlyDictionary<string, int> charges)
    {
        var chargedButRejected = 0;
        var untraceableCharges = 0;
        for (var number = 0; number < outcomes.Length; number++)
        {
            var charged = charges.GetValueOrDefault(PromptFor(number)) > 0;
            chargedButRejected += charged && outcomes[number] == CallOutcome.Rejected && !options.UseNaiveClient ? 1 : 0;
            untraceableCharges += charged && outcomes[number] is CallOutcome.JobIdMissing or CallOutcome.Unexpected ? 1 : 0;
        }

        return new SoakReport
        {
            Seed = options.Seed,
            Outcomes = outcomes.GroupBy(static outcome => outcome).ToDictionary(static group => group.Key, static group => group.Count()),
            DoubleCharged = charges.Values.Count(static count => count > 1),
            ChargedButRejected = chargedButRejected,
            UntraceableCharges = untraceableCharges,
            InvalidFiles = 0,
            LeakedSockets = 0,
            LeakedTempFiles = 0,
            BytesPerJob = 0,
            Elapsed = TimeSpan.Zero,
            UnexpectedErrors = [],
        };
    }

    /// <summary>Every success is a whole PNG on the disk, nothing else is there, and some are compared with what their links give now.</summary>
    private static async Task<int> CountInvalidFilesAsync(CallOutcome[] outcomes, string directory, IEnumerable<KeyValuePair<string, string>> saved)
    {
        var invalidFiles = 0;
        for (var number = 0; number < outcomes.Length; number++)
        {
            var path = Path.Combine(directory, PromptFor(number) + ".png");
            invalidFiles += File.Exists(path) == (outcomes[number] == CallOutcome.Succeeded) ? 0 : 1;
            invalidFiles += File.Exists(path) && !IsCompletePng(await File.ReadAllBytesAsync(path)) ? 1 : 0;
        }

        using var http = new HttpClient();
        foreach (var (url, path) in saved)
        {
            var currentHash = SHA256.HashData(await http.GetByteArrayAsync(new Uri(url)));
            var savedHash = SHA256.HashData(await File.ReadAllBytesAsync(path));
            invalidFiles += currentHash.SequenceEqual(savedHash) ? 0 : 1;
        }

        return invalidFiles;
    }

    private static bool IsCompletePng(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47]) && bytes.EndsWith((ReadOnlySpan<byte>)[0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82]);

    private static async Task<int> CountLeakedSocketsAsync(int before)
    {
        var stopwatch = Stopwatch.StartNew();
        while (CountSockets() > before && stopwatch.Elapsed < SocketCloseTimeout)
        {
            await Task.Delay(50);
        }

        return Math.Max(0, CountSockets() - before - 4);
    }

    private static int CountSockets() => !OperatingSystem.IsLinux() ? 0 : Directory.GetFiles("/proc/self/fd")
        .Count(static file => new FileInfo(file).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true);
}
