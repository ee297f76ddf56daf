using System.Reflection;

namespace ImageApi.Client.Extensions.AI.Tests;

/// <summary>Pipelines copy options: a copy lacks nothing.</summary>
public sealed class ImageApiImageGenerationOptionsTests
{
    private static readonly ImageApiImageGenerationOptions All = new()
    {
        ModelId = "model",
        ImageSize = new(1, 2),
        ResponseFormat = ImageGenerationResponseFormat.Data,
        MediaType = "image/png",
        Count = 3,
        StreamingCount = 4,
        RawRepresentationFactory = _ => null,
        AdditionalProperties = new() { ["seed"] = 5 },
        Size = ImageSize.Auto,
        AspectRatio = AspectRatio.Square,
        Quality = ImageQuality.High,
        Background = ImageBackground.Opaque,
        User = "user",
        Call = new CallOptions(),
        JobWait = new JobWaitOptions(),
    };

    public static TheoryData<string> Properties => [.. typeof(ImageApiImageGenerationOptions).GetProperties().Select(static property => property.Name)];

    [Theory]
    [MemberData(nameof(Properties))]
    public void A_copy_has_what_the_original_has(string name)
    {
        var property = typeof(ImageApiImageGenerationOptions).GetProperty(name, BindingFlags.Public | BindingFlags.Instance)!;
        var copy = Assert.IsType<ImageApiImageGenerationOptions>(All.Clone());

        Assert.NotNull(property.GetValue(All));
        Assert.Equal(property.GetValue(All), property.GetValue(copy));
    }

    [Fact]
    public void A_copy_is_another_one()
    {
        var copy = (ImageApiImageGenerationOptions)All.Clone();

        copy.Quality = ImageQuality.Low;

        Assert.Equal(ImageQuality.High, All.Quality);
    }
}
