namespace ImageApi.Client.Tests.Images;

public sealed class ImageSizeTests
{
    public static TheoryData<string, string, string, string> SizeTable => new()
    {
        { "1:1", "1024x1024", "2048x2048", "2880x2880" },
        { "3:2", "1536x1024", "2528x1696", "3520x2336" },
        { "2:3", "1024x1536", "1696x2528", "2336x3520" },
        { "4:3", "1200x896", "2400x1792", "3312x2480" },
        { "3:4", "896x1200", "1792x2400", "2480x3312" },
        { "5:4", "1152x928", "2304x1856", "3216x2576" },
        { "4:5", "928x1152", "1856x2304", "2576x3216" },
        { "16:9", "1376x768", "2752x1536", "3840x2160" },
        { "9:16", "768x1376", "1536x2752", "2160x3840" },
        { "21:9", "1584x672", "3168x1344", "3840x1648" },
    };

    [Theory]
    [MemberData(nameof(SizeTable))]
    public void Every_aspect_ratio_maps_to_its_sizes(string ratio, string oneK, string twoK, string fourK)
    {
        Assert.Equal(oneK, ImageSize.FromAspectRatio(ratio, ImageResolution.OneK).Value);
        Assert.Equal(twoK, ImageSize.FromAspectRatio(ratio, ImageResolution.TwoK).Value);
        Assert.Equal(fourK, ImageSize.FromAspectRatio(ratio, ImageResolution.FourK).Value);
    }

    [Theory]
    [MemberData(nameof(SizeTable))]
    public void Every_size_in_the_table_passes_validation(string ratio, string oneK, string twoK, string fourK)
    {
        Assert.NotEmpty(ratio);
        Assert.All([oneK, twoK, fourK], static size => Assert.True(new ImageSize(size).TryValidate(out _)));
    }

    [Theory]
    [InlineData("7:5")]
    [InlineData("auto")]
    public void Unsupported_aspect_ratio_throws_ArgumentException(string ratio) =>
        Assert.Throws<ArgumentException>(nameof(ratio), () => ImageSize.FromAspectRatio(ratio, ImageResolution.OneK));

    [Theory]
    [InlineData("auto")]
    [InlineData("AUTO")]
    [InlineData("1024X1024")]
    [InlineData("3840x2160")]
    [InlineData("3840x1280")]
    [InlineData("1024x640")]
    public void Valid_size_passes_validation(string size)
    {
        Assert.True(new ImageSize(size).TryValidate(out var error));
        Assert.Null(error);
    }

    [Theory]
    [InlineData("1000x1024", "divisible by 16")]
    [InlineData("3856x2160", "3840")]
    [InlineData("3840x1264", "3:1")]
    [InlineData("1008x640", "655360")]
    [InlineData("3840x2176", "8294400")]
    [InlineData("2147483632x2147483632", "3840")]
    [InlineData("big", "WIDTHxHEIGHT")]
    [InlineData("1024", "WIDTHxHEIGHT")]
    [InlineData("-16x16", "WIDTHxHEIGHT")]
    [InlineData("0x0", "WIDTHxHEIGHT")]
    [InlineData("1024x1024x1024", "WIDTHxHEIGHT")]
    [InlineData("99999999999x16", "WIDTHxHEIGHT")]
    public void Validation_error_names_the_violated_rule(string size, string expectedError)
    {
        Assert.False(new ImageSize(size).TryValidate(out var error));
        Assert.Contains(expectedError, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Width_and_height_are_parsed() => Assert.Equal((2752, 1536), (ImageSize.Landscape2K.Width, ImageSize.Landscape2K.Height));

    [Fact]
    public void Auto_has_no_width_or_height() => Assert.True(ImageSize.Auto is { Width: null, Height: null });

    [Fact]
    public void Size_is_formatted_from_width_and_height() => Assert.Equal("2752x1536", new ImageSize(2752, 1536).Value);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, -1)]
    public void Width_or_height_below_one_throws(int width, int height) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageSize(width, height));
}
