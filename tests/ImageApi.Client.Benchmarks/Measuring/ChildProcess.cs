using System.Diagnostics;

namespace ImageApi.Client.Benchmarks.Measuring;

/// <summary>This program once more, with another task. It ends when its input does.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public static ChildProcess Start(IEnumerable<string> arguments, int? heapLimitMib = null)
    {
        var startInfo = new ProcessStartInfo(Environment.ProcessPath!, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = heapLimitMib is not null, // running out of memory is an expected end there
            UseShellExecute = false,
        };
        if (heapLimitMib is { } limit)
        {
            startInfo.Environment["DOTNET_GCHeapHardLimit"] = FormattableString.Invariant($"0x{limit * 1024L * 1024:x}");
            startInfo.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        }

        var process = Process.Start(startInfo)!;
        if (heapLimitMib is not null)
        {
            process.BeginErrorReadLine();
        }

        return new ChildProcess(process);
    }

    /// <summary>Reads a line of output; null when the process has ended.</summary>
    public Task<string?> ReadLineAsync() => _process.StandardOutput.ReadLineAsync();

    /// <summary>Gives it a line of input, and reads one of output.</summary>
    public async Task<string?> WriteAndReadLineAsync()
    {
        try
        {
            await _process.StandardInput.WriteLineAsync();
        }
        catch (IOException)
        {
            return null; // it has ended
        }

        return await ReadLineAsync();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // it has ended
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
