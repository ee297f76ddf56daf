using System.Reflection;

namespace ImageApi.Client.Extensions.AI.Tests;

/// <summary>Pipelines copy options: a copy lacks nothing.</summary>
public sealed class ImageApiImageGenerationOptionsTests
{
    private static readonly ImageApiImageGenerationOptions AllPropertiesSet = new()
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
        RequestOptions = new RequestOptions(),
        JobRun = new JobRunOptions(),
    };

    public static TheoryData<string> Properties => [.. typeof(ImageApiImageGenerationOptions).GetProperties().Select(static property => property.Name)];

    [Theory]
    [MemberData(nameof(Properties))]
    public void Clone_copies_every_property(string name)
    {
        var property = typeof(ImageApiImageGenerationOptions).GetProperty(name, BindingFlags.Public | BindingFlags.Instance)!;
        var copy = Assert.IsType<ImageApiImageGenerationOptions>(AllPropertiesSet.Clone());

        Assert.NotNull(property.GetValue(AllPropertiesSet));
        Assert.Equal(property.GetValue(AllPropertiesSet), property.GetValue(copy));
    }

    [Fact]
    public void Changing_a_clone_does_not_change_the_original()
    {
        var copy = (ImageApiImageGenerationOptions)AllPropertiesSet.Clone();

        copy.Quality = ImageQuality.Low;

        Assert.Equal(ImageQuality.High, AllPropertiesSet.Quality);
    }
}
