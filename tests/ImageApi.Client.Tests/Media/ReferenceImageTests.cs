using System.Globalization;
using System.Text.Json;
using ImageApi.Emulator;
using static ImageApi.Client.Tests.Support.RawServer;

namespace ImageApi.Client.Tests.Media;

/// <summary>References that travel inside the request: streamed, repeatable, of exact length.</summary>
public sealed class ReferenceImageTests : IDisposable
{
    private const string ImageResponseJson = """{"created":1,"data":[{"url":"https://cdn.example/a.png"}]}""";
    private readonly string _directory = Directory.CreateTempSubdirectory("imageapi-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task All_reference_kinds_are_sent_with_the_exact_content_length()
    {
        await using var server = RespondingWith(CreateResponse(ImageResponseJson));
        using var client = TestClients.Create(server.Address);
        var path = Path.Combine(_directory, "photo.png");
        await File.WriteAllBytesAsync(path, SampleFiles.PngOf(300_001));
        using var stream = new MemoryStream(SampleFiles.PngOf(1000));

        await client.Images.GenerateAsync(new ImageRequest
        {
            Prompt = "fox",
            ReferenceImages =
            [
                "https://example.com/reference.png", ReferenceImage.FromFile(path), ReferenceImage.FromBytes(SampleFiles.Png, "image/jpeg"),
                ReferenceImage.FromStream(stream), ReferenceImage.FromBytes(new byte[] { 1, 2, 3, 4 }),
            ],
        });

        var request = Assert.Single(server.Requests);
        Assert.Equal(request.Body.Length.ToString(CultureInfo.InvariantCulture), request.Header("Content-Length"));
        var references = ReadReferences(request);
        Assert.Equal("https://example.com/reference.png", references[0].GetString());
        Assert.Equal(SampleFiles.PngOf(300_001), references[1].GetProperty("data_base64").GetBytesFromBase64());
        Assert.Equal(
            ["image/png", "image/jpeg", "image/png", "application/octet-stream"],
            references.Skip(1).Select(static reference => reference.GetProperty("mime_type").GetString()));
        Assert.True(stream.CanRead);
    }

    [Fact]
    public async Task References_are_sent_completely_on_every_attempt_and_call()
    {
        await using var server = RespondingWith(CreateResponse("{}", 429), CreateResponse(ImageResponseJson));
        using var client = TestClients.Create(server.Address);
        using var stream = new MemoryStream([.. "skipped"u8, .. SampleFiles.Png]) { Position = 7 };
        var request = new ImageRequest { Prompt = "fox", ReferenceImages = [ReferenceImage.FromStream(stream), ReferenceImage.FromBytes(SampleFiles.Png)] };

        await client.Images.GenerateAsync(request);
        await client.Images.GenerateAsync(request);

        Assert.Equal(3, server.Requests.Count);
        Assert.All(server.Requests.SelectMany(ReadReferences), static reference => Assert.Equal(SampleFiles.Png, reference.GetProperty("data_base64").GetBytesFromBase64()));
    }

    [Fact]
    public async Task Non_seekable_stream_is_sent_only_once()
    {
        await using var server = RespondingWith(CreateResponse("{}", 429), CreateResponse(ImageResponseJson));
        using var client = TestClients.Create(server.Address);
        var request = new ImageRequest { Prompt = "fox", ReferenceImages = [ReferenceImage.FromStream(new NonSeekableStream(SampleFiles.Png))] };

        await Assert.ThrowsAsync<ImageApiResponseException>(() => client.Images.GenerateAsync(request));
        await Assert.ThrowsAsync<InvalidOperationException>(() => client.Images.GenerateAsync(request));

        Assert.Equal(SampleFiles.Png, Assert.Single(ReadReferences(Assert.Single(server.Requests))).GetProperty("data_base64").GetBytesFromBase64());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Empty_reference_throws_before_sending(bool canSeek)
    {
        await using var server = RespondingWith(CreateResponse(ImageResponseJson));
        using var client = TestClients.Create(server.Address);
        using Stream stream = canSeek ? new MemoryStream() : new NonSeekableStream([]);

        await Assert.ThrowsAsync<ArgumentException>(
            () => client.Images.GenerateAsync(new ImageRequest { Prompt = "fox", ReferenceImages = [ReferenceImage.FromStream(stream)] }));

        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task Missing_file_throws_before_sending()
    {
        await using var server = RespondingWith(CreateResponse(ImageResponseJson));
        using var client = TestClients.Create(server.Address);

        await Assert.ThrowsAsync<FileNotFoundException>(() => client.Images.GenerateAsync(
            new ImageRequest { Prompt = "fox", ReferenceImages = [ReferenceImage.FromFile(Path.Combine(_directory, "missing.png"))] }));

        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task Reference_file_is_closed_after_the_call()
    {
        await using var server = RespondingWith(CreateResponse(ImageResponseJson));
        using var client = TestClients.Create(server.Address);
        var path = Path.Combine(_directory, "photo.png");
        await File.WriteAllBytesAsync(path, SampleFiles.Png);

        await client.Images.GenerateAsync(new ImageRequest { Prompt = "fox", ReferenceImages = [ReferenceImage.FromFile(path)] });

        await using var exclusiveStream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    public async Task Many_references_are_sent_with_the_exact_content_length(Endpoint endpoint)
    {
        await using var server = RespondingWith(CreateResponse(endpoint == Endpoint.Generate ? ImageResponseJson : ScriptedResponse.JobResponseJson));
        using var client = TestClients.Create(server.Address);
        byte[][] images = [.. Enumerable.Range(0, 60).Select(static i => SampleFiles.PngOf(100 + i, (byte)i)), SampleFiles.PngOf(700_000), SampleFiles.PngOf(700_001)];
        var references = new List<ReferenceImage>();
        foreach (var (i, image) in images.Index())
        {
            var path = Path.Combine(_directory, $"{i}.png");
            await File.WriteAllBytesAsync(path, image);
            references.Add((i % 3) switch { 0 => ReferenceImage.FromFile(path), 1 => ReferenceImage.FromBytes(image), _ => ReferenceImage.FromStream(new MemoryStream(image)) });
        }

        await GenerateOrSubmitAsync(client, endpoint, references);

        var request = Assert.Single(server.Requests);
        Assert.Equal(request.Body.Length.ToString(CultureInfo.InvariantCulture), request.Header("Content-Length"));
        Assert.Null(request.Header("Transfer-Encoding"));
        Assert.Equal(images, ReadReferences(request).Select(static reference => reference.GetProperty("data_base64").GetBytesFromBase64()));
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    public async Task Stream_of_unknown_length_makes_the_request_chunked(Endpoint endpoint)
    {
        await using var server = RespondingWith(CreateResponse(endpoint == Endpoint.Generate ? ImageResponseJson : ScriptedResponse.JobResponseJson));
        using var client = TestClients.Create(server.Address);

        await GenerateOrSubmitAsync(client, endpoint, [ReferenceImage.FromBytes(SampleFiles.Png), ReferenceImage.FromStream(new NonSeekableStream(SampleFiles.Png))]);

        var request = Assert.Single(server.Requests);
        Assert.Null(request.Header("Content-Length"));
        Assert.Equal("chunked", request.Header("Transfer-Encoding"));
        Assert.Equal([SampleFiles.Png, SampleFiles.Png], ReadReferences(request).Select(static reference => reference.GetProperty("data_base64").GetBytesFromBase64()));
    }

    [Theory]
    [InlineData("FFD8FFE000104A464946", "photo.png", null, "image/jpeg")]
    [InlineData("52494646000000005745425056503820", "photo", null, "image/webp")]
    [InlineData("FFD8FFE000104A464946", "photo.png", "image/x-own", "image/x-own")]
    [InlineData("00112233", "photo.WEBP", null, "image/webp")]
    [InlineData("00112233", "photo", null, "application/octet-stream")]
    public async Task Mime_type_comes_from_argument_then_signature_then_extension(string hex, string name, string? mimeType, string expectedType)
    {
        await using var server = RespondingWith(CreateResponse(ImageResponseJson), CreateResponse(ScriptedResponse.JobResponseJson));
        using var client = TestClients.Create(server.Address);
        var path = Path.Combine(_directory, name);
        await File.WriteAllBytesAsync(path, Convert.FromHexString(hex));

        await GenerateOrSubmitAsync(client, Endpoint.Generate, [ReferenceImage.FromFile(path, mimeType)]);
        await GenerateOrSubmitAsync(client, Endpoint.Submit, [ReferenceImage.FromFile(path, mimeType)]);

        Assert.Equal([expectedType, expectedType], server.Requests.SelectMany(ReadReferences).Select(static reference => reference.GetProperty("mime_type").GetString()!));
    }

    [Theory]
    [InlineData(Endpoint.Generate, false)]
    [InlineData(Endpoint.Generate, true)]
    [InlineData(Endpoint.Submit, false)]
    [InlineData(Endpoint.Submit, true)]
    public async Task Retry_resends_the_file_unless_it_was_modified(Endpoint endpoint, bool isModified)
    {
        var path = Path.Combine(_directory, "photo.png");
        await File.WriteAllBytesAsync(path, SampleFiles.PngOf(300_000));
        var attempts = 0;
        await using var server = Start(async connection =>
        {
            await connection.ReadRequestAsync();
            if (isModified)
            {
                File.SetLastWriteTimeUtc(path, new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
            }

            await connection.WriteAsync(Interlocked.Increment(ref attempts) == 1 ? CreateResponse("{}", 429) : CreateResponse(endpoint == Endpoint.Generate ? ImageResponseJson : ScriptedResponse.JobResponseJson));
        });
        using var client = TestClients.Create(server.Address);

        if (isModified)
        {
            var error = await Assert.ThrowsAsync<IOException>(() => GenerateOrSubmitAsync(client, endpoint, [ReferenceImage.FromFile(path)]));
            Assert.Contains("changed", error.Message, StringComparison.Ordinal);
            Assert.Single(server.Requests);
            return;
        }

        await GenerateOrSubmitAsync(client, endpoint, [ReferenceImage.FromFile(path)]);
        Assert.Equal(2, server.Requests.Count);
        Assert.All(server.Requests, static request => Assert.Equal(SampleFiles.PngOf(300_000), Assert.Single(ReadReferences(request)).GetProperty("data_base64").GetBytesFromBase64()));
    }

    [Fact]
    public async Task One_reference_is_shared_by_concurrent_jobs()
    {
        await using var emulator = await ImageApiEmulator.StartAsync(new EmulatorOptions { DrawTinyImages = true });
        using var client = TestClients.Create(emulator);
        var path = Path.Combine(_directory, "photo.png");
        await File.WriteAllBytesAsync(path, SampleFiles.Png);
        IReadOnlyList<ReferenceImage> references = [ReferenceImage.FromFile(path), ReferenceImage.FromBytes(SampleFiles.Png)];

        var jobs = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => client.Jobs.SubmitAsync(
            new JobRequest { Input = new ImageJobInput { Prompt = $"fox {i}", ReferenceImages = references, Image = references[0], Mask = references[1] } })));

        Assert.Equal(16, jobs.Select(static job => job.Id).Distinct(StringComparer.Ordinal).Count());
    }

    private static Task GenerateOrSubmitAsync(ImageApiClient client, Endpoint endpoint, IReadOnlyList<ReferenceImage> references) => endpoint == Endpoint.Generate
        ? client.Images.GenerateAsync(new ImageRequest { Prompt = "fox", ReferenceImages = references })
        : client.Jobs.SubmitAsync(new JobRequest { Input = new ImageJobInput { Prompt = "fox", ReferenceImages = references } });

    private static List<JsonElement> ReadReferences(RawRequest request)
    {
        using var document = JsonDocument.Parse(request.Body);
        var parent = document.RootElement.TryGetProperty("input", out var input) ? input : document.RootElement;
        return [.. parent.GetProperty("reference_images").EnumerateArray().Select(static reference => reference.Clone())];
    }
}
