using System.Runtime.InteropServices;
using System.Text;
using FsCheck.Fluent;
using ImageApi.Client.Buffers;
using ImageApi.Client.Jobs.Internal;
using ImageApi.Client.Media.Extraction;

namespace ImageApi.Client.Tests.Media;

public sealed class Base64MediaExtractorTests
{
    public static TheoryData<string> JsonSamples =>
    [
        """{"data":[{"b64_json":"AQIDBAUG"}]}""",
        """{"data":[{"b64_json":"AQIDBA=="},{"b64_json":"AQIDBAU="},{"data_base64":"AQIDBAUG"}]}""",
        """{"data":[{"b64_json":"AQIDBA"}]}""",
        """{ "b64_json" : "AQ\/D\u002B\u002fFH\n AQ\r\n\tID" , "x" : "b64_json" }""",
        """{"url":"data:image/png;base64,AQIDBAUG","b64_json":"data:image\/jpeg;base64,AQ\/D"}""",
        """{"url":"DATA:Image/PNG;charset=x;BASE64,AQID","text":"data:,no","long":"data:text/plain;charset=utf-8,this is not base64 at all and goes on"}""",
        """{"a":"dat","b":"data","c":"data:","d":"\"data:image/png;base64,AQID","b64_json":"data"}""",
        """{"b64_json":"","data_base64":null,"b64_json ":"AQID","B64_JSON":"AQID","x":["b64_json","AQID"]}""",
        """{"b64_json":"not base64! \" \\ \u0041","id":"a"}""",
        """{"b64_json":"AQ==AQ==","data_base64":"A","b64_json":"\u00e9","id":"a\\"}""",
        """{"escaped\"name":"x","b64_json\\":"AQID","very_long_name_that_is_longer_than_any_word":"very_long_value_that_is_longer_than_any_word"}""",
        """{"data":[null,{"b64_json":"AQID","revised_prompt":"a \"b64_json\": fox 生成🦊"}],"b64_json":"AQ""",
    ];

    [Theory]
    [MemberData(nameof(JsonSamples))]
    public void P11_one_split_anywhere_gives_the_same_result(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var expected = Describe(bytes, []);

        for (var split = 0; split <= bytes.Length; split++)
        {
            Assert.Equal(expected, Describe(bytes, [split]));
        }
    }

    [Theory]
    [MemberData(nameof(JsonSamples))]
    public void T13_single_byte_chunks_give_the_same_result(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);

