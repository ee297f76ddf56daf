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

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    public async Task Any_number_of_references_goes_out_with_the_exact_length(Endpoint endpoint)
    {
        await using var server = Answering(Answer(endpoint == Endpoint.Generate ? Made : Reply.GoodJob));
        using var client = Clients.For(server.Address);
        byte[][] pictures = [.. Enumerable.Range(0, 60).Select(static i => Samples.PngOf(100 + i, (byte)i)), Samples.PngOf(700_000), Samples.PngOf(700_001)];
        var references = new List<ReferenceImage>();
        foreach (var (i, picture) in pictures.Index())
        {
            var path = Path.Combine(_directory, $"{i}.png");
            await File.WriteAllBytesAsync(path, picture);
            references.Add((i % 3) switch { 0 => ReferenceImage.FromFile(path), 1 => ReferenceImage.FromBytes(picture), _ => ReferenceImage.FromStream(new MemoryStream(picture)) });
        }

        await OrderAsync(client, endpoint, references);

        var request = Assert.Single(server.Requests);
        Assert.Equal(request.Body.Length.ToString(CultureInfo.InvariantCulture), request.Header("Content-Length"));
        Assert.Null(request.Header("Transfer-Encoding"));
        Assert.Equal(pictures, References(request).Select(static reference => reference.GetProperty("data_base64").GetBytesFromBase64()));
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    public async Task One_stream_of_unknown_length_makes_the_whole_request_one(Endpoint endpoint)
    {
        await using var server = Answering(Answer(endpoint == Endpoint.Generate ? Made : Reply.GoodJob));
        using var client = Clients.For(server.Address);

        await OrderAsync(client, endpoint, [ReferenceImage.FromBytes(Samples.Png), ReferenceImage.FromStream(new OneWayStream(Samples.Png))]);

        var request = Assert.Single(server.Requests);
        Assert.Null(request.Header("Content-Length"));
        Assert.Equal("chunked", request.Header("Transfer-Encoding"));
        Assert.Equal([Samples.Png, Samples.Png], References(request).Select(static reference => reference.GetProperty("data_base64").GetBytesFromBase64()));
    }

    [Theory]
    [InlineData("FFD8FFE000104A464946", "photo.png", null, "image/jpeg")]
    [InlineData("52494646000000005745425056503820", "photo", null, "image/webp")]
    [InlineData("FFD8FFE000104A464946", "photo.png", "image/x-own", "image/x-own")]
    [InlineData("00112233", "photo.WEBP", null, "image/webp")]
    [InlineData("00112233", "photo", null, "application/octet-stream")]
    public async Task The_type_is_the_one_given_else_the_bytes_tell_else_the_extension(string hex, string name, string? given, string sent)
    {
        await using var server = Answering(Answer(Made), Answer(Reply.GoodJob));
        using var client = Clients.For(server.Address);
        var path = Path.Combine(_directory, name);
        await File.WriteAllBytesAsync(path, Convert.FromHexString(hex));

        await OrderAsync(client, Endpoint.Generate, [ReferenceImage.FromFile(path, given)]);
        await OrderAsync(client, Endpoint.Submit, [ReferenceImage.FromFile(path, given)]);

        Assert.Equal([sent, sent], server.Requests.SelectMany(References).Select(static reference => reference.GetProperty("mime_type").GetString()!));
    }

    [Theory]
    [InlineData(Endpoint.Generate, false)]
    [InlineData(Endpoint.Generate, true)]
    [InlineData(Endpoint.Submit, false)]
    [InlineData(Endpoint.Submit, true)]
    public async Task A_file_is_sent_again_in_a_retry_unless_it_was_changed(Endpoint endpoint, bool change)
    {
        var path = Path.Combine(_directory, "photo.png");
        await File.WriteAllBytesAsync(path, Samples.PngOf(300_000));
        var attempts = 0;
        await using var server = Start(async connection =>
        {
            await connection.ReadRequestAsync();
            if (change)
            {
                File.SetLastWriteTimeUtc(path, new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
            }

            await connection.WriteAsync(Interlocked.Increment(ref attempts) == 1 ? Answer("{}", 429) : Answer(endpoint == Endpoint.Generate ? Made : Reply.GoodJob));
        });
        using var client = Clients.For(server.Address);

        if (change)
        {
            var error = await Assert.ThrowsAsync<IOException>(() => OrderAsync(client, endpoint, [ReferenceImage.FromFile(path)]));
            Assert.Contains("changed", error.Message, StringComparison.Ordinal);
            Assert.Single(server.Requests);
            return;
        }

        await OrderAsync(client, endpoint, [ReferenceImage.FromFile(path)]);
        Assert.Equal(2, server.Requests.Count);
        Assert.All(server.Requests, static request => Assert.Equal(Samples.PngOf(300_000), Assert.Single(References(request)).GetProperty("data_base64").GetBytesFromBase64()));
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

    private static Task OrderAsync(ImageApiClient client, Endpoint endpoint, IReadOnlyList<ReferenceImage> references) => endpoint == Endpoint.Generate
        ? client.Images.GenerateAsync(new ImageRequest { Prompt = "fox", ReferenceImages = references })
        : client.Jobs.SubmitAsync(new JobRequest { Input = new ImageJobInput { Prompt = "fox", ReferenceImages = references } });

    private static List<JsonElement> References(RawRequest request)
    {
        using var document = JsonDocument.Parse(request.Body);
        var holder = document.RootElement.TryGetProperty("input", out var input) ? input : document.RootElement;
        return [.. holder.GetProperty("reference_images").EnumerateArray().Select(static reference => reference.Clone())];
    }
}
