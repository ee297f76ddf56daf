using System.Net;
using ImageApi.Emulator.Tests.Support;
using SkiaSharp;

namespace ImageApi.Emulator.Tests;

public sealed class ReferenceTests
{
    private const string Size = ""","size":"400x300" """;

    [Fact]
    public async Task Inline_reference_is_seen_in_the_picture()
    {
        await using var caller = await Caller.StartAsync();

        using var with = SKBitmap.Decode(await caller.DrawAsync("a red fox", Inline("reference_images", Magenta())));
        using var without = SKBitmap.Decode(await caller.DrawAsync("a red fox", Size));

        Assert.True(CountMagenta(with) > 1000);
        Assert.Equal(0, CountMagenta(without));
    }

    [Fact]
    public async Task Uploaded_reference_is_seen_in_the_picture()
    {
        await using var caller = await Caller.StartAsync();
        var upload = await Caller.JsonAsync(await caller.UploadAsync(Magenta()));

        using var picture = SKBitmap.Decode(await caller.DrawAsync("a red fox", $$"""{{Size}},"reference_images":["{{upload.GetProperty("url").GetString()}}"]"""));

        Assert.True(CountMagenta(picture) > 1000);
    }

    [Fact]
    public async Task Earlier_result_can_be_a_reference()
    {
        await using var caller = await Caller.StartAsync();
        var earlier = Caller.LinkOf(await caller.GenerateJsonAsync("first", Size));

        var picture = await caller.DrawAsync("a red fox", $$"""{{Size}},"reference_images":["{{earlier}}"]""");

        Assert.NotEqual(await caller.DrawAsync("a red fox", Size), picture);
    }

    [Fact]
    public async Task Foreign_link_is_drawn_as_a_frame_and_never_followed()
    {
        await using var caller = await Caller.StartAsync();
        await using var other = await Caller.StartAsync();

        var picture = await caller.DrawAsync("a red fox", $$"""{{Size}},"reference_images":["{{other.Emulator.BaseAddress}}media/x.png"]""");

        Assert.NotEqual(await caller.DrawAsync("a red fox", Size), picture);
        Assert.Equal(0, other.Emulator.Ledger.RequestCount);
    }

    [Theory]
    [InlineData("image_url")]
    [InlineData("mask")]
    public async Task Single_reference_of_a_job_is_seen(string member)
    {
        await using var caller = await Caller.StartAsync();
        var more = $$"""{{Size}},"{{member}}":{"mime_type":"image/png","data_base64":"{{Convert.ToBase64String(Magenta())}}"}""";

        var with = await JobPictureAsync(caller, more);

        Assert.NotEqual(await JobPictureAsync(caller, Size), with);
    }

    [Fact]
    public async Task Reference_named_twice_is_drawn_once()
    {
        await using var caller = await Caller.StartAsync();
        const string Link = "https://example.com/reference.png";

        var once = await JobPictureAsync(caller, $$"""{{Size}},"reference_images":["{{Link}}"]""");
        var twice = await JobPictureAsync(caller, $$"""{{Size}},"reference_images":["{{Link}}"],"reference_image_urls":["{{Link}}"]""");

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
    public async Task Wrong_reference_is_refused(string reference, string param, string code)
    {
        await using var caller = await Caller.StartAsync();

        using var response = await caller.GenerateAsync("a red fox", $$""","reference_images":[{{reference}}]""");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = await Caller.ErrorAsync(response);
        Assert.Equal((param, code), (error.GetProperty("param").GetString(), error.GetProperty("code").GetString()));
        Assert.Equal(0, caller.Emulator.Ledger.ChargeCount);
    }

    [Fact]
    public async Task Own_link_to_nothing_is_refused()
    {
        await using var caller = await Caller.StartAsync();

        using var response = await caller.GenerateAsync("a red fox", $$""","reference_images":["{{caller.Emulator.BaseAddress}}media/file_none.png"]""");

        Assert.Equal("invalid_image_url", (await Caller.ErrorAsync(response)).GetProperty("code").GetString());
    }

    private static string Inline(string member, byte[] image)
        => $$"""{{Size}},"{{member}}":[{"mime_type":"image/png","data_base64":"{{Convert.ToBase64String(image)}}"}]""";

    private static async Task<byte[]> JobPictureAsync(Caller caller, string more)
    {
        var job = await caller.SubmitJsonAsync("a red fox", more);
        var done = await caller.QueryAsync(job.GetProperty("id").GetString()!);
        return await caller.Http.GetByteArrayAsync(done.GetProperty("output").GetProperty("images")[0].GetProperty("url").GetString());
    }

    private static byte[] Magenta()
    {
        using var bitmap = new SKBitmap(900, 700);
        bitmap.Erase(SKColors.Magenta);
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    private static int CountMagenta(SKBitmap picture)
        => picture.Pixels.Count(pixel => pixel is { Red: > 245, Green: < 12, Blue: > 245 });
}
