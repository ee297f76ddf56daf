using System.Diagnostics;

namespace ImageApi.Client.Benchmarks.Peers;

/// <summary>The command that everybody has, started for every call: its time is that of a process.</summary>
internal sealed class CurlPeer(Uri server) : Peer
{
    private const string Command = "curl";

    /// <summary>Gets a value indicating whether the machine has it.</summary>
    public static bool IsInstalled { get; } = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
        .Split(Path.PathSeparator).Any(static folder => File.Exists(Path.Combine(folder, Command)));

    public override Task UploadAsync(string path) =>
        RunAsync("-H", $"Authorization: Bearer {ApiKey}", "-F", "kind=image", "-F", "purpose=reference", "-F", $"file=@{path}", new Uri(server, "v1/files/upload").AbsoluteUri);

    public override Task SendRejectedUploadAsync(string path) => RunAsync(
        "-H", $"Authorization: Bearer {Serving.BenchmarkServer.InvalidApiKey}", "-F", "kind=image", "-F", $"file=@{path}", new Uri(server, "v1/files/upload").AbsoluteUri);

    public override Task DownloadAsync(Uri url, string path) => RunAsync("-o", path, url.AbsoluteUri);

    private static async Task RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Command, ["-sS", .. arguments]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
    }
}
