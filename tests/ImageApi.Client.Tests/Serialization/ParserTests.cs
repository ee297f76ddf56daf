using System.Net;
using System.Text;
using System.Text.Json;
using FsCheck.Fluent;
using ImageApi.Client.Http;

namespace ImageApi.Client.Tests.Serialization;

/// <summary>Whatever a server answers is a result or one of the library's own errors.</summary>
public sealed class ParserTests
{
    /// <summary>What an answer to these readers may hold.</summary>
    private const long Limit = Answers.MaxText + Answers.MaxMedia;

    private static readonly string[] Junk =
    [
        "null", "true", "7", "-1.5e300", "1e999", "\"\"", "\"text\"", "\"\\ud800\"", "[]", "[null]", "[[],{},\"x\",7]", "{}", "{\"message\":[],\"code\":{}}",
        "{\"images\":[null,7,{\"url\":7},{\"b64_json\":\"?\"},{\"url\":[{}]}]}", "{\"images\":{},\"videos\":\"x\"}", "{\"status\":7,\"url\":{}}", "\"data:image/png;base64,????\"",
        "[{\"b64_json\":[\"AQID\"]}]", "\"50%\"", "{\"error\":{\"error\":7}}",
    ];

    private static readonly string[] Names =
    [
        "status", "state", "task_status", "object", "model", "created", "created_at", "progress", "output", "images", "result", "data", "error", "request_id", "job_id",
        "task_id", "input", "message", "code", "x", "", "b64_json", "data_base64", "detail", "errors",
    ];

    [Fact]
    public void P1_readers_give_a_result_or_the_one_internal_error() => Property.Holds(
        Gen.Choose(0, int.MaxValue),
        static seed => ReadAll(CannedAnswers.Spoil(seed)),
        cases: 3000);

    [Fact]
    public void P1_readers_take_any_bytes() => Property.Holds(
        Gen.Choose(0, 255).Select(static n => (byte)n).ListOf().Select(static list => list.ToArray()),
        static bytes => ReadAll(bytes));

    [Fact]
    public void P1_long_texts_take_at_most_four_times_the_limit() => Property.Holds(
        HugeAnswers.OfLongTexts(2 * Answers.MaxText),
        static body => AssertBounded(body, times: 4));

    [Fact]
    public void P1_many_small_pieces_take_at_most_twenty_times_the_limit() => Property.Holds(
        HugeAnswers.OfSmallPieces(2 * Answers.MaxText),
        static body => AssertBounded(body, times: 20));

    [Fact]
    public async Task P1_calls_give_a_result_or_an_error_of_the_library() => await Task.Run(() => Property.Holds(
        Gen.Choose(0, int.MaxValue),
        static async seed =>
        {
            var body = CannedAnswers.Spoil(seed);
            var status = (HttpStatusCode)new[] { 200, 200, 201, 202, 400, 500 }[seed % 6];
            using var handler = new PolicyHandler((_, _) => new HttpResponseMessage(status) { Content = new ByteArrayContent(body) });
            var options = Clients.Options(Answers.BaseAddress);
            options.Retry.MaxRetries = 0;
            using var client = Clients.For(handler, options);

            await Guard(() => client.Images.GenerateAsync(new ImageRequest { Prompt = "a fox" }));
            await Guard(() => client.Jobs.SubmitAsync(new JobRequest { Input = new ImageJobInput { Prompt = "a fox" } }));
            await Guard(() => client.Jobs.GetAsync("job_1"));
            await Guard(() => client.Files.UploadAsync(FileUpload.FromBytes(new byte[1], "a.png")));
        }));

    [Fact]
    public void P2_an_id_survives_whatever_stands_beside_it() => Property.Holds(
        from id in Property.AnyText.Where(static text => !string.IsNullOrWhiteSpace(text))
        from members in Gen.Elements(Names).Zip(Gen.Elements(Junk)).ListOf()
        from at in Gen.Choose(0, 100)
        select (id, members, at),
        static x =>
        {
            var members = x.members.Select(static member => $"{Quote(member.Item1)}:{member.Item2}").ToList();
            members.Insert(x.at % (members.Count + 1), "\"id\":" + Quote(x.id));

            Assert.Equal(x.id, Answers.Job("{" + string.Join(",", members) + "}").Id);
        });

    [Theory]
    [InlineData("[", 100_000)]
    [InlineData("{\"a\":", 10_000)]
    public void S10_deep_nesting_is_refused(string opening, int depth) =>
        Assert.Equal(AttemptEnd.Unreadable, Assert.Throws<AnswerException>(() => Answers.Lift(
            Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(opening, depth))), [], maxText: 1_000_000)).End);

    [Fact]
    public void E3_sixty_four_levels_are_read() =>
        Assert.Equal("a", Answers.Job("{\"id\":\"a\",\"x\":" + new string('[', 63) + new string(']', 63) + "}").Id);

    [Fact]
    public void S10_a_huge_number_is_read_as_none() => Assert.Null(Answers.Job("{\"id\":\"a\",\"created\":1" + new string('0', 400) + "}").CreatedAt);

    [Fact]
    public void S6_a_byte_order_mark_is_passed_over()
    {
        using var lifted = Answers.Lift([0xEF, 0xBB, 0xBF, .. "{\"id\":\"a\"}"u8], [1, 2]);

        Assert.Equal(JsonValueKind.Object, lifted.Root.ValueKind);
    }

    private static string Quote(string text) => "\"" + JsonEncodedText.Encode(text) + "\"";

    private static void ReadAll(byte[] bytes) => Assert.All(Readers(bytes), Try);

    /// <summary>Counts all that is allocated, whether it is kept or not.</summary>
    private static void AssertBounded(string body, int times) => Assert.All(Readers(Encoding.UTF8.GetBytes(body)), read =>
    {
        Try(read); // what is pooled is there from now on
        var before = GC.GetAllocatedBytesForCurrentThread();
        Try(read);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, times * Limit);
    });

    private static Action[] Readers(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        return
        [
            () => Answers.Lift(bytes, []).Dispose(),
            () => Assert.NotEmpty(Answers.Images(text).Images),
            () => Assert.NotEmpty(Answers.Job(text).Id),
            () => Assert.Equal("job_1", Answers.Job(text, "job_1").Id),
            () =>
            {
                using var document = ApiAnswer.Parse(bytes);
                _ = ErrorReader.Read(document.RootElement);
            },
            () =>
            {
                using var document = ApiAnswer.Parse(bytes);
                _ = ImageApi.Client.Files.UploadedFileReader.Read(document.RootElement, FileUpload.FromBytes(new byte[1], "a.png"), null, Answers.BaseAddress);
            },
        ];
    }

    private static void Try(Action read)
    {
        try
        {
            read();
        }
        catch (AnswerException)
        {
            // the one way in which a reader may refuse
        }
    }

    private static async Task Guard<T>(Func<Task<T>> call)
    {
        try
        {
            Assert.NotNull(await call());
        }
        catch (ImageApiException e)
        {
            Assert.NotNull(e.Operation);
        }
    }
}
