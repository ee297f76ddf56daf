using System.Diagnostics;
using System.Security.Cryptography;

namespace ImageApi.Client.Soak;

/// <summary>Many calls at once against a server at which much goes wrong, and the reckoning afterwards.</summary>
internal static class SoakRun
{
    private static readonly TimeSpan Watchdog = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SocketsMayLinger = TimeSpan.FromSeconds(2);

    public static async Task<SoakReport> RunAsync(SoakOptions options, ServerProcess server)
    {
        var directory = Directory.CreateTempSubdirectory("soak-").FullName;
        var ends = new CallEnd[options.Jobs];
        var heap = new HeapProbe(options.Jobs);
        var sockets = CountSockets();
        var watch = Stopwatch.StartNew();
        try
        {
            using ICaller caller = options.Careless ? new CarelessCaller(server) : new CarefulCaller(server, directory);
            var begun = 0;
            foreach (var stop in heap.Stops)
            {
                await Parallel.ForEachAsync(
                    Enumerable.Range(begun, stop - begun),
                    new ParallelOptions { MaxDegreeOfParallelism = options.Workers },
                    async (number, _) => ends[number] = await GuardedAsync(caller, number));
                begun = stop;
                heap.Measure(stop);
            }

            var elapsed = watch.Elapsed;
            var charges = await server.ChargesAsync();
            await server.CalmAsync();
            var saved = (caller as CarefulCaller)?.Saved ?? [];
            var wrongFiles = options.Careless ? 0 : await CountWrongFilesAsync(ends, directory, saved);
            caller.Dispose();
            return Reckon(options, ends, charges) with
            {
                WrongFiles = wrongFiles,
                SocketsLeft = await SocketsLeftAsync(sockets),
                TempFilesLeft = Directory.GetFiles(directory, ".partial-*").Length,
                BytesPerJob = heap.BytesPerJob,
                Elapsed = elapsed,
                Surprises = [.. ((caller as CarefulCaller)?.Surprises ?? []).Take(5).Select(static e => e.ToString())],
            };
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static string Prompt(int number) => $"marker-{number:D7}";

    private static async Task<CallEnd> GuardedAsync(ICaller caller, int number)
    {
        using var watchdog = new CancellationTokenSource(Watchdog);
        try
        {
            return await caller.CallAsync(number, Prompt(number), watchdog.Token).WaitAsync(Watchdog * 2);
        }
        catch (TimeoutException)
        {
            return CallEnd.Hung;
        }
        catch (Exception e) when (caller is CarefulCaller careful)
        {
            careful.Surprises.Enqueue(e);
            return CallEnd.Other;
        }
    }

    private static SoakReport Reckon(SoakOptions options, CallEnd[] ends, IReadOnlyDictionary<string, int> charges)
    {
        var falseSafety = 0;
        var lostIds = 0;
        for (var number = 0; number < ends.Length; number++)
        {
            var charged = charges.GetValueOrDefault(Prompt(number)) > 0;
            falseSafety += charged && ends[number] == CallEnd.Rejected && !options.Careless ? 1 : 0;
            lostIds += charged && ends[number] is CallEnd.IdLost or CallEnd.Other ? 1 : 0;
        }

        return new SoakReport
        {
            Seed = options.Seed,
            Ends = ends.GroupBy(static end => end).ToDictionary(static group => group.Key, static group => group.Count()),
            DoubleCharged = charges.Values.Count(static count => count > 1),
            FalseSafety = falseSafety,
            LostIds = lostIds,
            WrongFiles = 0,
            SocketsLeft = 0,
            TempFilesLeft = 0,
            BytesPerJob = 0,
            Elapsed = TimeSpan.Zero,
            Surprises = [],
        };
    }

    /// <summary>Every success is a whole PNG on the disk, nothing else is there, and some are compared with what their links give now.</summary>
    private static async Task<int> CountWrongFilesAsync(CallEnd[] ends, string directory, IEnumerable<KeyValuePair<string, string>> saved)
    {
        var wrong = 0;
        for (var number = 0; number < ends.Length; number++)
        {
            var path = Path.Combine(directory, Prompt(number) + ".png");
            wrong += File.Exists(path) == (ends[number] == CallEnd.Succeeded) ? 0 : 1;
            wrong += File.Exists(path) && !IsWholePng(await File.ReadAllBytesAsync(path)) ? 1 : 0;
        }

        using var http = new HttpClient();
        foreach (var (url, path) in saved)
        {
            var now = SHA256.HashData(await http.GetByteArrayAsync(new Uri(url)));
            var then = SHA256.HashData(await File.ReadAllBytesAsync(path));
            wrong += now.SequenceEqual(then) ? 0 : 1;
        }

        return wrong;
    }

    private static bool IsWholePng(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47]) && bytes.EndsWith((ReadOnlySpan<byte>)[0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82]);

    private static async Task<int> SocketsLeftAsync(int before)
    {
        var watch = Stopwatch.StartNew();
        while (CountSockets() > before && watch.Elapsed < SocketsMayLinger)
        {
            await Task.Delay(50);
        }

        return Math.Max(0, CountSockets() - before - 4);
    }

    private static int CountSockets() => !OperatingSystem.IsLinux() ? 0 : Directory.GetFiles("/proc/self/fd")
        .Count(static file => new FileInfo(file).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true);
}
