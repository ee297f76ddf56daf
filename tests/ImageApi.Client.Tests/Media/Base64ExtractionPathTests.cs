using System.Text;
using System.Text.Json;
using ImageApi.Client.Buffers;
using ImageApi.Client.Http;
using ImageApi.Client.Media.Destinations;
using ImageApi.Client.Media.Extraction;

namespace ImageApi.Client.Tests.Media;

/// <summary>What stands before a base64 text, and how its characters are written, changes nothing in what comes of it.</summary>
public sealed class Base64ExtractionPathTests
{
    /// <summary>Values that stand before the picture, as they are in the JSON.</summary>
    public static TheoryData<string> PrecedingValues =>
    [
        "\"\"", "7", "null", "[]", "{}", "[[{}],[]]",
        .. new[] { 1, 31, 32, 33, 255, 256, 257, 1000 }.Select(static length => $"\"{new string('x', length)}\""),
        .. new[] { 0, 30, 31, 32, 33, 100, 254, 255, 256, 257 }.Select(static length => $"\"{new string('x', length)}\\\"{new string('y', 40)}\\\\\""),
        .. new[] { 30, 31, 32, 254, 255, 256, 300 }.Select(static length => $"\"{new string('x', length)}\\\\\""),
        $"\"data:{new string('x', 300)}\"", $"\"data:{new string('x', 249)}\\\"\"", $"\"data:{new string('x', 250)}\\\"\"", $"\"data:{new string('x', 251)}\\\"\"",
        "\"data:text/plain,hello\"", "\"data:\"", "\"dat\"", "\"b64_json\"", "\"data_base64\"", "\"input\"", "\"reference_images\"", "[\"input\",{\"b64\":1}]", "[\"b64_json\",\"input\"]",
        "{\"input\":1,\"b64_json\":null}", "\"\\u0062\\u0036\"", "\"https://e.x/?a=\\\"b64_json\\\":\\\"AQID\\\"\"",
    ];

    [Theory]
    [MemberData(nameof(PrecedingValues))]
    public void Extracts_an_image_after_any_preceding_value(string value)
    {
        var json = Encoding.UTF8.GetBytes($$"""{ "before": {{value}}, "data": [ { "b64_json": "AQID" } ], "after": {{value}} }""");

        foreach (var splits in new[] { [], Enumerable.Range(1, json.Length - 1) })
        {
            using var extracted = ResponseParsing.Extract(json, splits);
            var item = Assert.Single(extracted.Unclaimed);
            Assert.Equal([1, 2, 3], item.Sink.Bytes!.Value.ToArray());
            using var document = JsonDocument.Parse(json);
            Assert.True(JsonElement.DeepEquals(document.RootElement.GetProperty("before"), extracted.Root.GetProperty("before")));
            Assert.True(JsonElement.DeepEquals(document.RootElement.GetProperty("after"), extracted.Root.GetProperty("after")));
        }
    }

    [Theory]
    [InlineData("""{ "input": "data:image/png;base64,AQID" }""", 0)]
    [InlineData("""{ "input": { "b64_json": "AQID" } }""", 0)]
    [InlineData("""{ "input": [ { "x": [ [], {} ], "b64_json": "AQID" } ] }""", 0)]
    [InlineData("""{ "reference_images": [ "data:image/png;base64,AQID", { "data_base64": "AQID" } ] }""", 0)]
    [InlineData("""{ "x": { "input": { "b64_json": "AQID" } }, "b64_json": "AQID" }""", 1)]
    [InlineData("""{ "input": { "b64_json": "AQID" }, "b64_json": "AQID" }""", 1)]
    [InlineData("""{ "input": { "input": { "b64_json": "AQID" }, "b64_json": "AQID" }, "x": { "b64_json": "AQID" } }""", 1)]
    [InlineData("""{ "input": { "x": [ 1 ], "y": { "b64_json": "AQID" } } }""", 0)]
    [InlineData("""{ "input": [], "b64_json": "AQID" }""", 1)]
    [InlineData("""{ "input": 7, "b64_json": "AQID" }""", 1)]
    [InlineData("""{ "input": "x", "b64_json": "AQID" }""", 1)]
    [InlineData("""{ "x": "input", "y": { "b64_json": "AQID" } }""", 1)]
    [InlineData("""{ "x": [ "input", { "b64_json": "AQID" } ] }""", 1)]
    [InlineData("""{ "x": { "y": "input" }, "z": [ { "b64_json": "AQID" } ] }""", 1)]
    [InlineData("""{ "x": [ "input" ], "b64_json": "AQID" }""", 1)]
    [InlineData("""{ "inputs": { "b64_json": "AQID" } }""", 1)]
    public void Ignores_base64_in_echoed_request_input(string json, int expectedCount)
    {
        foreach (var splits in new[] { [], Enumerable.Range(1, json.Length - 1) })
        {
            using var extracted = ResponseParsing.Extract(Encoding.UTF8.GetBytes(json), splits);

            Assert.Equal(expectedCount, extracted.Unclaimed.Count());
        }
    }

