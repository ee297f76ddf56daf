using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace ImageApi.Client.Tests.Faults;

/// <summary>Good answers in which something is not as documented: rows S5 to S10.</summary>
public sealed class OddAnswerTests : FaultMatrix
{
    private static readonly Endpoint[] Readers = [Endpoint.Generate, Endpoint.Submit, Endpoint.Get, Endpoint.Wait, Endpoint.Upload];

    public static TheoryData<byte[]> NoText =>
    [
        """ "note" : "\ud83e" """u8.ToArray(),
        """ "\udd8a" : "note" """u8.ToArray(),
        (byte[])[.. "\"note\":\""u8, 0xC3, 0x28, .. "\""u8],
        (byte[])[.. "\"model\":\""u8, 0xFF, .. "\",\"note\":{\""u8, 0xED, 0xA0, 0x80, .. "\":1}"u8],
    ];

    [Theory]
    [MemberData(nameof(NoText))]
    public async Task S5_what_is_no_Unicode_beside_the_essential_loses_nothing(byte[] member)
    {
        foreach (var endpoint in Readers)
        {
            await SucceedWithAsync(endpoint, With(endpoint, member));
        }
    }

    [Theory]
    [InlineData(Endpoint.Generate, 1)]
    [InlineData(Endpoint.Submit, 1)]
    [InlineData(Endpoint.Get, 3)]
    [InlineData(Endpoint.Wait, 6)]
    [InlineData(Endpoint.Upload, 1)]
    public async Task S5_what_is_no_Unicode_between_the_members_is_shown_as_it_came(Endpoint endpoint, int tries)
    {
        var error = await FailAsync(endpoint, Reply.With(200, With(endpoint, [0xFF]), "application/json"), new Failure(tries, typeof(ImageApiProtocolException), Maybe(endpoint), 200));

        // the whole answer is within reach, but for the byte that is none
        Assert.Equal(Encoding.UTF8.GetString(With(endpoint, [0xFF])), error.ResponseExcerpt);
    }

    [Fact]
    public async Task S5_a_wait_goes_on_after_an_answer_that_is_no_Unicode() =>
        await RecoverAsync(Endpoint.Wait, Reply.With(200, With(Endpoint.Wait, [0xFF]), "application/json"));

