using System.Text.Json.Nodes;

namespace ImageApi.Client.Extensions.AI.Tests;

/// <summary>Every original image is sent, or refused.</summary>
public sealed class ReferenceImageMapperTests : IDisposable
{
    private static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3];

    private readonly WireMockFixture _server = new();

    public static TheoryData<AIContent?> UnsupportedContents =>
    [
        new TextContent("a fox"), new DataContent(Png, "video/mp4"), new UriContent("https://example.com/clip.mp4", "video/mp4"), new UriContent("ftp://example.com/fox.png", "image/png"),
        new DataContent(ReadOnlyMemory<byte>.Empty, "image/png"), null,
    ];

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task All_original_images_are_sent_in_order(bool useJobs)
    {
        AIContent[] images =
        [
            new DataContent(Png, "image/png"),
            new UriContent("https://example.com/a.png?sig=1", "image/png"),
            new HostedFileContent("https://example.com/uploads/b.png"),
            new HostedFileContent("file-1") { RawRepresentation = new UploadedFile { Id = "file-1", Url = "https://example.com/uploads/c.png" } },
            new UriContent($"data:image/jpeg;base64,{Convert.ToBase64String(Png)}", "image/jpeg"),
        ];

        await (useJobs ? _server.JobGenerator : _server.Generator).EditImagesAsync(images, "the same at night");

        var sent = (useJobs ? _server.FirstJobInput : _server.FirstRequestBody)["reference_images"]!;
        var expected = JsonNode.Parse(
            $$"""
            [ { "mime_type": "image/png", "data_base64": "{{Convert.ToBase64String(Png)}}" }, "https://example.com/a.png?sig=1", "https://example.com/uploads/b.png",
              "https://example.com/uploads/c.png", { "mime_type": "image/jpeg", "data_base64": "{{Convert.ToBase64String(Png)}}" } ]
            """);
        Assert.True(JsonNode.DeepEquals(expected, sent), sent.ToJsonString());
    }

    [Theory]
    [InlineData("application/octet-stream")]
    [InlineData("image/*")]
    [InlineData("image/png; charset=binary")]
    public async Task Media_type_of_untyped_bytes_is_detected_from_the_content(string mediaType)
    {
        await _server.Generator.EditImageAsync(new DataContent(Png, mediaType), "the same at night");

        Assert.Equal("image/png", (string?)_server.FirstRequestBody["reference_images"]![0]!["mime_type"]);
    }

    [Fact]
    public async Task URL_with_unknown_media_type_is_sent()
    {
        await _server.Generator.EditImagesAsync([new UriContent("https://example.com/picture?id=1", "application/octet-stream")], "the same at night");

        Assert.Equal("https://example.com/picture?id=1", (string?)_server.FirstRequestBody["reference_images"]![0]);
    }

    [Theory]
    [MemberData(nameof(UnsupportedContents), DisableDiscoveryEnumeration = true)]
    public async Task Non_image_content_is_rejected(AIContent? image)
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => _server.Generator.GenerateAsync(new ImageGenerationRequest("fox", [image!])));

        Assert.Equal(0, _server.RequestCount);
    }

    [Fact]
    public async Task Hosted_file_without_URL_is_rejected()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(() => _server.Generator.EditImagesAsync([new HostedFileContent("file-1")], "the same at night"));

        Assert.Contains("file-1", exception.Message, StringComparison.Ordinal);
        Assert.Equal(0, _server.RequestCount);
    }

    [Fact]
    public async Task Original_images_are_enumerated_once()
    {
        var enumerations = 0;
        IEnumerable<AIContent> ImagesEnumeratedOnce()
        {
            enumerations++;
            yield return new DataContent(Png, "image/png");
        }

        await _server.JobGenerator.GenerateAsync(new ImageGenerationRequest("fox", ImagesEnumeratedOnce()));

        Assert.Equal(1, enumerations);
    }
}
