using ImageApi.Emulator.Tests.Support;
using SkiaSharp;

namespace ImageApi.Emulator.Tests;

public sealed class PictureTests
{
    [Fact]
    public async Task Same_prompt_gives_the_same_picture_at_another_emulator()
    {
        await using var first = await Caller.StartAsync();
        await using var second = await Caller.StartAsync();

        Assert.Equal(await first.DrawAsync("a red fox"), await second.DrawAsync("a red fox"));
    }

    [Fact]
    public async Task Other_prompts_give_other_pictures()
    {
        await using var caller = await Caller.StartAsync();
        var pictures = new HashSet<string>();

        for (var prompt = 0; prompt < 30; prompt++)
        {
            pictures.Add(Convert.ToHexString(await caller.DrawAsync($"prompt {prompt}", ""","size":"48x48" """)));
        }

        Assert.Equal(30, pictures.Count);
    }

    [Fact]
    public async Task Pictures_are_rich_in_colours()
    {
        await using var caller = await Caller.StartAsync();

        for (var prompt = 0; prompt < 24; prompt++)
        {
            using var picture = SKBitmap.Decode(await caller.DrawAsync($"study {prompt}", ""","size":"320x200" """));
            Assert.True(picture.Pixels.Distinct().Count() > 60, $"study {prompt}");
        }
    }

    [Theory]
    [InlineData("png")]
    [InlineData("webp")]
    public async Task Transparent_background_leaves_the_corners_empty(string format)
    {
        await using var caller = await Caller.StartAsync();

        using var picture = SKBitmap.Decode(await caller.DrawAsync("a red fox", $$""","size":"400x300","background":"transparent","output_format":"{{format}}" """));

        Assert.Equal(0, picture.GetPixel(1, 1).Alpha);
        Assert.Equal(255, picture.GetPixel(200, 150).Alpha);
    }

    [Fact]
    public async Task Transparent_jpeg_is_white_where_it_cannot_be_empty()
    {
        await using var caller = await Caller.StartAsync();

        using var picture = SKBitmap.Decode(await caller.DrawAsync("a red fox", ""","size":"400x300","background":"transparent","output_format":"jpeg" """));

        Assert.Equal(SKColors.White, picture.GetPixel(1, 1));
    }

    [Fact]
    public async Task Opaque_picture_is_opaque_everywhere()
    {
        await using var caller = await Caller.StartAsync();

        using var picture = SKBitmap.Decode(await caller.DrawAsync("a red fox", ""","size":"200x150" """));

        Assert.All(picture.Pixels, pixel => Assert.Equal(255, pixel.Alpha));
    }

    [Theory]
    [InlineData("生成一张产品海报,白色背景,商业摄影风格")]
    [InlineData("👩‍👩‍👧 ☃ \\u0000\\u0007 \\u202e x")]
    [InlineData("مرحبا بالعالم")]
    public async Task Prompt_in_any_script_is_drawn(string prompt)
    {
        await using var caller = await Caller.StartAsync();

        Assert.Equal((256, 256), PngChunks.Size(await caller.DrawAsync(prompt, ""","size":"256x256" """)));
    }

    [Fact]
    public async Task Very_long_prompt_is_drawn()
    {
        await using var caller = await Caller.StartAsync();

        Assert.Equal((256, 256), PngChunks.Size(await caller.DrawAsync(new string('w', 32000), ""","size":"256x256" """)));
    }

    [Fact]
    public async Task Caption_of_an_own_font_file_that_is_missing_does_no_harm()
    {
        await using var caller = await Caller.StartAsync(Caller.Quick(options => options.FontPath = "no-such-font.ttf"));

        Assert.Equal((256, 256), PngChunks.Size(await caller.DrawAsync("a red fox", ""","size":"256x256" """)));
    }

    [Fact]
    public async Task Tiny_pictures_are_tiny_valid_and_different()
    {
        await using var caller = await Caller.StartAsync(Caller.Quick(options => options.DrawTinyPictures = true));

        var (first, second) = (await caller.DrawAsync("one"), await caller.DrawAsync("two"));

        Assert.Equal((4, 4), PngChunks.Size(first));
        Assert.NotEqual(first, second);
        Assert.Equal(first, await caller.DrawAsync("one"));
    }
}
