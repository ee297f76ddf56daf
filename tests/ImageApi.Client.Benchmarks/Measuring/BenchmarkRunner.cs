using System.Globalization;

namespace ImageApi.Client.Benchmarks.Measuring;

/// <summary>The server in its process, and a folder for files; clients are measured on it.</summary>
internal sealed class BenchmarkRunner : IAsyncDisposable
{
    /// <summary>Lets the process that ran before come to rest.</summary>
    private static readonly TimeSpan SettleDelay = TimeSpan.FromMilliseconds(50);

    private readonly ChildProcess _server;
    private readonly Uri _address;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("imageapi-benchmarks-");
    private readonly HttpClient _http = new();

    private BenchmarkRunner(ChildProcess server, Uri address)
    {
        _server = server;
        _address = address;
    }

    public static async Task<BenchmarkRunner> StartAsync()
    {
        var server = ChildProcess.Start(["serve"]);
        return new BenchmarkRunner(server, new Uri(await server.ReadLineAsync() ?? throw new InvalidOperationException("The server did not start.")));
    }

    /// <summary>Measures clients against one another: all are started and warmed up, then they take turns, in another order each round.</summary>
    public async Task<WorkloadResult> RunAsync(Workload workload, IReadOnlyList<string> clients, int rounds, long? bytes = null)
    {
        await Console.Error.WriteLineAsync($"… {workload.Title}");
        var workers = new List<ChildProcess>();
        try
        {
            foreach (var client in clients)
            {
                var worker = StartWorker(workload, client, bytes ?? workload.Bytes);
                workers.Add(worker);
                ThrowIfEnded(await worker.ReadLineAsync(), workload, client);
            }

            var samples = clients.ToDictionary(static client => client, static _ => new List<Sample>(), StringComparer.Ordinal);
            await ReadUploadedBytesAsync(); // what came while they warmed up
            var clientIndexes = Enumerable.Range(0, clients.Count).ToArray();
            var random = new Random(1);
            for (var round = 0; round < rounds; round++)
            {
                // whoever runs after a wasteful client pays for its garbage: that must not always be the same one
                random.Shuffle(clientIndexes);
                foreach (var index in clientIndexes)
                {
                    await Task.Delay(SettleDelay);
                    var line = ThrowIfEnded(await workers[index].WriteAndReadLineAsync(), workload, clients[index]);
                    samples[clients[index]].Add(Sample.Parse(line) with { Uploaded = await ReadUploadedBytesAsync() });
                }
            }

            return new WorkloadResult(workload, samples);
        }
        finally
        {
            foreach (var worker in workers)
            {
                await worker.DisposeAsync();
            }
        }
    }

    /// <summary>Finds the smallest limit for the garbage-collected heap with which a client can do it: 32 MiB, or a power of two above.</summary>
    /// <returns>The limit in MiB; null when none was enough.</returns>
    public async Task<int?> FindSmallestHeapAsync(Workload workload, string client, int maxMib)
    {
        await Console.Error.WriteLineAsync($"… {workload.Title}: {client} with a bounded heap");
        for (var limit = 32; limit <= maxMib; limit *= 2)
        {
            await using var worker = StartWorker(workload, client, workload.Bytes, limit);
            if (await worker.ReadLineAsync() == BenchmarkWorker.ReadyLine && await worker.WriteAndReadLineAsync() is not null && await worker.WriteAndReadLineAsync() is not null)
            {
                return limit;
            }
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _http.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string ThrowIfEnded(string? line, Workload workload, string client) =>
        line ?? throw new InvalidOperationException($"{client} failed in {workload.Name}.");

    private ChildProcess StartWorker(Workload workload, string client, long bytes, int? heapLimitMib = null) => ChildProcess.Start(
        ["measure", workload.Name, client, _address.AbsoluteUri, _folder.FullName, bytes.ToString(CultureInfo.InvariantCulture)], heapLimitMib);

    private async Task<long> ReadUploadedBytesAsync() =>
        long.Parse(await _http.GetStringAsync(new Uri(_address, "uploaded")), CultureInfo.InvariantCulture);
}
