using System.Diagnostics;
using System.Globalization;

namespace ImageApi.Client.Soak;

/// <summary>The server process, seen from the soak.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, Uri address, string key)
    {
        _process = process;
        Address = address;
        Key = key;
    }

    public Uri Address { get; }

    public string Key { get; }

    public static async Task<ServerProcess> StartAsync(ulong seed)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["serve", seed.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment.Remove("DOTNET_GCHeapHardLimit"); // the limit is meant for the client
        var process = Process.Start(start)!;
        var address = await ReadAsync(process, "address ");
        var key = await ReadAsync(process, "key ");
        return new ServerProcess(process, new Uri(address), key);
    }

    /// <summary>Ends all faults.</summary>
    public async Task CalmAsync()
    {
        await _process.StandardInput.WriteLineAsync(FaultyServer.Calm);
        await foreach (var line in LinesAsync())
        {
            throw new InvalidOperationException($"The server said {line}.");
        }
    }

    /// <summary>Asks how often each prompt was charged.</summary>
    public async Task<IReadOnlyDictionary<string, int>> ChargesAsync()
    {
        await _process.StandardInput.WriteLineAsync(FaultyServer.Report);
        var charges = new Dictionary<string, int>(StringComparer.Ordinal);
        await foreach (var line in LinesAsync())
        {
            var parts = line.Split('\t');
            charges[parts[0]] = int.Parse(parts[1], CultureInfo.InvariantCulture);
        }

        return charges;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<string> ReadAsync(Process process, string prefix) =>
        await process.StandardOutput.ReadLineAsync() is { } line && line.StartsWith(prefix, StringComparison.Ordinal)
            ? line[prefix.Length..]
            : throw new InvalidOperationException("The server did not start.");

    private async IAsyncEnumerable<string> LinesAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line && line != FaultyServer.End)
        {
            yield return line;
        }
    }
}
