using System.Runtime.InteropServices;
using System.Text;
using FsCheck.Fluent;
using ImageApi.Client.Http;

namespace ImageApi.Client.Tests.Media;

public sealed class MediaLifterTests
{
    public static TheoryData<string> Samples =>
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
    [MemberData(nameof(Samples))]
    public void P11_one_cut_anywhere_changes_nothing(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var whole = Dump(bytes, []);

        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            Assert.Equal(whole, Dump(bytes, [cut]));
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void T13_single_bytes_change_nothing(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);

        Assert.Equal(Dump(bytes, []), Dump(bytes, Enumerable.Range(0, bytes.Length)));
    }

    [Fact]
    public void P11_any_cuts_of_any_answer_change_nothing() => Property.Holds(
        from seed in Gen.Choose(0, int.MaxValue)
        from cuts in Gen.Choose(0, 400).ListOf()
        select (seed, cuts),
        static x =>
        {
            var bytes = CannedAnswers.Spoil(x.seed);
            Assert.Equal(Dump(bytes, []), Dump(bytes, x.cuts.Where(cut => cut <= bytes.Length).Order()));
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
    public void Base64_is_decoded(string text, string hex) =>
        Assert.Equal(hex, Convert.ToHexString(Answers.Images($$"""{ "data": [ { "b64_json": "{{text}}" } ] }""").Images[0].Data!.Value.Span));

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
    public void Base64_that_is_none_is_left_out_and_the_rest_is_read(string text)
    {
        var job = Answers.Job($$"""{ "output": { "images": [ { "b64_json": "{{text}}" } ] }, "id": "job_1" }""");

        Assert.Equal("job_1", job.Id);
        Assert.NotNull(Assert.Single(job.Output.Images).Error);
    }

    [Fact]
    public void All_of_several_images_are_lifted_in_order()
    {
        var images = Answers.Images("""{ "data": [ { "b64_json": "AQ==" }, { "url": "https://e.x/a" }, { "b64_json": "Ag==" } ] }""").Images;

        Assert.Equal((1, 2), (images[0].Data!.Value.Span[0], images[2].Data!.Value.Span[0]));
    }

    [Theory]
    [InlineData("""{ "data": [ { "url": "lifted:0" }, { "b64_json": "AQID" } ] }""")]
    [InlineData("""{ "data": [ { "b64_json": "AQID", "url": "lifted:0" } ] }""")]
    [InlineData("""{ "data": [ "lifted:0", "lifted:-1", "lifted:99999999999", "lifted:", { "b64_json": "AQID" } ] }""")]
    public void A_server_cannot_invent_a_mark(string json) => Assert.Single(Answers.Images(json).Images);

    [Fact]
    public void E6_a_thousand_media_are_lifted() => Assert.Equal(1000, Answers.Images(Many(1000)).Images.Count);

    [Fact]
    public void E6_one_more_is_too_many() =>
        Assert.Equal(AttemptEnd.TooLarge, Assert.Throws<AnswerException>(() => Answers.Images(Many(1001))).End);

    [Theory]
    [InlineData(9, null)]
    [InlineData(10, "TooLarge")]
    [InlineData(11, "TooLarge")]
    [InlineData(1000, "TooLarge")]
    public void E1_a_medium_may_be_as_large_as_the_limit(int length, string? end)
    {
        var json = Encoding.UTF8.GetBytes($$"""{ "data": [ { "b64_json": "{{Convert.ToBase64String(new byte[length])}}" } ] }""");

        var thrown = Record.Exception(() => Answers.Lift(json, [], maxMedia: 9).Dispose());

        Assert.Equal(end, (thrown as AnswerException)?.End.ToString());
    }

    [Theory]
    [InlineData(100, null)]
    [InlineData(101, "TooLarge")]
    public void E1_the_text_beside_the_media_may_be_as_long_as_the_limit(int length, string? end)
    {
        var json = Encoding.UTF8.GetBytes("[" + new string(' ', length - 2) + "]");

        var thrown = Record.Exception(() => Answers.Lift(json, [], maxText: 100).Dispose());

        Assert.Equal(end, (thrown as AnswerException)?.End.ToString());
    }

    [Fact]
    public void Media_do_not_count_as_text()
    {
        var json = Encoding.UTF8.GetBytes($$"""{"b64_json":"{{new string('A', 4000)}}"}""");

        using var lifted = Answers.Lift(json, [], maxText: 100);

        Assert.Equal(3000, Assert.Single(lifted.Unclaimed).Sink.Length);
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(5L)]
    [InlineData(1_000_000_000_000L)]
    public void An_announced_length_is_no_promise(long contentLength)
    {
        using var lifted = Answers.Lift("""{"b64_json":"AQIDBAUG"}"""u8.ToArray(), [10], contentLength: contentLength);

        Assert.Equal(6, Assert.Single(lifted.Unclaimed).Sink.Length);
    }

    [Fact]
    public void E1_an_announced_length_reserves_no_room_for_many_small_media()
    {
        using var lifted = Answers.Lift(Encoding.UTF8.GetBytes(Many(40)), [100], maxMedia: 256 * 1024 * 1024, contentLength: 60_000_000);

        Assert.Equal(40, lifted.Unclaimed.Count());
        Assert.InRange(lifted.Unclaimed.Sum(static item => (long)Room(item)), 1, 1024 * 1024);
    }

    [Fact]
    public void A_medium_of_announced_length_lies_in_an_array_of_its_size()
    {
        var json = Encoding.UTF8.GetBytes($$"""{"b64_json":"{{new string('A', 4_000_000)}}"}""");

        using var lifted = Answers.Lift(json, Enumerable.Range(1, 40).Select(static piece => piece * 100_000), maxMedia: 256 * 1024 * 1024, contentLength: json.Length);

        Assert.InRange(Room(Assert.Single(lifted.Unclaimed)), 3_000_000, 3_000_100);
    }

    [Theory]
    [InlineData(10, null)]
    [InlineData(11, "TooLarge")]
    public void E1_all_media_together_may_be_as_large_as_ten_of_the_largest(int count, string? end)
    {
        var medium = $$"""{"b64_json":"{{Convert.ToBase64String(new byte[9])}}"}""";
        var json = Encoding.UTF8.GetBytes($"[{string.Join(',', Enumerable.Repeat(medium, count))}]");

        var thrown = Record.Exception(() => Answers.Lift(json, [], maxMedia: 9).Dispose());

        Assert.Equal(end, (thrown as AnswerException)?.End.ToString());
    }

    [Fact]
    public void S5_an_invalid_byte_in_a_text_does_not_lose_the_id()
    {
        using var lifted = Answers.Lift([.. "{\"id\":\"job_1\",\"model\":\""u8, 0xFF, 0xC3, .. "\",\"x\":\"\\ud800\"}"u8], []);

        Assert.Equal("job_1", ImageApi.Client.Jobs.JobReader.Read(lifted, null, new(Answers.BaseAddress, new([]), true), null).Id);
    }

    /// <summary>How much memory a medium holds on to.</summary>
    private static int Room(ImageApi.Client.Media.LiftedMedia item) => MemoryMarshal.TryGetArray(item.Sink.Bytes!.Value, out var array) ? array.Array!.Length : 0;

    private static string Many(int count) => $$"""{ "data": [ {{string.Join(",", Enumerable.Repeat("""{"b64_json":"AQID"}""", count))}} ] }""";

    private static string Dump(byte[] json, IEnumerable<int> cuts)
    {
        try
        {
            using var lifted = Answers.Lift(json, cuts);
            var media = lifted.Unclaimed.Select(static item => $"{item.MimeType} {item.IsBroken} {Convert.ToHexString(item.Sink.Bytes!.Value.Span)}");
            return Convert.ToHexString(JsonMarshal.GetRawUtf8Value(lifted.Root)) + "\n" + string.Join("\n", media);
        }
        catch (AnswerException e)
        {
            return e.End + " " + e.Message;
        }
    }
}
