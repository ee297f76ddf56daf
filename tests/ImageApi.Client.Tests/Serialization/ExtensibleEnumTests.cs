using System.Text.Json;
using System.Text.Json.Serialization;

namespace ImageApi.Client.Tests.Serialization;

public sealed partial class ExtensibleEnumTests
{
    public static TheoryData<string, string> KnownValues => new()
    {
        { ImageQuality.Auto.Value, "auto" }, { ImageQuality.Low.Value, "low" }, { ImageQuality.Medium.Value, "medium" }, { ImageQuality.High.Value, "high" },
        { ImageOutputFormat.Png.Value, "png" }, { ImageOutputFormat.Jpeg.Value, "jpeg" }, { ImageOutputFormat.Webp.Value, "webp" },
        { ImageBackground.Auto.Value, "auto" }, { ImageBackground.Opaque.Value, "opaque" }, { ImageBackground.Transparent.Value, "transparent" },
        { ImageResponseFormat.Url.Value, "url" }, { ImageResponseFormat.Base64.Value, "b64_json" },
        { FileKind.Image.Value, "image" }, { FileKind.Video.Value, "video" }, { FileKind.Audio.Value, "audio" },
        { FilePurpose.Reference.Value, "reference" }, { JobStatus.Processing.Value, "processing" },
        { AspectRatio.Square.Value, "1:1" }, { AspectRatio.Landscape3X2.Value, "3:2" }, { AspectRatio.Portrait2X3.Value, "2:3" },
        { AspectRatio.Landscape4X3.Value, "4:3" }, { AspectRatio.Portrait3X4.Value, "3:4" }, { AspectRatio.Landscape5X4.Value, "5:4" },
        { AspectRatio.Portrait4X5.Value, "4:5" }, { AspectRatio.Landscape16X9.Value, "16:9" }, { AspectRatio.Portrait9X16.Value, "9:16" },
        { AspectRatio.Landscape21X9.Value, "21:9" },
        { ImageSize.Auto.Value, "auto" }, { ImageSize.Square1K.Value, "1024x1024" }, { ImageSize.Landscape2K.Value, "2752x1536" },
    };

    public static TheoryData<string> InvalidValues => ["", " ", "a\nb", "a\0b", new string('x', 257)];

    [Theory]
    [MemberData(nameof(KnownValues))]
    public void Known_value_is_spelled_as_documented(string value, string spelling) => Assert.Equal(spelling, value);

    [Fact]
    public void Values_are_equal_ignoring_case()
    {
        Assert.Equal(new ImageQuality("HIGH"), ImageQuality.High);
        Assert.Equal(new ImageQuality("HIGH").GetHashCode(), ImageQuality.High.GetHashCode());
        Assert.NotEqual(new ImageQuality("ultra"), ImageQuality.High);
    }

    [Fact]
    public void Value_keeps_its_original_spelling() => Assert.Equal("HIGH", new ImageQuality("HIGH").ToString());

    [Fact]
    public void Default_value_is_an_empty_string() => Assert.Equal("", default(ImageQuality).Value);

    [Theory]
    [MemberData(nameof(InvalidValues))]
    public void Invalid_value_throws_ArgumentException(string text)
    {
        Assert.Throws<ArgumentException>(() => new ImageQuality(text));
        Assert.Throws<ArgumentException>(() => new ImageOutputFormat(text));
        Assert.Throws<ArgumentException>(() => new ImageBackground(text));
        Assert.Throws<ArgumentException>(() => new ImageResponseFormat(text));
        Assert.Throws<ArgumentException>(() => new ImageSize(text));
        Assert.Throws<ArgumentException>(() => new AspectRatio(text));
        Assert.Throws<ArgumentException>(() => new JobStatus(text));
        Assert.Throws<ArgumentException>(() => new FileKind(text));
        Assert.Throws<ArgumentException>(() => new FilePurpose(text));
    }

    [Fact]
    public void Unpaired_surrogate_throws_ArgumentException()
    {
        Assert.Throws<ArgumentException>(() => new ImageSize("half \ud83d"));
        Assert.Throws<ArgumentException>(() => new ImageSize("\udc00 half"));
        Assert.Equal("\ud83e\udd8a", new ImageSize("\ud83e\udd8a").Value);
    }

