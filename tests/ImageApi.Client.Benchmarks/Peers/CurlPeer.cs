using System.Diagnostics;

namespace ImageApi.Client.Benchmarks.Peers;

/// <summary>The command that everybody has, started for every call: its time is that of a process.</summary>
internal sealed class CurlPeer(Uri server) : Peer
{
    private const string Program = "curl";

    /// <summary>Gets a value indicating whether the machine has it.</summary>
    public static bool IsInstalled { get; } = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
        .Split(Path.PathSeparator).Any(static folder => File.Exists(Path.Combine(folder, Program)));

    public override Task UploadAsync(string path) =>
        RunAsync("-H", $"Authorization: Bearer {Key}", "-F", "kind=image", "-F", "purpose=reference", "-F", $"file=@{path}", new Uri(server, "v1/files/upload").AbsoluteUri);

    public override Task RefusedUploadAsync(string path) => RunAsync(
        "-H", $"Authorization: Bearer {Serving.BenchServer.RefusedKey}", "-F", "kind=image", "-F", $"file=@{path}", new Uri(server, "v1/files/upload").AbsoluteUri);

    public override Task DownloadAsync(Uri link, string path) => RunAsync("-o", path, link.AbsoluteUri);

    private static async Task RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Program, ["-sS", .. arguments]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
    }
}
