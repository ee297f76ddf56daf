using System.Text.Json;
using System.Text.Json.Serialization;

namespace ImageApi.Client.Tests.Serialization;

public sealed partial class OpenWordTests
{
    public static TheoryData<string, string> Known => new()
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

    public static TheoryData<string> Bad => ["", " ", "a\nb", "a\0b", new string('x', 257)];

    [Theory]
    [MemberData(nameof(Known))]
    public void A_known_word_is_spelled_as_documented(string word, string spelling) => Assert.Equal(spelling, word);

    [Fact]
    public void Words_are_equal_whatever_their_case()
    {
        Assert.Equal(new ImageQuality("HIGH"), ImageQuality.High);
        Assert.Equal(new ImageQuality("HIGH").GetHashCode(), ImageQuality.High.GetHashCode());
        Assert.NotEqual(new ImageQuality("ultra"), ImageQuality.High);
    }

    [Fact]
    public void A_word_keeps_its_own_spelling() => Assert.Equal("HIGH", new ImageQuality("HIGH").ToString());

    [Fact]
    public void No_word_is_an_empty_text() => Assert.Equal("", default(ImageQuality).Value);

    [Theory]
    [MemberData(nameof(Bad))]
    public void What_is_no_word_is_refused(string text)
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
    public void Half_of_a_surrogate_pair_is_no_word()
    {
        Assert.Throws<ArgumentException>(() => new ImageSize("half \ud83d"));
        Assert.Throws<ArgumentException>(() => new ImageSize("\udc00 half"));
        Assert.Equal("\ud83e\udd8a", new ImageSize("\ud83e\udd8a").Value);
    }

    [Fact]
    public void Words_travel_through_source_generated_json()
    {
        var words = new Words
        {
            Quality = ImageQuality.High, Format = ImageOutputFormat.Webp, Background = ImageBackground.Opaque, Response = ImageResponseFormat.Base64,
            Size = ImageSize.Landscape2K, Ratio = AspectRatio.Square, Status = "Hibernating", Kind = FileKind.Video, Purpose = "mask",
        };

        var json = JsonSerializer.Serialize(words, WordsContext.Default.Words);

        Assert.Equal(
            """{"Quality":"high","Format":"webp","Background":"opaque","Response":"b64_json","Size":"2752x1536","Ratio":"1:1","Status":"Hibernating","Kind":"video","Purpose":"mask"}""",
            json);
        Assert.Equal(words, JsonSerializer.Deserialize(json, WordsContext.Default.Words));
    }

    [Fact]
    public void A_number_is_no_word() =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize("""{ "Quality": 7 }""", WordsContext.Default.Words));

    [Fact]
    public void An_empty_text_is_no_word() =>
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize("""{ "Quality": "" }""", WordsContext.Default.Words));

    internal sealed record Words
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

    [JsonSerializable(typeof(Words))]
    private sealed partial class WordsContext : JsonSerializerContext;
}
