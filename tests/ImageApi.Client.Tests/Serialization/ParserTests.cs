using System.Net;
using System.Text;
using System.Text.Json;
using FsCheck.Fluent;
using ImageApi.Client.Buffers;
using ImageApi.Client.Files.Internal;
using ImageApi.Client.Http;
using ImageApi.Client.Http.Errors;

namespace ImageApi.Client.Tests.Serialization;

/// <summary>Whatever a server answers is a result or one of the library's own errors.</summary>
public sealed class ParserTests
{
    /// <summary>What an answer to these readers may hold.</summary>
    private const long PayloadLimit = ResponseParsing.MaxTextBytes + ResponseParsing.MaxMediaBytes;

    private static readonly string[] UnexpectedJsonValues =
    [
        "null", "true", "7", "-1.5e300", "1e999", "\"\"", "\"text\"", "\"\\ud800\"", "[]", "[null]", "[[],{},\"x\",7]", "{}", "{\"message\":[],\"code\":{}}",
        "{\"images\":[null,7,{\"url\":7},{\"b64_json\":\"?\"},{\"url\":[{}]}]}", "{\"images\":{},\"videos\":\"x\"}", "{\"status\":7,\"url\":{}}", "\"data:image/png;base64,????\"",
        "[{\"b64_json\":[\"AQID\"]}]", "\"50%\"", "{\"error\":{\"error\":7}}",
    ];

    private static readonly string[] MemberNames =
    [
        "status", "state", "task_status", "object", "model", "created", "created_at", "progress", "output", "images", "result", "data", "error", "request_id", "job_id",
        "task_id", "input", "message", "code", "x", "", "b64_json", "data_base64", "detail", "errors",
    ];

    [Fact]
    public void P1_Parsers_return_or_throw_InvalidResponseException() => Property.Holds(
        Gen.Choose(0, int.MaxValue),
        static seed => ParseWithEveryParser(SampleResponses.Corrupt(seed)),
        cases: 3000);

    [Fact]
    public void P1_Parsers_accept_arbitrary_bytes() => Property.Holds(
        Gen.Choose(0, 255).Select(static n => (byte)n).ListOf().Select(static list => list.ToArray()),
        static bytes => ParseWithEveryParser(bytes));

    [Fact]
    public void P1_Long_strings_allocate_within_four_times_the_limit() => Property.Holds(
        OversizedResponses.WithLongTexts(2 * ResponseParsing.MaxTextBytes),
        static body => AssertAllocationsBounded(body, times: 4));

    [Fact]
    public void P1_Many_small_tokens_allocate_within_twenty_times_the_limit() => Property.Holds(
        OversizedResponses.WithManySmallTokens(2 * ResponseParsing.MaxTextBytes),
        static body => AssertAllocationsBounded(body, times: 20));

    [Fact]
    public async Task P1_Calls_return_or_throw_ImageApiException() => await Task.Run(() => Property.Holds(
        Gen.Choose(0, int.MaxValue),
        static async seed =>
        {
            var body = SampleResponses.Corrupt(seed);
            var status = (HttpStatusCode)new[] { 200, 200, 201, 202, 400, 500 }[seed % 6];
            using var handler = new ScriptedHandler((_, _) => new HttpResponseMessage(status) { Content = new ByteArrayContent(body) });
            var options = TestClients.Options(ResponseParsing.BaseAddress);
            options.Retry.MaxRetries = 0;
            using var client = TestClients.Create(handler, options);

            await CallIgnoringImageApiException(() => client.Images.GenerateAsync(new ImageRequest { Prompt = "a fox" }));
            await CallIgnoringImageApiException(() => client.Jobs.SubmitAsync(new JobRequest { Input = new ImageJobInput { Prompt = "a fox" } }));
            await CallIgnoringImageApiException(() => client.Jobs.GetAsync("job_1"));
            await CallIgnoringImageApiException(() => client.Files.UploadAsync(FileUpload.FromBytes(new byte[1], "a.png")));
        }));

