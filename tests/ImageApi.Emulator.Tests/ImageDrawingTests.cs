using ImageApi.Emulator.Tests.Support;
using SkiaSharp;

namespace ImageApi.Emulator.Tests;

public sealed class ImageDrawingTests
{
    [Fact]
    public async Task Two_emulators_draw_the_same_image_for_the_same_prompt()
    {
        await using var first = await EmulatorTestClient.StartAsync();
        await using var second = await EmulatorTestClient.StartAsync();

        Assert.Equal(await first.GenerateAndDownloadAsync("a red fox"), await second.GenerateAndDownloadAsync("a red fox"));
    }

    [Fact]
    public async Task Different_prompts_draw_different_images()
    {
        await using var client = await EmulatorTestClient.StartAsync();
        var images = new HashSet<string>();

        for (var prompt = 0; prompt < 30; prompt++)
        {
            images.Add(Convert.ToHexString(await client.GenerateAndDownloadAsync($"prompt {prompt}", ""","size":"48x48" """)));
        }

        Assert.Equal(30, images.Count);
    }

    [Fact]
    public async Task Images_contain_many_colors()
    {
        await using var client = await EmulatorTestClient.StartAsync();

        for (var prompt = 0; prompt < 24; prompt++)
        {
            using var image = SKBitmap.Decode(await client.GenerateAndDownloadAsync($"study {prompt}", ""","size":"320x200" """));
            Assert.True(image.Pixels.Distinct().Count() > 60, $"study {prompt}");
        }
    }

    [Theory]
    [InlineData("png")]
    [InlineData("webp")]
    public async Task Transparent_background_has_transparent_corners(string format)
    {
        await using var client = await EmulatorTestClient.StartAsync();

        using var image = SKBitmap.Decode(await client.GenerateAndDownloadAsync("a red fox", $$""","size":"400x300","background":"transparent","output_format":"{{format}}" """));

        Assert.Equal(0, image.GetPixel(1, 1).Alpha);
        Assert.Equal(255, image.GetPixel(200, 150).Alpha);
    }

    [Fact]
    public async Task Transparent_JPEG_uses_white_instead_of_transparency()
    {
        await using var client = await EmulatorTestClient.StartAsync();

        using var image = SKBitmap.Decode(await client.GenerateAndDownloadAsync("a red fox", ""","size":"400x300","background":"transparent","output_format":"jpeg" """));

        Assert.Equal(SKColors.White, image.GetPixel(1, 1));
    }

    [Fact]
    public async Task Opaque_image_has_no_transparent_pixels()
    {
        await using var client = await EmulatorTestClient.StartAsync();

        using var image = SKBitmap.Decode(await client.GenerateAndDownloadAsync("a red fox", ""","size":"200x150" """));

        Assert.All(image.Pixels, pixel => Assert.Equal(255, pixel.Alpha));
    }

    [Theory]
    [InlineData("生成一张产品海报,白色背景,商业摄影风格")]
    [InlineData("👩‍👩‍👧 ☃ \\u0000\\u0007 \\u202e x")]
    [InlineData("مرحبا بالعالم")]
    public async Task Prompt_in_any_script_produces_an_image(string prompt)
    {
        await using var client = await EmulatorTestClient.StartAsync();

        Assert.Equal((256, 256), PngChunks.ReadSize(await client.GenerateAndDownloadAsync(prompt, ""","size":"256x256" """)));
    }

    [Fact]
    public async Task Very_long_prompt_produces_an_image()
    {
        await using var client = await EmulatorTestClient.StartAsync();

        Assert.Equal((256, 256), PngChunks.ReadSize(await client.GenerateAndDownloadAsync(new string('w', 32000), ""","size":"256x256" """)));
    }

    [Fact]
    public async Task Missing_font_file_does_not_prevent_drawing()
    {
        await using var client = await EmulatorTestClient.StartAsync(EmulatorTestClient.CreateFastOptions(options => options.FontPath = "no-such-font.ttf"));

        Assert.Equal((256, 256), PngChunks.ReadSize(await client.GenerateAndDownloadAsync("a red fox", ""","size":"256x256" """)));
    }

    [Fact]
    public async Task Tiny_images_are_4x4_and_differ_by_prompt()
    {
        await using var client = await EmulatorTestClient.StartAsync(EmulatorTestClient.CreateFastOptions(options => options.DrawTinyImages = true));

        var (first, second) = (await client.GenerateAndDownloadAsync("one"), await client.GenerateAndDownloadAsync("two"));

        Assert.Equal((4, 4), PngChunks.ReadSize(first));
        Assert.NotEqual(first, second);
        Assert.Equal(first, await client.GenerateAndDownloadAsync("one"));
    }
}
