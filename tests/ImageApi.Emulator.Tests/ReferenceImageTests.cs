using System.Net;
using ImageApi.Emulator.Tests.Support;
using SkiaSharp;

namespace ImageApi.Emulator.Tests;

public sealed class ReferenceImageTests
{
    private const string SizeJson = ""","size":"400x300" """;

    [Fact]
    public async Task Inline_reference_image_is_drawn_into_the_image()
    {
        await using var client = await EmulatorTestClient.StartAsync();

        using var with = SKBitmap.Decode(await client.GenerateAndDownloadAsync("a red fox", InlineReferenceJson("reference_images", CreateMagentaPng())));
        using var without = SKBitmap.Decode(await client.GenerateAndDownloadAsync("a red fox", SizeJson));

        Assert.True(CountMagentaPixels(with) > 1000);
        Assert.Equal(0, CountMagentaPixels(without));
    }

    [Fact]
    public async Task Uploaded_reference_image_is_drawn_into_the_image()
    {
        await using var client = await EmulatorTestClient.StartAsync();
        var upload = await EmulatorTestClient.ReadJsonAsync(await client.UploadAsync(CreateMagentaPng()));

        using var image = SKBitmap.Decode(await client.GenerateAndDownloadAsync("a red fox", $$"""{{SizeJson}},"reference_images":["{{upload.GetProperty("url").GetString()}}"]"""));

        Assert.True(CountMagentaPixels(image) > 1000);
    }

    [Fact]
    public async Task Earlier_result_is_accepted_as_a_reference_image()
    {
        await using var client = await EmulatorTestClient.StartAsync();
        var earlierUrl = EmulatorTestClient.GetMediaUrl(await client.GenerateJsonAsync("first", SizeJson));

        var image = await client.GenerateAndDownloadAsync("a red fox", $$"""{{SizeJson}},"reference_images":["{{earlierUrl}}"]""");

        Assert.NotEqual(await client.GenerateAndDownloadAsync("a red fox", SizeJson), image);
    }

    [Fact]
    public async Task External_reference_URL_is_drawn_as_a_frame_and_never_requested()
    {
        await using var client = await EmulatorTestClient.StartAsync();
        await using var other = await EmulatorTestClient.StartAsync();

        var image = await client.GenerateAndDownloadAsync("a red fox", $$"""{{SizeJson}},"reference_images":["{{other.Emulator.BaseAddress}}media/x.png"]""");

        Assert.NotEqual(await client.GenerateAndDownloadAsync("a red fox", SizeJson), image);
        Assert.Equal(0, other.Emulator.Ledger.RequestCount);
    }

    [Theory]
    [InlineData("image_url")]
    [InlineData("mask")]
    public async Task Single_reference_image_of_a_job_changes_the_image(string member)
    {
        await using var client = await EmulatorTestClient.StartAsync();
        var extraJson = $$"""{{SizeJson}},"{{member}}":{"mime_type":"image/png","data_base64":"{{Convert.ToBase64String(CreateMagentaPng())}}"}""";

        var with = await GenerateJobImageAsync(client, extraJson);

        Assert.NotEqual(await GenerateJobImageAsync(client, SizeJson), with);
    }

    [Fact]
    public async Task Duplicate_reference_URL_is_drawn_once()
    {
        await using var client = await EmulatorTestClient.StartAsync();
        const string Url = "https://example.com/reference.png";

        var once = await GenerateJobImageAsync(client, $$"""{{SizeJson}},"reference_images":["{{Url}}"]""");
        var twice = await GenerateJobImageAsync(client, $$"""{{SizeJson}},"reference_images":["{{Url}}"],"reference_image_urls":["{{Url}}"]""");

        Assert.Equal(once, twice);
    }

    [Theory]
    [InlineData("""{"mime_type":"image/png","data_base64":"@@@"}""", "reference_images[0].data_base64", "invalid_base64")]
    [InlineData("""{"mime_type":"image/png"}""", "reference_images[0].data_base64", "invalid_base64")]
    [InlineData("""{"data_base64":"AAAA"}""", "reference_images[0].mime_type", "missing_required_parameter")]
    [InlineData("""{"mime_type":"text/html","data_base64":"AAAA"}""", "reference_images[0].mime_type", "invalid_value")]
    [InlineData("""{"mime_type":"image/png","data_base64":"AAAA"}""", "reference_images[0]", "invalid_image")]
    [InlineData("\"not a link\"", "reference_images[0]", "invalid_image_url")]
    [InlineData("\"file:///etc/hosts\"", "reference_images[0]", "invalid_image_url")]
    [InlineData("\"data:image/png;base64,!\"", "reference_images[0]", "invalid_base64")]
    [InlineData("\"\\ud800\"", "reference_images[0]", "invalid_value")]
    [InlineData("7", "reference_images[0]", "invalid_type")]
    public async Task Invalid_reference_image_returns_400_without_charging(string reference, string param, string code)
    {
        await using var client = await EmulatorTestClient.StartAsync();

        using var response = await client.GenerateAsync("a red fox", $$""","reference_images":[{{reference}}]""");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = await EmulatorTestClient.ReadErrorAsync(response);
        Assert.Equal((param, code), (error.GetProperty("param").GetString(), error.GetProperty("code").GetString()));
        Assert.Equal(0, client.Emulator.Ledger.ChargeCount);
    }

    [Fact]
    public async Task Emulator_URL_of_a_missing_file_is_rejected()
    {
        await using var client = await EmulatorTestClient.StartAsync();

        using var response = await client.GenerateAsync("a red fox", $$""","reference_images":["{{client.Emulator.BaseAddress}}media/file_none.png"]""");

        Assert.Equal("invalid_image_url", (await EmulatorTestClient.ReadErrorAsync(response)).GetProperty("code").GetString());
    }

    private static string InlineReferenceJson(string member, byte[] image)
        => $$"""{{SizeJson}},"{{member}}":[{"mime_type":"image/png","data_base64":"{{Convert.ToBase64String(image)}}"}]""";

    private static async Task<byte[]> GenerateJobImageAsync(EmulatorTestClient client, string extraJson)
    {
        var job = await client.SubmitJsonAsync("a red fox", extraJson);
        var completed = await client.GetJobAsync(job.GetProperty("id").GetString()!);
        return await client.Http.GetByteArrayAsync(completed.GetProperty("output").GetProperty("images")[0].GetProperty("url").GetString());
    }

    private static byte[] CreateMagentaPng()
    {
        using var bitmap = new SKBitmap(900, 700);
        bitmap.Erase(SKColors.Magenta);
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    private static int CountMagentaPixels(SKBitmap image)
        => image.Pixels.Count(pixel => pixel is { Red: > 245, Green: < 12, Blue: > 245 });
}