    [Fact]
    public void Null_string_converts_to_null()
    {
        string? none = null;
        ImageQuality? quality = none;
        ImageOutputFormat? outputFormat = none;
        ImageBackground? background = none;
        ImageResponseFormat? responseFormat = none;
        ImageSize? size = none;
        AspectRatio? ratio = none;
        JobStatus? status = none;
        FileKind? kind = none;
        FilePurpose? purpose = none;

        Assert.All(new object?[] { quality, outputFormat, background, responseFormat, size, ratio, status, kind, purpose }, Assert.Null);
    }

    [Fact]
    public void String_converts_to_a_nullable_value()
    {
        ImageQuality? quality = "high";
        ImageOutputFormat? outputFormat = "webp";
        ImageBackground? background = "opaque";
        ImageResponseFormat? responseFormat = "url";
        ImageSize? size = "1024x1024";
        AspectRatio? ratio = "1:1";
        JobStatus? status = "processing";
        FileKind? kind = "image";
        FilePurpose? purpose = "reference";

        Assert.Equal("high webp opaque url 1024x1024 1:1 processing image reference", $"{quality} {outputFormat} {background} {responseFormat} {size} {ratio} {status} {kind} {purpose}");
    }

    [Theory]
    [InlineData(true, "high")]
    [InlineData(false, null)]
    public void Conditional_without_a_value_leaves_a_property_null(bool isHigh, string? expected)
    {
        var request = new ImageRequest { Prompt = "a red fox", Quality = isHigh ? ImageQuality.High : null, Size = "1024x1024", OutputFormat = null, Background = "opaque" };
        var input = new ImageJobInput { Prompt = "a red fox", Quality = isHigh ? ImageQuality.High : null, AspectRatio = isHigh ? AspectRatio.Square : null };

        Assert.Equal((expected, expected, isHigh), (request.Quality?.Value, input.Quality?.Value, input.AspectRatio is not null));
        Assert.Equal(("1024x1024", false, "opaque"), (request.Size.Value, request.OutputFormat.HasValue, request.Background?.Value));
    }

    [Fact]
    public void Values_round_trip_through_source_generated_JSON()
    {
        var record = new EnumRecord
        {
            Quality = ImageQuality.High, Format = ImageOutputFormat.Webp, Background = ImageBackground.Opaque, Response = ImageResponseFormat.Base64,
            Size = ImageSize.Landscape2K, Ratio = AspectRatio.Square, Status = "Hibernating", Kind = FileKind.Video, Purpose = "mask",
        };

        var json = JsonSerializer.Serialize(record, EnumRecordContext.Default.EnumRecord);

        Assert.Equal(
            """{"Quality":"high","Format":"webp","Background":"opaque","Response":"b64_json","Size":"2752x1536","Ratio":"1:1","Status":"Hibernating","Kind":"video","Purpose":"mask"}""",
            json);
        Assert.Equal(record, JsonSerializer.Deserialize(json, EnumRecordContext.Default.EnumRecord));
    }

    [Fact]
    public void JSON_number_throws_JsonException() =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize("""{ "Quality": 7 }""", EnumRecordContext.Default.EnumRecord));

    [Fact]
    public void Empty_JSON_string_throws_JsonException() =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize("""{ "Quality": "" }""", EnumRecordContext.Default.EnumRecord));

    internal sealed record EnumRecord
    {
        public ImageQuality Quality { get; init; }

        public ImageOutputFormat Format { get; init; }

        public ImageBackground Background { get; init; }

        public ImageResponseFormat Response { get; init; }

        public ImageSize Size { get; init; }

        public AspectRatio Ratio { get; init; }

        public JobStatus Status { get; init; }

        public FileKind Kind { get; init; }

        public FilePurpose Purpose { get; init; }
    }

    [JsonSerializable(typeof(EnumRecord))]
    private sealed partial class EnumRecordContext : JsonSerializerContext;
}