    [Theory]
    [InlineData("""{"created":1710000000,"zebra":[[{"id":7}]],"data":[{"revised_prompt":"x","size":{"w":1},"url":"https://example.com/output.png"}],"x":{"data":[{"url":"https://e.x/other"}]}}""", Endpoint.Generate)]
    [InlineData("""{"x":{"id":"job_other","status":"failed"},"zebra":[[{"id":7}]],"output":{"images":[{"w":{},"url":"https://example.com/output.png"}],"x":[]},"status":"succeeded","id":"job_example"}""", Endpoint.Submit, Endpoint.Get, Endpoint.Wait)]
    [InlineData("""{"x":{"url":"https://e.x/other","id":"file_other"},"zebra":[],"url":"https://example.com/demo.png","id":"file_example"}""", Endpoint.Upload)]
    public async Task S6_other_members_and_another_order_change_nothing_and_are_kept(string body, params Endpoint[] endpoints)
    {
        foreach (var endpoint in endpoints)
        {
            var answer = await SucceedWithAsync(endpoint, Encoding.UTF8.GetBytes(body));

            Assert.Equal(["x", "zebra"], AdditionalOf(answer).Keys.Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Get)]
    public async Task S7_an_unknown_status_is_kept_and_ends_nothing(Endpoint endpoint)
    {
        var job = (Job)await AnswerAsync(endpoint, """{"id":"job_example","status":"Hibernating"}""");

        Assert.Equal(("Hibernating", JobState.Unknown, false), (job.Status.Value, job.State, job.IsFinal));
    }

    [Fact]
    public async Task S7_an_unknown_word_of_a_picture_is_kept()
    {
        var result = (ImageResult)await AnswerAsync(Endpoint.Generate, """{"data":[{"url":"https://example.com/output.png"}],"quality":"ultra","background":"glass","size":"9x9","output_format":"jxl"}""");

        Assert.Equal(("ultra", "glass", "9x9", "jxl"), (result.Quality!.Value.Value, result.Background!.Value.Value, result.Size!.Value.Value, result.OutputFormat!.Value.Value));
    }

    [Fact]
    public async Task S7_an_unknown_word_of_an_upload_is_kept() =>
        Assert.Equal("hologram", ((UploadedFile)await AnswerAsync(Endpoint.Upload, """{"id":"f","url":"https://example.com/demo.png","kind":"hologram"}""")).Kind.Value);

    [Fact]
    public async Task S7_a_wait_goes_on_at_an_unknown_status() =>
        await RecoverAsync(Endpoint.Wait, Reply.With(200, """{"id":"job_example","status":"hibernating"}"""));

    [Fact]
    public async Task S7_a_status_that_stays_unknown_ends_at_the_limit_of_the_wait_with_what_was_seen()
    {
        await using var server = ScriptServer.Start(Reply.With(200, """{"id":"job_example","status":"hibernating","queue":7}"""));
        var time = new FakeTimeProvider();
        using var handler = new SocketsHttpHandler();
        using var client = Clients.For(handler, Clients.Options(server.BaseAddress), time);

        var wait = Assert.ThrowsAsync<JobTimeoutException>(() => client.Jobs.WaitAsync("job_example", new JobWaitOptions { Timeout = TimeSpan.FromMinutes(5) }));
        await time.PassUntilAsync(TimeSpan.FromSeconds(5), wait);
        var error = await wait;

        Assert.Equal(("job_example", "hibernating", RequestOutcome.Accepted), (error.JobId, error.Job!.Status.Value, error.Outcome));
        Assert.Equal(7, error.Job.AdditionalProperties["queue"].GetInt32());
        Assert.All(server.Requests, static request => Assert.Equal("GET", request.Method));
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("\"1710000000\"")]
    [InlineData("null")]
    [InlineData("1e30")]
    [InlineData("[]")]
    [InlineData("{\"at\":1}")]
    [InlineData("true")]
    public async Task S8_a_time_of_another_type_loses_nothing(string created)
    {
        foreach (var endpoint in Readers)
        {
            var name = endpoint == Endpoint.Upload ? "created_at" : "created";
            var answer = await SucceedWithAsync(endpoint, With(endpoint, Encoding.UTF8.GetBytes($"\"{name}\":{created}")));

            var read = answer switch { ImageResult result => result.CreatedAt, Job job => job.CreatedAt, _ => ((UploadedFile)answer).CreatedAt };
            Assert.Equal(created[0] is '1' or '"' && created != "1e30", read is not null);
        }
    }

    [Theory]
    [InlineData("\"status\":999", "999")]
    [InlineData("\"status\":null", "")]
    [InlineData("\"status\":[\"succeeded\"]", "")]
    [InlineData("\"progress\":\"half\"", "")]
    [InlineData("\"status\":\"queued\",\"model\":17,\"progress\":{},\"object\":[],\"output\":\"soon\",\"error\":0", "queued")]
    public async Task S8_a_job_of_which_only_the_id_is_right_is_delivered(string members, string status)
    {
        var body = $$"""{"id":"job_example",{{members}}}""";
        foreach (var endpoint in new[] { Endpoint.Submit, Endpoint.Get })
        {
            var job = (Job)await AnswerAsync(endpoint, body);

            Assert.Equal((EndpointCalls.JobId, status, false), (job.Id, job.Status.Value, job.IsFinal));
            Assert.Null(job.Progress);
        }

        await RecoverAsync(Endpoint.Wait, Reply.With(200, body));
    }

    [Fact]
    public async Task S8_other_members_of_another_type_are_none()
    {
        var result = (ImageResult)await AnswerAsync(Endpoint.Generate, """{"data":[{"url":"https://example.com/output.png","width":"wide","mime_type":7}],"usage":[1],"size":7.5,"quality":{}}""");
        var file = (UploadedFile)await AnswerAsync(Endpoint.Upload, """{"id":7,"url":"https://example.com/demo.png","bytes":"many","filename":{},"kind":[],"expires_at":1e30}""");

        Assert.Equal((null, null), (result.Usage, result.Quality));
        Assert.Equal(("7", null, null, null), (file.Id, file.Bytes, file.FileName, file.ExpiresAt));
    }

    [Theory]
    [InlineData("""{"task_id":"job_example"}""", "job_example")]
    [InlineData("""{"id":null,"job_id":"job_example"}""", "job_example")]
    [InlineData("""{"id":{},"data":{"id":"x"},"task_id":"job_example"}""", "job_example")]
    [InlineData("""{"id":17}""", "17")]
    [InlineData("""{"id":12345678901234567890123}""", "12345678901234567890123")]
    public async Task S9_an_id_under_another_name_or_of_another_type_is_taken(string body, string id) =>
        Assert.Equal(id, ((Job)await AnswerAsync(Endpoint.Submit, body)).Id);

    [Theory]
    [InlineData(Endpoint.Submit, """{"status":"queued","request_id":"req_1"}""")]
    [InlineData(Endpoint.Submit, """{"id":null,"request_id":"req_1"}""")]
    [InlineData(Endpoint.Submit, """{"id":" ","status":"queued","request_id":"req_1"}""")]
    [InlineData(Endpoint.Upload, """{"kind":"image","request_id":"req_1"}""")]
    [InlineData(Endpoint.Upload, """{"id":null,"url":null,"request_id":"req_1"}""")]
    public async Task S9_without_an_id_the_answer_and_the_request_id_are_within_reach(Endpoint endpoint, string body)
    {
        var error = await FailAsync(endpoint, Reply.With(200, body), new Failure(1, typeof(ImageApiProtocolException), RequestOutcome.Unknown, 200));

        Assert.Equal(("req_1", body), (error.RequestId, error.ResponseExcerpt));
    }

    [Theory]
    [InlineData("\"note\":1")]
    [InlineData("\"id\":null")]
    [InlineData("\"id\":[]")]
    public async Task S9_the_id_of_a_job_that_was_asked_for_is_known(string member)
    {
        foreach (var endpoint in new[] { Endpoint.Get, Endpoint.Wait })
        {
            await SucceedWithAsync(endpoint, Encoding.UTF8.GetBytes($$$"""{{{{member}}},"status":"succeeded","output":{"images":[{"url":"https://example.com/output.png"}]}}"""));
        }
    }

    [Theory]
    [InlineData("""{"file_id":"f"}""", "f")]
    [InlineData("""{"id":17}""", "17")]
    [InlineData("""{"id":null,"key":"f"}""", "f")]
    public async Task S9_the_id_of_a_file_is_taken_likewise(string body, string id) =>
        Assert.Equal(id, ((UploadedFile)await AnswerAsync(Endpoint.Upload, body)).Id);

    [Theory]
    [InlineData(Endpoint.Generate, 1)]
    [InlineData(Endpoint.Submit, 1)]
    [InlineData(Endpoint.Get, 3)]
    [InlineData(Endpoint.Wait, 6)]
    [InlineData(Endpoint.Upload, 1)]
    public async Task S10_nesting_beyond_the_limit_is_no_answer(Endpoint endpoint, int tries)
    {
        foreach (var depth in new[] { 65, 100_000 })
        {
            var body = With(endpoint, Encoding.UTF8.GetBytes($"\"deep\":{new string('[', depth)}{new string(']', depth)}"));

            await FailAsync(endpoint, Reply.With(200, body, "application/json"), new Failure(tries, typeof(ImageApiProtocolException), Maybe(endpoint), 200));
        }
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Wait)]
    [InlineData(Endpoint.Upload)]
    public async Task S10_a_text_that_goes_on_and_on_is_left_at_the_limit(Endpoint endpoint)
    {
        var sent = 0L;
        var piece = Encoding.UTF8.GetBytes(new string('x', 256 * 1024));
        Exchange endless = async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(Reply.Message("{\"id\":\"job_example\",\"note\":\""u8.ToArray(), "Content-Type: application/json"));
            while (true)
            {
                await connection.SendAsync(piece);
                Interlocked.Add(ref sent, piece.Length);
            }
        };

