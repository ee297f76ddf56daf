using System.Globalization;
using System.Text.Json;
using ImageApi.Emulator;
using static ImageApi.Client.Tests.Support.RawServer;

namespace ImageApi.Client.Tests.Media;

/// <summary>References that travel inside the request: streamed, repeatable, of exact length.</summary>
public sealed class ReferenceImageTests : IDisposable
{
    private const string Made = """{"created":1,"data":[{"url":"https://cdn.example/a.png"}]}""";
    private readonly string _directory = Directory.CreateTempSubdirectory("imageapi-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task References_of_all_kinds_go_out_in_one_request_of_the_announced_length()
    {
        await using var server = Answering(Answer(Made));
        using var client = Clients.For(server.Address);
        var path = Path.Combine(_directory, "photo.png");
        await File.WriteAllBytesAsync(path, Samples.PngOf(300_001));
        using var stream = new MemoryStream(Samples.PngOf(1000));

        await client.Images.GenerateAsync(new ImageRequest
        {
            Prompt = "fox",
            ReferenceImages =
            [
                "https://example.com/reference.png", ReferenceImage.FromFile(path), ReferenceImage.FromBytes(Samples.Png, "image/jpeg"),
                ReferenceImage.FromStream(stream), ReferenceImage.FromBytes(new byte[] { 1, 2, 3, 4 }),
            ],
        });

        var request = Assert.Single(server.Requests);
        Assert.Equal(request.Body.Length.ToString(CultureInfo.InvariantCulture), request.Header("Content-Length"));
        var references = References(request);
        Assert.Equal("https://example.com/reference.png", references[0].GetString());
        Assert.Equal(Samples.PngOf(300_001), references[1].GetProperty("data_base64").GetBytesFromBase64());
        Assert.Equal(
            ["image/png", "image/jpeg", "image/png", "application/octet-stream"],
            references.Skip(1).Select(static reference => reference.GetProperty("mime_type").GetString()));
        Assert.True(stream.CanRead);
    }

    [Fact]
    public async Task References_are_sent_whole_on_every_attempt_and_in_every_call()
    {
        await using var server = Answering(Answer("{}", 429), Answer(Made));
        using var client = Clients.For(server.Address);
        using var stream = new MemoryStream([.. "skipped"u8, .. Samples.Png]) { Position = 7 };
        var request = new ImageRequest { Prompt = "fox", ReferenceImages = [ReferenceImage.FromStream(stream), ReferenceImage.FromBytes(Samples.Png)] };

        await client.Images.GenerateAsync(request);
        await client.Images.GenerateAsync(request);

        Assert.Equal(3, server.Requests.Count);
        Assert.All(server.Requests.SelectMany(References), static reference => Assert.Equal(Samples.Png, reference.GetProperty("data_base64").GetBytesFromBase64()));
    }

    [Fact]
    public async Task A_stream_that_cannot_seek_goes_out_in_chunks_and_once()
    {
        await using var server = Answering(Answer("{}", 429), Answer(Made));
        using var client = Clients.For(server.Address);
        var request = new ImageRequest { Prompt = "fox", ReferenceImages = [ReferenceImage.FromStream(new OneWayStream(Samples.Png))] };

        await Assert.ThrowsAsync<ImageApiErrorException>(() => client.Images.GenerateAsync(request));
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.Images.GenerateAsync(request));

        Assert.Equal(Samples.Png, Assert.Single(References(Assert.Single(server.Requests))).GetProperty("data_base64").GetBytesFromBase64());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_empty_reference_is_refused_before_anything_is_sent(bool canSeek)
    {
        await using var server = Answering(Answer(Made));
        using var client = Clients.For(server.Address);
        using Stream stream = canSeek ? new MemoryStream() : new OneWayStream([]);

        await Assert.ThrowsAsync<ArgumentException>(
            () => client.Images.GenerateAsync(new ImageRequest { Prompt = "fox", ReferenceImages = [ReferenceImage.FromStream(stream)] }));

        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task A_missing_file_is_told_before_anything_is_sent()
    {
        await using var server = Answering(Answer(Made));
        using var client = Clients.For(server.Address);

        await Assert.ThrowsAsync<FileNotFoundException>(() => client.Images.GenerateAsync(
            new ImageRequest { Prompt = "fox", ReferenceImages = [ReferenceImage.FromFile(Path.Combine(_directory, "missing.png"))] }));

        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task A_file_is_closed_after_the_call()
    {
        await using var server = Answering(Answer(Made));
        using var client = Clients.For(server.Address);
        var path = Path.Combine(_directory, "photo.png");
        await File.WriteAllBytesAsync(path, Samples.Png);

        await client.Images.GenerateAsync(new ImageRequest { Prompt = "fox", ReferenceImages = [ReferenceImage.FromFile(path)] });

        await using var alone = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
    }

    [Fact]
    public async Task One_reference_serves_many_jobs_at_once()
    {
        await using var emulator = await ImageApiEmulator.StartAsync(new EmulatorOptions { DrawTinyPictures = true });
        using var client = Clients.For(emulator);
        var path = Path.Combine(_directory, "photo.png");
        await File.WriteAllBytesAsync(path, Samples.Png);
        IReadOnlyList<ReferenceImage> references = [ReferenceImage.FromFile(path), ReferenceImage.FromBytes(Samples.Png)];

        var jobs = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => client.Jobs.SubmitAsync(
            new JobRequest { Input = new ImageJobInput { Prompt = $"fox {i}", ReferenceImages = references, ImageUrl = references[0], Mask = references[1] } })));

        Assert.Equal(16, jobs.Select(static job => job.Id).Distinct(StringComparer.Ordinal).Count());
    }

    private static List<JsonElement> References(RawRequest request)
    {
        using var document = JsonDocument.Parse(request.Body);
        return [.. document.RootElement.GetProperty("reference_images").EnumerateArray().Select(static reference => reference.Clone())];
    }
}
