using System.Diagnostics;
using System.Globalization;

namespace ImageApi.Client.Soak;

/// <summary>The server process, seen from the soak.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, Uri address, string apiKey)
    {
        _process = process;
        Address = address;
        ApiKey = apiKey;
    }

    public Uri Address { get; }

    public string ApiKey { get; }

    public static async Task<ServerProcess> StartAsync(ulong seed)
    {
        var startInfo = new ProcessStartInfo(Environment.ProcessPath!, ["serve", seed.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        startInfo.Environment.Remove("DOTNET_GCHeapHardLimit"); // the limit is meant for the client
        var process = Process.Start(startInfo)!;
        var address = await ReadValueAsync(process, "address ");
        var apiKey = await ReadValueAsync(process, "api-key ");
        return new ServerProcess(process, new Uri(address), apiKey);
    }

    /// <summary>Ends all faults.</summary>
    public async Task ClearFaultsAsync()
    {
        await _process.StandardInput.WriteLineAsync(FaultyServer.ClearFaultsCommand);
        await foreach (var line in ReadLinesAsync())
        {
            throw new InvalidOperationException($"Unexpected output of the server: {line}");
        }
    }

    /// <summary>Asks how often each prompt was charged.</summary>
    public async Task<IReadOnlyDictionary<string, int>> GetChargesAsync()
    {
        await _process.StandardInput.WriteLineAsync(FaultyServer.ReportChargesCommand);
        var charges = new Dictionary<string, int>(StringComparer.Ordinal);
        await foreach (var line in ReadLinesAsync())
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

    private static async Task<string> ReadValueAsync(Process process, string prefix) =>
        await process.StandardOutput.ReadLineAsync() is { } line && line.StartsWith(prefix, StringComparison.Ordinal)
            ? line[prefix.Length..]
            : throw new InvalidOperationException("The server did not start.");

    private async IAsyncEnumerable<string> ReadLinesAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line && line != FaultyServer.EndOfOutput)
        {
            yield return line;
        }
    }
}