        Assert.Equal(Describe(bytes, []), Describe(bytes, Enumerable.Range(0, bytes.Length)));
    }

    [Fact]
    public void P11_any_splits_of_any_response_give_the_same_result() => Property.Holds(
        from seed in Gen.Choose(0, int.MaxValue)
        from splits in Gen.Choose(0, 400).ListOf()
        select (seed, splits),
        static sample =>
        {
            var bytes = SampleResponses.Corrupt(sample.seed);
            Assert.Equal(Describe(bytes, []), Describe(bytes, sample.splits.Where(split => split <= bytes.Length).Order()));
        });

    [Theory]
    [InlineData("AQIDBAUG", "010203040506")]
    [InlineData("AQIDBA==", "01020304")]
    [InlineData("AQIDBA", "01020304")]
    [InlineData("AQIDBAU", "0102030405")]
    [InlineData("AQ ID\\r\\n\\tBA= =", "01020304")]
    [InlineData("\\/\\/\\u002B\\u002b", "FFFFBE")]
    [InlineData("\\u002f\\u002FAA", "FFF000")]
    [InlineData("data:image/png;base64,AQID", "010203")]
    [InlineData("data:image\\/png;base64,AQID", "010203")]
    [InlineData("data:;base64,AQID", "010203")]
    [InlineData("data", "75AB5A")]
    [InlineData("DATA", "0C04C0")]
    public void Decodes_base64_variants(string text, string hex) =>
        Assert.Equal(hex, Convert.ToHexString(ResponseParsing.ParseImages($$"""{ "data": [ { "b64_json": "{{text}}" } ] }""").Images[0].Data!.Value.Span));

    [Theory]
    [InlineData("A")]
    [InlineData("AQIDB")]
    [InlineData("====")]
    [InlineData("AQ=D")]
    [InlineData("AQ==AQ==")]
    [InlineData("AQID-_-_")]
    [InlineData("AQ\\u00e9D")]
    [InlineData("AQ\\bD")]
    [InlineData("AQ\\\"D")]
    [InlineData("AQ\\\\D")]
    [InlineData("data:image/png,AQID")]
    public void Invalid_base64_is_skipped_and_the_rest_is_parsed(string text)
    {
        var job = ResponseParsing.ParseJob($$"""{ "output": { "images": [ { "b64_json": "{{text}}" } ] }, "id": "job_1" }""");

        Assert.Equal("job_1", job.Id);
        Assert.NotNull(Assert.Single(job.Output.Images).Error);
    }

    [Fact]
    public void Extracts_several_images_in_order()
    {
        var images = ResponseParsing.ParseImages("""{ "data": [ { "b64_json": "AQ==" }, { "url": "https://e.x/a" }, { "b64_json": "Ag==" } ] }""").Images;

        Assert.Equal((1, 2), (images[0].Data!.Value.Span[0], images[2].Data!.Value.Span[0]));
    }

    [Theory]
    [InlineData("""{ "data": [ { "url": "lifted:0" }, { "b64_json": "AQID" } ] }""")]
    [InlineData("""{ "data": [ { "b64_json": "AQID", "url": "lifted:0" } ] }""")]
    [InlineData("""{ "data": [ "lifted:0", "lifted:-1", "lifted:99999999999", "lifted:", { "b64_json": "AQID" } ] }""")]
    public void Ignores_placeholders_sent_by_the_server(string json) => Assert.Single(ResponseParsing.ParseImages(json).Images);

    [Fact]
    public void E6_extracts_a_thousand_media_items() => Assert.Equal(1000, ResponseParsing.ParseImages(ImagesJson(1000)).Images.Count);

    [Fact]
    public void E6_rejects_more_than_a_thousand_media_items() =>
        Assert.Throws<SizeLimitException>(() => ResponseParsing.ParseImages(ImagesJson(1001)));

    [Theory]
    [InlineData(9, null)]
    [InlineData(10, "LimitExceeded")]
    [InlineData(11, "LimitExceeded")]
    [InlineData(1000, "LimitExceeded")]
    public void E1_accepts_a_media_item_up_to_the_size_limit(int length, string? expectedReason)
    {
        var json = Encoding.UTF8.GetBytes($$"""{ "data": [ { "b64_json": "{{Convert.ToBase64String(new byte[length])}}" } ] }""");

        var exception = Record.Exception(() => ResponseParsing.Extract(json, [], maxMediaBytes: 9).Dispose());

        Assert.Equal(expectedReason, ResponseParsing.ReasonOf(exception));
    }

    [Theory]
    [InlineData(100, null)]
    [InlineData(101, "LimitExceeded")]
    public void E1_accepts_json_text_up_to_the_text_limit(int length, string? expectedReason)
    {
        var json = Encoding.UTF8.GetBytes("[" + new string(' ', length - 2) + "]");

        var exception = Record.Exception(() => ResponseParsing.Extract(json, [], maxTextBytes: 100).Dispose());

        Assert.Equal(expectedReason, ResponseParsing.ReasonOf(exception));
    }

    [Fact]
    public void Media_data_does_not_count_toward_the_text_limit()
    {
        var json = Encoding.UTF8.GetBytes($$"""{"b64_json":"{{new string('A', 4000)}}"}""");

        using var extracted = ResponseParsing.Extract(json, [], maxTextBytes: 100);

        Assert.Equal(3000, Assert.Single(extracted.Unclaimed).Sink.Length);
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(5L)]
    [InlineData(1_000_000_000_000L)]
    public void Wrong_content_length_does_not_break_extraction(long contentLength)
    {
        using var extracted = ResponseParsing.Extract("""{"b64_json":"AQIDBAUG"}"""u8.ToArray(), [10], contentLength: contentLength);

        Assert.Equal(6, Assert.Single(extracted.Unclaimed).Sink.Length);
    }

    [Fact]
    public void E1_large_content_length_does_not_overallocate_small_items()
    {
        using var extracted = ResponseParsing.Extract(Encoding.UTF8.GetBytes(ImagesJson(40)), [100], maxMediaBytes: 256 * 1024 * 1024, contentLength: 60_000_000);

        Assert.Equal(40, extracted.Unclaimed.Count());
        Assert.InRange(extracted.Unclaimed.Sum(static item => (long)AllocatedLength(item)), 1, 1024 * 1024);
    }

    [Fact]
    public void Media_item_with_known_content_length_fits_its_array()
    {
        var json = Encoding.UTF8.GetBytes($$"""{"b64_json":"{{new string('A', 4_000_000)}}"}""");

        using var extracted = ResponseParsing.Extract(json, Enumerable.Range(1, 40).Select(static piece => piece * 100_000), maxMediaBytes: 256 * 1024 * 1024, contentLength: json.Length);

        Assert.InRange(AllocatedLength(Assert.Single(extracted.Unclaimed)), 3_000_000, 3_000_100);
    }

    [Theory]
    [InlineData(10, null)]
    [InlineData(11, "LimitExceeded")]
    public void E1_total_media_size_is_limited_to_ten_maximum_items(int count, string? expectedReason)
    {
        var itemJson = $$"""{"b64_json":"{{Convert.ToBase64String(new byte[9])}}"}""";
        var json = Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat(itemJson, count))}]");

        var exception = Record.Exception(() => ResponseParsing.Extract(json, [], maxMediaBytes: 9).Dispose());

        Assert.Equal(expectedReason, ResponseParsing.ReasonOf(exception));
    }

    [Fact]
    public void S5_invalid_utf8_in_a_string_does_not_lose_the_job_id()
    {
        using var extracted = ResponseParsing.Extract([.. "{\"id\":\"job_1\",\"model\":\""u8, 0xFF, 0xC3, .. "\",\"x\":\"\\ud800\"}"u8], []);

        Assert.Equal("job_1", JobParser.Parse(extracted, null, new(ResponseParsing.BaseAddress, new([]), true), null).Id);
    }

    /// <summary>How much memory a medium holds on to.</summary>
    private static int AllocatedLength(ExtractedMedia item) => MemoryMarshal.TryGetArray(item.Sink.Bytes!.Value, out var segment) ? segment.Array!.Length : 0;

    private static string ImagesJson(int count) => $$"""{ "data": [ {{string.Join(",", Enumerable.Repeat("""{"b64_json":"AQID"}""", count))}} ] }""";

    private static string Describe(byte[] json, IEnumerable<int> splits)
    {
        try
        {
            using var extracted = ResponseParsing.Extract(json, splits);
            var media = extracted.Unclaimed.Select(static item => $"{item.MimeType} {item.IsInvalid} {Convert.ToHexString(item.Sink.Bytes!.Value.Span)}");
            return Convert.ToHexString(JsonMarshal.GetRawUtf8Value(extracted.Root)) + "\n" + string.Join("\n", media);
        }
        catch (Exception e) when (ResponseParsing.ReasonOf(e) is not null)
        {
            return ResponseParsing.ReasonOf(e) + " " + e.Message;
        }
    }
}