    [Theory]
    [InlineData("DATA:IMAGE/PNG;BASE64,AQID", "IMAGE/PNG")]
    [InlineData("data:image/png;charset=x;base64,AQID", "image/png")]
    [InlineData("data:image\\/png;base64,AQID", "image/png")]
    [InlineData("Data:a;base64,AQID", "a")]
    public void Accepts_data_url_prefix_variants(string text, string type)
    {
        using var extracted = ResponseParsing.Extract($$"""{ "url": "{{text}}" }""");

        var item = Assert.Single(extracted.Unclaimed);
        Assert.Equal([1, 2, 3], item.Sink.Bytes!.Value.ToArray());
        Assert.Equal(type, item.MimeType);
    }

    [Theory]
    [InlineData("\\u0041QID")]
    [InlineData("AQI\\u0044")]
    [InlineData("AQ\\nID")]
    [InlineData("\\r\\tAQID")]
    [InlineData("A\\u0051I\\u0044")]
    [InlineData("A Q\tI D")]
    public void Decodes_json_escapes_and_skips_whitespace_in_base64(string text) =>
        Assert.Equal(new byte[] { 1, 2, 3 }, Assert.Single(ResponseParsing.ParseImages($$"""{ "data": [ { "b64_json": "{{text}}" } ] }""".Replace("\t", "\\t")).Images).Data!.Value.ToArray());

    [Theory]
    [InlineData("++++", "\\u002B\\u002b++")]
    [InlineData("/9j/", "\\/\\u0039\\u006A\\u002f")]
    [InlineData("aAfF", "\\u0061\\u0041\\u0066\\u0046")]
    [InlineData("zZ09", "\\u007A\\u005a\\u0030\\u0039")]
    public void Decodes_every_hex_digit_of_unicode_escapes(string plain, string escaped) =>
        Assert.Equal(Convert.FromBase64String(plain), Assert.Single(ResponseParsing.ParseImages($$"""{ "data": [ { "b64_json": "{{escaped}}" } ] }""").Images).Data!.Value.ToArray());

    [Theory]
    [InlineData("AQ\\u0080D")]
    [InlineData("AQ\\u0141D")]
    [InlineData("AQ\\uFF41D")]
    [InlineData("AQ\\u0000D")]
    [InlineData("AQ\\bD")]
    [InlineData("AQ\\\"D")]
    [InlineData("AQ\\\\D")]
    [InlineData("\\\"AQID")]
    [InlineData("A")]
    [InlineData("AQIDA")]
    [InlineData("AQ==ID")]
    [InlineData("=AQI")]
    [InlineData("A===")]
    [InlineData("AQ-_")]
    [InlineData("AQID!")]
    public void Invalid_base64_fails_only_its_own_image(string text)
    {
        var images = ResponseParsing.ParseImages($$"""{ "data": [ { "b64_json": "{{text}}" }, { "b64_json": "AQID" } ] }""").Images;

        Assert.Equal((true, false), (images[0].Error is not null, images[1].Error is not null));
        Assert.Equal(new byte[] { 1, 2, 3 }, images[1].Data!.Value.ToArray());
    }

    [Fact]
    public void Decodes_any_base64_length_in_any_chunk_size()
    {
        for (var length = 1; length <= 40; length++)
        {
            var bytes = Enumerable.Range(0, length).Select(static i => (byte)(i * 7)).ToArray();
            foreach (var text in new[] { Convert.ToBase64String(bytes), Convert.ToBase64String(bytes).TrimEnd('='), string.Join(' ', Convert.ToBase64String(bytes).Chunk(5).Select(static chunk => new string(chunk))) })
            {
                foreach (var chunkSize in new[] { 1, 2, 3, 4, 5, 7, 100 })
                {
                    var writer = new MemorySink(0, 100);
                    var decoder = new StreamingBase64Decoder(writer, 100);
                    Assert.All(Encoding.ASCII.GetBytes(text).Chunk(chunkSize), piece => Assert.True(decoder.TryAppend(piece)));
                    Assert.True(decoder.TryComplete());
                    Assert.Equal(bytes, writer.Bytes!.Value.ToArray());
                }
            }
        }
    }

