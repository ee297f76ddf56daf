using System.Text;
using System.Text.Json;
using ImageApi.Client.Http;
using ImageApi.Client.Media;

namespace ImageApi.Client.Tests.Media;

/// <summary>What stands before a base64 text, and how its characters are written, changes nothing in what comes of it.</summary>
public sealed class LiftingPlacesTests
{
    /// <summary>Values that stand before the picture, as they are in the JSON.</summary>
    public static TheoryData<string> Values =>
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
    [MemberData(nameof(Values))]
    public void A_picture_is_found_behind_any_value(string value)
    {
        var json = Encoding.UTF8.GetBytes($$"""{ "before": {{value}}, "data": [ { "b64_json": "AQID" } ], "after": {{value}} }""");

        foreach (var cuts in new[] { [], Enumerable.Range(1, json.Length - 1) })
        {
            using var lifted = Answers.Lift(json, cuts);
            var medium = Assert.Single(lifted.Unclaimed);
            Assert.Equal([1, 2, 3], medium.Sink.Bytes!.Value.ToArray());
            using var whole = JsonDocument.Parse(json);
            Assert.True(JsonElement.DeepEquals(whole.RootElement.GetProperty("before"), lifted.Root.GetProperty("before")));
            Assert.True(JsonElement.DeepEquals(whole.RootElement.GetProperty("after"), lifted.Root.GetProperty("after")));
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
    public void What_the_server_repeats_of_the_request_is_nobodys_picture(string json, int pictures)
    {
        foreach (var cuts in new[] { [], Enumerable.Range(1, json.Length - 1) })
        {
            using var lifted = Answers.Lift(Encoding.UTF8.GetBytes(json), cuts);

            Assert.Equal(pictures, lifted.Unclaimed.Count());
        }
    }

    [Theory]
    [InlineData("DATA:IMAGE/PNG;BASE64,AQID", "IMAGE/PNG")]
    [InlineData("data:image/png;charset=x;base64,AQID", "image/png")]
    [InlineData("data:image\\/png;base64,AQID", "image/png")]
    [InlineData("Data:a;base64,AQID", "a")]
    public void A_data_prefix_may_be_written_in_many_ways(string text, string type)
    {
        using var lifted = Answers.Lift($$"""{ "url": "{{text}}" }""");

        var medium = Assert.Single(lifted.Unclaimed);
        Assert.Equal([1, 2, 3], medium.Sink.Bytes!.Value.ToArray());
        Assert.Equal(type, medium.MimeType);
    }

    [Theory]
    [InlineData("\\u0041QID")]
    [InlineData("AQI\\u0044")]
    [InlineData("AQ\\nID")]
    [InlineData("\\r\\tAQID")]
    [InlineData("A\\u0051I\\u0044")]
    [InlineData("A Q\tI D")]
    public void Escapes_and_white_space_are_undone(string text) =>
        Assert.Equal(new byte[] { 1, 2, 3 }, Assert.Single(Answers.Images($$"""{ "data": [ { "b64_json": "{{text}}" } ] }""".Replace("\t", "\\t")).Images).Data!.Value.ToArray());

    [Theory]
    [InlineData("++++", "\\u002B\\u002b++")]
    [InlineData("/9j/", "\\/\\u0039\\u006A\\u002f")]
    [InlineData("aAfF", "\\u0061\\u0041\\u0066\\u0046")]
    [InlineData("zZ09", "\\u007A\\u005a\\u0030\\u0039")]
    public void Every_digit_of_an_escape_is_read(string plain, string escaped) =>
        Assert.Equal(Convert.FromBase64String(plain), Assert.Single(Answers.Images($$"""{ "data": [ { "b64_json": "{{escaped}}" } ] }""").Images).Data!.Value.ToArray());

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
    public void What_is_no_base64_is_an_error_of_that_picture_alone(string text)
    {
        var images = Answers.Images($$"""{ "data": [ { "b64_json": "{{text}}" }, { "b64_json": "AQID" } ] }""").Images;

        Assert.Equal((true, false), (images[0].Error is not null, images[1].Error is not null));
        Assert.Equal(new byte[] { 1, 2, 3 }, images[1].Data!.Value.ToArray());
    }

    [Fact]
    public void Text_of_every_length_is_decoded_whatever_the_pieces()
    {
        for (var length = 1; length <= 40; length++)
        {
            var bytes = Enumerable.Range(0, length).Select(static i => (byte)(i * 7)).ToArray();
            foreach (var text in new[] { Convert.ToBase64String(bytes), Convert.ToBase64String(bytes).TrimEnd('='), string.Join(' ', Convert.ToBase64String(bytes).Chunk(5).Select(static chunk => new string(chunk))) })
            {
                foreach (var size in new[] { 1, 2, 3, 4, 5, 7, 100 })
                {
                    var sink = new MemorySink(0, 100);
                    var decoder = new Base64Decoder(sink, 100);
                    Assert.All(Encoding.ASCII.GetBytes(text).Chunk(size), piece => Assert.True(decoder.TryAppend(piece)));
                    Assert.True(decoder.TryComplete());
                    Assert.Equal(bytes, sink.Bytes!.Value.ToArray());
                }
            }
        }
    }

    [Theory]
    [InlineData(97, true)]
    [InlineData(98, false)]
    [InlineData(1000, false)]
    public void E1_no_more_room_is_made_than_is_allowed(int length, bool fits)
    {
        var sink = new MemorySink(0, 97);
        var decoder = new Base64Decoder(sink, 97);

        var thrown = Record.Exception(() =>
        {
            decoder.TryAppend(Encoding.ASCII.GetBytes(Convert.ToBase64String(new byte[length])));
            decoder.TryComplete();
        });

        Assert.Equal(fits ? null : AttemptEnd.TooLarge, (thrown as AnswerException)?.End);
        Assert.InRange(sink.Length, 0, 100);
    }

    [Theory]
    [InlineData(null, 128)]
    [InlineData(16L * 1024, 16)]
    [InlineData((16L * 1024) + 1, 128)]
    public void Buffers_fit_the_announced_length(long? announced, int kibibytes)
    {
        using var lifter = new MediaLifter(100, 100, announced, 1, new MemoryStore(100));

        Assert.Equal(kibibytes * 1024, lifter.ChunkSize);
    }

    [Theory]
    [InlineData(1, 4_000_000, 2_999_900, 3_000_100)]
    [InlineData(2, 4_000_000, 1_490_000, 1_500_100)]
    [InlineData(4, 4_000_000, 745_000, 750_100)]
    [InlineData(1, 100_000_000, 5_000_003, 5_000_003)]
    [InlineData(0, 4_000_000, 2_999_900, 3_000_100)]
    public void Room_is_made_for_a_share_of_what_was_announced(int expected, long announced, int least, int most)
    {
        var store = new RecordingStore();
        using var lifter = new MediaLifter(1000, 5_000_000, announced, expected, store);

        Feed(lifter, """{"b64_json":"AQ"""u8);

        Assert.InRange(Assert.Single(store.Capacities), least, most);
    }

    [Fact]
    public void What_has_arrived_already_is_not_made_room_for_again()
    {
        var store = new RecordingStore();
        using var lifter = new MediaLifter(1_000_000, 5_000_000, 4_000_000, 2, store);

        Feed(lifter, Encoding.ASCII.GetBytes($$"""{"x":"{{new string('x', 500_000)}}","a":{"b64_json":"{{new string('A', 2_000_000)}}"},"b64_json":"AQ"""));

        Assert.Equal(2, store.Capacities.Count);
        Assert.InRange(store.Capacities[0], 1_300_000, 1_320_000);
        Assert.InRange(store.Capacities[1], 1_100_000, 1_130_000);
    }

    [Fact]
    public void What_the_server_repeats_takes_no_room_and_counts_for_nothing()
    {
        var store = new RecordingStore();
        using var lifter = new MediaLifter(10_000, 9, null, 1, store);
        var medium = $$"""{"b64_json":"{{Convert.ToBase64String(new byte[9])}}"}""";

        Feed(lifter, Encoding.ASCII.GetBytes($$"""{"input":[{{string.Join(',', Enumerable.Repeat(medium, 50))}}],"x":{{medium}}}"""));

        Assert.Single(store.Capacities);
    }

    [Theory]
    [InlineData(1001, 1, 1_000_000, "The answer holds more than 1000 media.")]
    [InlineData(11, 9, 9, "The media in the answer are larger than 90 bytes together (Limits.MaxMediaBytes).")]
    [InlineData(1, 10, 9, "A medium in the answer is larger than 9 bytes (Limits.MaxMediaBytes).")]
    public void E6_too_much_is_told_with_its_limit(int count, int length, long limit, string message)
    {
        var medium = $$"""{"b64_json":"{{Convert.ToBase64String(new byte[length])}}"}""";

        Assert.Equal(message, Assert.Throws<AnswerException>(() => Answers.Lift(Encoding.ASCII.GetBytes($"[{string.Join(',', Enumerable.Repeat(medium, count))}]"), [], maxText: 1_000_000, maxMedia: limit)).Message);
    }

    private static void Feed(MediaLifter lifter, ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            text = text.Slice(lifter.Feed(text));
            Assert.True(lifter.FlushAsync(CancellationToken.None).AsTask().IsCompletedSuccessfully);
        }
    }

    private sealed class RecordingStore : IMediaStore
    {
        public List<int> Capacities { get; } = [];

        public Client.Http.ApiAnswer? Answer { get; set; }

        public int Expected => 1;

        public MediaSink Open(int capacity, string? declaredType)
        {
            Capacities.Add(capacity);
            return new MemorySink(0, long.MaxValue / 2);
        }
    }
}
