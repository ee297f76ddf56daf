using System.Globalization;

namespace ImageApi.Client.Benchmarks.Measuring;

/// <summary>The server in its process, and a folder for files; clients are measured on it.</summary>
internal sealed class Stage : IAsyncDisposable
{
    /// <summary>Lets the process that ran before come to rest.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(50);

    private readonly ChildProcess _server;
    private readonly Uri _address;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("imageapi-benchmarks-");
    private readonly HttpClient _http = new();

    private Stage(ChildProcess server, Uri address)
    {
        _server = server;
        _address = address;
    }

    public static async Task<Stage> StartAsync()
    {
        var server = ChildProcess.Start(["serve"]);
        return new Stage(server, new Uri(await server.ReadAsync() ?? throw new InvalidOperationException("The server did not start.")));
    }

    /// <summary>Measures clients against one another: all are started and warmed up, then they take turns, in another order each round.</summary>
    public async Task<Outcome> RunAsync(Workload workload, IReadOnlyList<string> clients, int rounds, long? bytes = null)
    {
        await Console.Error.WriteLineAsync($"… {workload.Title}");
        var workers = new List<ChildProcess>();
        try
        {
            foreach (var client in clients)
            {
                var worker = Measure(workload, client, bytes ?? workload.Bytes);
                workers.Add(worker);
                ThrowIfEnded(await worker.ReadAsync(), workload, client);
            }

            var samples = clients.ToDictionary(static client => client, static _ => new List<Sample>(), StringComparer.Ordinal);
            await UploadedAsync(); // what came while they warmed up
            var order = Enumerable.Range(0, clients.Count).ToArray();
            var random = new Random(1);
            for (var round = 0; round < rounds; round++)
            {
                // whoever runs after a wasteful client pays for its garbage: that must not always be the same one
                random.Shuffle(order);
                foreach (var index in order)
                {
                    await Task.Delay(Rest);
                    var line = ThrowIfEnded(await workers[index].AskAsync(), workload, clients[index]);
                    samples[clients[index]].Add(Sample.Parse(line) with { Uploaded = await UploadedAsync() });
                }
            }

            return new Outcome(workload, samples);
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
    public async Task<int?> SmallestHeapAsync(Workload workload, string client, int largestMib)
    {
        await Console.Error.WriteLineAsync($"… {workload.Title}: {client} with a bounded heap");
        for (var limit = 32; limit <= largestMib; limit *= 2)
        {
            await using var worker = Measure(workload, client, workload.Bytes, limit);
            if (await worker.ReadAsync() == Worker.Ready && await worker.AskAsync() is not null && await worker.AskAsync() is not null)
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

    private ChildProcess Measure(Workload workload, string client, long bytes, int? heapLimitMib = null) => ChildProcess.Start(
        ["measure", workload.Name, client, _address.AbsoluteUri, _folder.FullName, bytes.ToString(CultureInfo.InvariantCulture)], heapLimitMib);

    private async Task<long> UploadedAsync() =>
        long.Parse(await _http.GetStringAsync(new Uri(_address, "uploaded")), CultureInfo.InvariantCulture);
}
