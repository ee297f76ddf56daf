using System.Text.Json.Nodes;

namespace ImageApi.Client.Extensions.AI.Tests;

/// <summary>Every original image is sent, or refused.</summary>
public sealed class OriginalImagesTests : IDisposable
{
    private static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3];

    private readonly Wire _wire = new();

    public static TheoryData<AIContent?> Refused =>
    [
        new TextContent("a fox"), new DataContent(Png, "video/mp4"), new UriContent("https://example.com/clip.mp4", "video/mp4"), new UriContent("ftp://example.com/fox.png", "image/png"),
        new DataContent(ReadOnlyMemory<byte>.Empty, "image/png"), null,
    ];

    public void Dispose() => _wire.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task All_of_them_are_sent_in_their_order(bool useJobs)
    {
        AIContent[] images =
        [
            new DataContent(Png, "image/png"),
            new UriContent("https://example.com/a.png?sig=1", "image/png"),
            new HostedFileContent("https://example.com/uploads/b.png"),
            new HostedFileContent("file-1") { RawRepresentation = new UploadedFile { Id = "file-1", Url = "https://example.com/uploads/c.png" } },
            new UriContent($"data:image/jpeg;base64,{Convert.ToBase64String(Png)}", "image/jpeg"),
        ];

        await (useJobs ? _wire.Jobs : _wire.Generator).EditImagesAsync(images, "the same at night");

        var sent = (useJobs ? _wire.SentInput : _wire.Sent)["reference_images"]!;
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
    public async Task Bytes_of_an_open_type_tell_it_themselves(string mediaType)
    {
        await _wire.Generator.EditImageAsync(new DataContent(Png, mediaType), "the same at night");

        Assert.Equal("image/png", (string?)_wire.Sent["reference_images"]![0]!["mime_type"]);
    }

    [Fact]
    public async Task A_link_whose_type_nobody_knows_is_sent()
    {
        await _wire.Generator.EditImagesAsync([new UriContent("https://example.com/picture?id=1", "application/octet-stream")], "the same at night");

        Assert.Equal("https://example.com/picture?id=1", (string?)_wire.Sent["reference_images"]![0]);
    }

    [Theory]
    [MemberData(nameof(Refused), DisableDiscoveryEnumeration = true)]
    public async Task What_is_no_image_is_refused(AIContent? image)
    {
        await Assert.ThrowsAnyAsync<ArgumentException>(() => _wire.Generator.GenerateAsync(new ImageGenerationRequest("fox", [image!])));

        Assert.Equal(0, _wire.Requests);
    }

    [Fact]
    public async Task A_hosted_file_without_a_link_is_refused()
    {
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => _wire.Generator.EditImagesAsync([new HostedFileContent("file-1")], "the same at night"));

        Assert.Contains("file-1", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, _wire.Requests);
    }

    [Fact]
    public async Task They_are_gone_through_once()
    {
        var times = 0;
        IEnumerable<AIContent> Once()
        {
            times++;
            yield return new DataContent(Png, "image/png");
        }

        await _wire.Jobs.GenerateAsync(new ImageGenerationRequest("fox", Once()));

        Assert.Equal(1, times);
    }
}