    [Fact]
    public void P2_Job_id_is_parsed_next_to_any_other_members() => Property.Holds(
        from id in Property.AnyText.Where(static text => !string.IsNullOrWhiteSpace(text))
        from members in Gen.Elements(MemberNames).Zip(Gen.Elements(UnexpectedJsonValues)).ListOf()
        from at in Gen.Choose(0, 100)
        select (id, members, at),
        static sample =>
        {
            var members = sample.members.Select(static member => $"{Quote(member.Item1)}:{member.Item2}").ToList();
            members.Insert(sample.at % (members.Count + 1), "\"id\":" + Quote(sample.id));

            Assert.Equal(sample.id, ResponseParsing.ParseJob("{" + string.Join(",", members) + "}").Id);
        });

    [Theory]
    [InlineData("[", 100_000)]
    [InlineData("{\"a\":", 10_000)]
    public void S10_Deeply_nested_JSON_is_rejected(string openingToken, int depth) =>
        Assert.Equal(FailureKind.InvalidBody, Assert.Throws<InvalidResponseException>(() => ResponseParsing.Extract(
            Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(openingToken, depth))), [], maxTextBytes: 1_000_000)).Kind);

    [Fact]
    public void E3_JSON_with_64_levels_is_parsed() =>
        Assert.Equal("a", ResponseParsing.ParseJob("{\"id\":\"a\",\"x\":" + new string('[', 63) + new string(']', 63) + "}").Id);

    [Fact]
    public void S10_Huge_number_is_parsed_as_null() => Assert.Null(ResponseParsing.ParseJob("{\"id\":\"a\",\"created\":1" + new string('0', 400) + "}").CreatedAt);

    [Fact]
    public void S6_Byte_order_mark_is_ignored()
    {
        using var extracted = ResponseParsing.Extract([0xEF, 0xBB, 0xBF, .. "{\"id\":\"a\"}"u8], [1, 2]);

        Assert.Equal(JsonValueKind.Object, extracted.Root.ValueKind);
    }

    private static string Quote(string text) => "\"" + JsonEncodedText.Encode(text) + "\"";

    private static void ParseWithEveryParser(byte[] bytes) => Assert.All(ParserCalls(bytes), ParseIgnoringInvalidResponse);

    /// <summary>Counts all that is allocated, whether it is kept or not.</summary>
    private static void AssertAllocationsBounded(string body, int times) => Assert.All(ParserCalls(Encoding.UTF8.GetBytes(body)), read =>
    {
        ParseIgnoringInvalidResponse(read); // what is pooled is there from now on
        var before = GC.GetAllocatedBytesForCurrentThread();
        ParseIgnoringInvalidResponse(read);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, times * PayloadLimit);
    });

    private static Action[] ParserCalls(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        return
        [
            () => ResponseParsing.Extract(bytes, []).Dispose(),
            () => Assert.NotEmpty(ResponseParsing.ParseImages(text).Images),
            () => Assert.NotEmpty(ResponseParsing.ParseJob(text).Id),
            () => Assert.Equal("job_1", ResponseParsing.ParseJob(text, "job_1").Id),
            () =>
            {
                using var document = ApiResponse.Parse(bytes);
                _ = ErrorBodyParser.Parse(document.RootElement);
            },
            () =>
            {
                using var document = ApiResponse.Parse(bytes);
                _ = UploadedFileParser.Parse(document.RootElement, FileUpload.FromBytes(new byte[1], "a.png"), null, ResponseParsing.BaseAddress);
            },
        ];
    }

    private static void ParseIgnoringInvalidResponse(Action read)
    {
        try
        {
            read();
        }
        catch (Exception e) when (e is InvalidResponseException or SizeLimitException)
        {
            // the one way in which a reader may refuse
        }
    }

    private static async Task CallIgnoringImageApiException<T>(Func<Task<T>> call)
    {
        try
        {
            Assert.NotNull(await call());
        }
        catch (ImageApiException e)
        {
            Assert.NotNull(e.Info.Operation);
        }
    }
}