        await FailAsync(endpoint, endless, new Failure(1, typeof(ImageApiLimitException), Maybe(endpoint), 200));

        Assert.InRange(sent, new ImageApiLimitOptions().MaxJsonBytes - piece.Length, 50_000_000); // what is beyond the limit lies in the buffers of sockets
    }

    [Theory]
    [InlineData("1e400")]
    [InlineData("-1e400")]
    [InlineData("1e-400")]
    [InlineData("9999999999999999999999999999999999999999")]
    public async Task S10_a_number_beyond_measure_loses_nothing(string number)
    {
        foreach (var endpoint in Readers)
        {
            var members = string.Join(',', new[] { "created", "created_at", "expires_at", "progress", "bytes", "width", "x" }.Select(name => $"\"{name}\":{number}"));

            await SucceedWithAsync(endpoint, With(endpoint, Encoding.UTF8.GetBytes(members + $",\"usage\":{{\"input_tokens\":{number}}}")));
        }
    }

    [Fact]
    public async Task S10_of_members_that_come_twice_the_last_counts()
    {
        foreach (var endpoint in new[] { Endpoint.Submit, Endpoint.Get, Endpoint.Wait })
        {
            await SucceedWithAsync(endpoint, With(endpoint, """ "id":"job_example","status":"failed","x":1,"status":"succeeded","x":2 """u8.ToArray()));
        }
    }

    [Theory]
    [InlineData(Endpoint.Submit, 1)]
    [InlineData(Endpoint.Get, 2)]
    [InlineData(Endpoint.Wait, 2)]
    public async Task S10_two_different_ids_are_no_answer_and_both_told(Endpoint endpoint, int tries)
    {
        var body = """{"status":"queued","id":"job_a","id":"job_b"}""";

        var error = await FailAsync(endpoint, Reply.With(200, body), new Failure(tries, typeof(ImageApiProtocolException), Maybe(endpoint), 200));

        Assert.Contains("job_a, job_b", error.Message, StringComparison.Ordinal);
        Assert.Equal(body, error.ResponseExcerpt);
    }

    /// <summary>A good answer with something at its end.</summary>
    private static byte[] With(Endpoint endpoint, byte[] member) => [.. Reply.GoodBody(endpoint)[..^1], .. ","u8, .. member, .. "}"u8];

    private static RequestOutcome Maybe(Endpoint endpoint) => endpoint is Endpoint.Get or Endpoint.Wait ? RequestOutcome.Accepted : RequestOutcome.Unknown;

    private static IReadOnlyDictionary<string, System.Text.Json.JsonElement> AdditionalOf(object answer) => answer switch
    {
        ImageResult result => result.AdditionalProperties,
        Job job => job.AdditionalProperties,
        _ => ((UploadedFile)answer).AdditionalProperties,
    };

    /// <summary>The call succeeds at the first try with what matters.</summary>
    private async Task<object> SucceedWithAsync(Endpoint endpoint, byte[] body)
    {
        await using var server = ScriptServer.Start(Reply.With(200, body, "application/json"));
        using var client = Clients.For(server.BaseAddress);

        var answer = await SucceedAsync(client, endpoint, server.BaseAddress);

        Assert.Single(server.Requests);
        return answer;
    }

    private static async Task<object> AnswerAsync(Endpoint endpoint, string body)
    {
        await using var server = ScriptServer.Start(Reply.With(200, body));
        using var client = Clients.For(server.BaseAddress);

        var answer = await client.CallAsync(endpoint, server.BaseAddress).WaitAsync(Watchdog.Limit);

        Assert.Single(server.Requests);
        return answer;
    }
}
