using System.Diagnostics;

namespace ImageApi.Client.Tests.Media;

/// <summary>Large media in a process whose heap may hold 32 MiB: what is kept in memory does not fit.</summary>
public sealed class MemoryTests : IDisposable
{
    private const string HeapLimit = "0x2000000";

    private readonly string _directory = Directory.CreateTempSubdirectory("memory-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task GenerateToFiles_writes_four_32_MiB_images_in_a_32_MiB_heap()
    {
        await using var server = LargeBodyServer.Start(32);

        var (exitCode, output) = await RunAsync("files", server.Address);

        Assert.True(exitCode == 0, output);
        Assert.Equal(Enumerable.Repeat(server.ImageLength, 4), Directory.GetFiles(_directory).Select(static path => new FileInfo(path).Length));
    }

    [Fact]
    public async Task Control_naive_string_read_of_32_MiB_exceeds_the_heap_limit()
    {
        await using var server = LargeBodyServer.Start(32);

        var (exitCode, _) = await RunAsync("naive", server.Address);

        Assert.NotEqual(0, exitCode);
    }

    [Fact]
    public async Task Control_naive_string_read_succeeds_without_a_heap_limit()
    {
        await using var server = LargeBodyServer.Start(32);

        var (exitCode, output) = await RunAsync("naive", server.Address, heapLimit: null);

        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public async Task Save_writes_a_256_MiB_image_in_a_32_MiB_heap()
    {
        await using var server = LargeBodyServer.Start(256);

        var (exitCode, output) = await RunAsync("save", server.Address);

        Assert.True(exitCode == 0, output);
        Assert.Equal(server.ImageLength, new FileInfo(Path.Combine(_directory, "large.png")).Length);
    }

    [Theory]
    [InlineData("reference", 4.0 / 3)]
    [InlineData("upload", 1.0)]
    public async Task Sending_a_256_MiB_image_fits_in_a_32_MiB_heap(string scenario, double encodingRatio)
    {
        const long Length = 256L * 1024 * 1024;
        await using (var file = File.Create(Path.Combine(_directory, "reference.png")))
        {
            await file.WriteAsync(SampleFiles.Png);
            file.SetLength(Length);
        }

        await using var server = LargeBodyServer.Start(1);

        var (exitCode, output) = await RunAsync(scenario, server.Address);

        Assert.True(exitCode == 0, output);
        Assert.InRange(server.ReceivedBodyBytes, (long)(Length * encodingRatio), (long)(Length * encodingRatio) + 1000);
    }

    private async Task<(int Code, string Output)> RunAsync(string scenario, Uri address, string? heapLimit = HeapLimit)
    {
        // the program is built beside the tests, in the same configuration
        var testDirectory = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        var program = Path.Combine(testDirectory, "..", "..", "ImageApi.Client.Memory", Path.GetFileName(testDirectory), "ImageApi.Client.Memory.dll");
        var startInfo = new ProcessStartInfo("dotnet", [program, scenario, address.AbsoluteUri, _directory]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        if (heapLimit is not null)
        {
            startInfo.Environment["DOTNET_GCHeapHardLimit"] = heapLimit;
        }

        using var process = Process.Start(startInfo)!;
        var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync()).WaitAsync(TimeSpan.FromMinutes(2));
        await process.WaitForExitAsync();
        return (process.ExitCode, string.Concat(output));
    }
}
