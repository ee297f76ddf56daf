using System.Diagnostics;

namespace ImageApi.Client.Tests.Media;

/// <summary>Large media in a process whose heap may hold 32 MiB: what is kept in memory does not fit.</summary>
public sealed class MemoryTests : IDisposable
{
    private const string Limit = "0x2000000";

    private readonly string _directory = Directory.CreateTempSubdirectory("memory-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Four_pictures_of_32_MiB_at_once_are_generated_to_files_in_a_heap_of_32_MiB()
    {
        await using var server = FloodServer.Start(32);

        var (code, output) = await RunAsync("files", server.Address);

        Assert.True(code == 0, output);
        Assert.Equal(Enumerable.Repeat(server.PictureLength, 4), Directory.GetFiles(_directory).Select(static path => new FileInfo(path).Length));
    }

    [Fact]
    public async Task The_control_one_picture_of_32_MiB_read_as_a_text_does_not_fit()
    {
        await using var server = FloodServer.Start(32);

        var (code, _) = await RunAsync("careless", server.Address);

        Assert.NotEqual(0, code);
    }

    [Fact]
    public async Task The_control_the_same_text_fits_without_the_limit()
    {
        await using var server = FloodServer.Start(32);

        var (code, output) = await RunAsync("careless", server.Address, limit: null);

        Assert.True(code == 0, output);
    }

    [Fact]
    public async Task A_picture_of_256_MiB_is_saved_in_a_heap_of_32_MiB()
    {
        await using var server = FloodServer.Start(256);

        var (code, output) = await RunAsync("save", server.Address);

        Assert.True(code == 0, output);
        Assert.Equal(server.PictureLength, new FileInfo(Path.Combine(_directory, "large.png")).Length);
    }

    [Theory]
    [InlineData("reference", 4.0 / 3)]
    [InlineData("upload", 1.0)]
    public async Task A_picture_of_256_MiB_is_sent_in_a_heap_of_32_MiB(string job, double growth)
    {
        const long Length = 256L * 1024 * 1024;
        await using (var file = File.Create(Path.Combine(_directory, "reference.png")))
        {
            await file.WriteAsync(Samples.Png);
            file.SetLength(Length);
        }

        await using var server = FloodServer.Start(1);

        var (code, output) = await RunAsync(job, server.Address);

        Assert.True(code == 0, output);
        Assert.InRange(server.Received, (long)(Length * growth), (long)(Length * growth) + 1000);
    }

    private async Task<(int Code, string Output)> RunAsync(string job, Uri address, string? limit = Limit)
    {
        // the program is built beside the tests, in the same configuration
        var own = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        var program = Path.Combine(own, "..", "..", "ImageApi.Client.Memory", Path.GetFileName(own), "ImageApi.Client.Memory.dll");
        var start = new ProcessStartInfo("dotnet", [program, job, address.AbsoluteUri, _directory]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        if (limit is not null)
        {
            start.Environment["DOTNET_GCHeapHardLimit"] = limit;
        }

        using var process = Process.Start(start)!;
        var output = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync()).WaitAsync(TimeSpan.FromMinutes(2));
        await process.WaitForExitAsync();
        return (process.ExitCode, string.Concat(output));
    }
}