    [Theory]
    [InlineData(97, true)]
    [InlineData(98, false)]
    [InlineData(1000, false)]
    public void E1_decoder_never_buffers_more_than_the_limit(int length, bool fitsLimit)
    {
        var writer = new MemorySink(0, 97);
        var decoder = new StreamingBase64Decoder(writer, 97);

        var exception = Record.Exception(() =>
        {
            decoder.TryAppend(Encoding.ASCII.GetBytes(Convert.ToBase64String(new byte[length])));
            decoder.TryComplete();
        });

        Assert.Equal(fitsLimit ? null : "LimitExceeded", ResponseParsing.ReasonOf(exception));
        Assert.InRange(writer.Length, 0, 100);
    }

    [Theory]
    [InlineData(null, 128)]
    [InlineData(16L * 1024, 16)]
    [InlineData((16L * 1024) + 1, 128)]
    public void Chunk_size_follows_the_content_length(long? contentLength, int kibibytes)
    {
        using var extractor = new Base64MediaExtractor(100, 100, contentLength, 1, new MemoryStore(100));

        Assert.Equal(kibibytes * 1024, extractor.ChunkSize);
    }

    [Theory]
    [InlineData(1, 4_000_000, 2_999_900, 3_000_100)]
    [InlineData(2, 4_000_000, 1_490_000, 1_500_100)]
    [InlineData(4, 4_000_000, 745_000, 750_100)]
    [InlineData(1, 100_000_000, 5_000_003, 5_000_003)]
    [InlineData(0, 4_000_000, 2_999_900, 3_000_100)]
    public void Initial_capacity_is_a_share_of_the_content_length(int expectedMedia, long contentLength, int min, int max)
    {
        var store = new RecordingStore();
        using var extractor = new Base64MediaExtractor(1000, 5_000_000, contentLength, expectedMedia, store);

        Feed(extractor, """{"b64_json":"AQ"""u8);

        Assert.InRange(Assert.Single(store.Capacities), min, max);
    }

    [Fact]
    public void Capacity_excludes_bytes_already_received()
    {
        var store = new RecordingStore();
        using var extractor = new Base64MediaExtractor(1_000_000, 5_000_000, 4_000_000, 2, store);

        Feed(extractor, Encoding.ASCII.GetBytes($$"""{"x":"{{new string('x', 500_000)}}","a":{"b64_json":"{{new string('A', 2_000_000)}}"},"b64_json":"AQ"""));

        Assert.Equal(2, store.Capacities.Count);
        Assert.InRange(store.Capacities[0], 1_300_000, 1_320_000);
        Assert.InRange(store.Capacities[1], 1_100_000, 1_130_000);
    }

    [Fact]
    public void Echoed_input_allocates_nothing_and_ignores_limits()
    {
        var store = new RecordingStore();
        using var extractor = new Base64MediaExtractor(10_000, 9, null, 1, store);
        var itemJson = $$"""{"b64_json":"{{Convert.ToBase64String(new byte[9])}}"}""";

        Feed(extractor, Encoding.ASCII.GetBytes($$"""{"input":[{{string.Join(',', Enumerable.Repeat(itemJson, 50))}}],"x":{{itemJson}}}"""));

        Assert.Single(store.Capacities);
    }

    [Theory]
    [InlineData(1001, 1, 1_000_000, "The answer holds more than 1000 media.")]
    [InlineData(11, 9, 9, "The media in the answer are larger than 90 bytes together (Limits.MaxMediaBytes).")]
    [InlineData(1, 10, 9, "A medium in the answer is larger than 9 bytes (Limits.MaxMediaBytes).")]
    public void E6_exceeded_limit_is_named_in_the_exception_message(int count, int length, long limit, string message)
    {
        var itemJson = $$"""{"b64_json":"{{Convert.ToBase64String(new byte[length])}}"}""";

        Assert.Equal(message, Assert.Throws<SizeLimitException>(() => ResponseParsing.Extract(Encoding.ASCII.GetBytes($"[{string.Join(',', Enumerable.Repeat(itemJson, count))}]"), [], maxTextBytes: 1_000_000, maxMediaBytes: limit)).Message);
    }

    private static void Feed(Base64MediaExtractor extractor, ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            text = text.Slice(extractor.Feed(text));
            Assert.True(extractor.FlushAsync(CancellationToken.None).AsTask().IsCompletedSuccessfully);
        }
    }

    private sealed class RecordingStore : IMediaStore
    {
        public List<int> Capacities { get; } = [];

        public ApiResponse? Response { get; set; }

        public int Expected => 1;

        public MediaSink Open(int capacity, string? declaredType)
        {
            Capacities.Add(capacity);
            return new MemorySink(0, long.MaxValue / 2);
        }
    }
}
