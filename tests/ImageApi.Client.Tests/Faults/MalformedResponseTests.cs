using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace ImageApi.Client.Tests.Faults;

/// <summary>Good answers in which something is not as documented: rows S5 to S10.</summary>
public sealed class MalformedResponseTests : FaultMatrix
{
    private static readonly Endpoint[] JsonEndpoints = [Endpoint.Generate, Endpoint.Submit, Endpoint.Get, Endpoint.Wait, Endpoint.Upload];

    public static TheoryData<byte[]> InvalidUnicodeMembers =>
    [
        """ "note" : "\ud83e" """u8.ToArray(),
        """ "\udd8a" : "note" """u8.ToArray(),
        (byte[])[.. "\"note\":\""u8, 0xC3, 0x28, .. "\""u8],
        (byte[])[.. "\"model\":\""u8, 0xFF, .. "\",\"note\":{\""u8, 0xED, 0xA0, 0x80, .. "\":1}"u8],
    ];

    [Theory]
    [MemberData(nameof(InvalidUnicodeMembers))]
    public async Task S5_invalid_unicode_in_optional_members_is_ignored(byte[] member)
    {
        foreach (var endpoint in JsonEndpoints)
        {
            await SucceedWithAsync(endpoint, BodyWith(endpoint, member));
        }
    }

    [Theory]
    [InlineData(Endpoint.Generate, 1)]
    [InlineData(Endpoint.Submit, 1)]
    [InlineData(Endpoint.Get, 3)]
    [InlineData(Endpoint.Wait, 6)]
    [InlineData(Endpoint.Upload, 1)]
    public async Task S5_exception_excerpt_includes_invalid_unicode_between_members(Endpoint endpoint, int requestCount)
    {
        var error = await FailAsync(endpoint, ScriptedResponse.With(200, BodyWith(endpoint, [0xFF]), "application/json"), new Failure(requestCount, ImageApiFailureReason.InvalidResponse, OutcomeFor(endpoint), 200));

        // the whole answer is within reach, but for the byte that is none
        Assert.Equal(Encoding.UTF8.GetString(BodyWith(endpoint, [0xFF])), error.ResponseExcerpt);
    }

    [Fact]
    public async Task S5_job_polling_continues_after_an_invalid_unicode_response() =>
        await RecoverAsync(Endpoint.Wait, ScriptedResponse.With(200, BodyWith(Endpoint.Wait, [0xFF]), "application/json"));

    [Theory]
    [InlineData("""{"created":1710000000,"zebra":[[{"id":7}]],"data":[{"revised_prompt":"x","size":{"w":1},"url":"https://example.com/output.png"}],"x":{"data":[{"url":"https://e.x/other"}]}}""", Endpoint.Generate)]
    [InlineData("""{"x":{"id":"job_other","status":"failed"},"zebra":[[{"id":7}]],"output":{"images":[{"w":{},"url":"https://example.com/output.png"}],"x":[]},"status":"succeeded","id":"job_example"}""", Endpoint.Submit, Endpoint.Get, Endpoint.Wait)]
    [InlineData("""{"x":{"url":"https://e.x/other","id":"file_other"},"zebra":[],"url":"https://example.com/demo.png","id":"file_example"}""", Endpoint.Upload)]
    public async Task S6_unknown_members_are_kept_and_member_order_is_ignored(string body, params Endpoint[] endpoints)
    {
        foreach (var endpoint in endpoints)
        {
            var response = await SucceedWithAsync(endpoint, Encoding.UTF8.GetBytes(body));

            Assert.Equal(["x", "zebra"], AdditionalPropertiesOf(response).Keys.Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Get)]
    public async Task S7_unknown_job_status_is_kept_and_not_final(Endpoint endpoint)
    {
        var job = (Job)await GetResultAsync(endpoint, """{"id":"job_example","status":"Hibernating"}""");

        Assert.Equal(("Hibernating", JobState.Unknown, false), (job.Status.Value, job.State, job.IsFinal));
    }

    [Fact]
    public async Task S7_unknown_image_enum_values_are_kept()
    {
        var result = (ImageResult)await GetResultAsync(Endpoint.Generate, """{"data":[{"url":"https://example.com/output.png"}],"quality":"ultra","background":"glass","size":"9x9","output_format":"jxl"}""");

        Assert.Equal(("ultra", "glass", "9x9", "jxl"), (result.Quality!.Value.Value, result.Background!.Value.Value, result.Size!.Value.Value, result.OutputFormat!.Value.Value));
    }

    [Fact]
    public async Task S7_unknown_upload_kind_is_kept() =>
        Assert.Equal("hologram", ((UploadedFile)await GetResultAsync(Endpoint.Upload, """{"id":"f","url":"https://example.com/demo.png","kind":"hologram"}""")).Kind.Value);

    [Fact]
    public async Task S7_job_polling_continues_at_an_unknown_status() =>
        await RecoverAsync(Endpoint.Wait, ScriptedResponse.With(200, """{"id":"job_example","status":"hibernating"}"""));

    [Fact]
    public async Task S7_persistent_unknown_status_times_out_with_the_last_job()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(200, """{"id":"job_example","status":"hibernating","queue":7}"""));
        var time = new FakeTimeProvider();
        using var handler = new SocketsHttpHandler();
        using var client = TestClients.Create(handler, TestClients.Options(server.BaseAddress), time);

        var wait = Assert.ThrowsAsync<JobTimeoutException>(() => client.Jobs.WaitAsync("job_example", new JobWaitOptions { Timeout = TimeSpan.FromMinutes(5) }));
        await time.AdvanceUntilAsync(TimeSpan.FromSeconds(5), wait);
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
    public async Task S8_timestamp_of_an_unexpected_type_is_tolerated(string created)
    {
        foreach (var endpoint in JsonEndpoints)
        {
            var name = endpoint == Endpoint.Upload ? "created_at" : "created";
            var response = await SucceedWithAsync(endpoint, BodyWith(endpoint, Encoding.UTF8.GetBytes($"\"{name}\":{created}")));

            var createdAt = response switch { ImageResult result => result.CreatedAt, Job job => job.CreatedAt, _ => ((UploadedFile)response).CreatedAt };
            Assert.Equal(created[0] is '1' or '"' && created != "1e30", createdAt is not null);
        }
    }

    [Theory]
    [InlineData("\"status\":999", "999")]
    [InlineData("\"status\":null", "")]
    [InlineData("\"status\":[\"succeeded\"]", "")]
    [InlineData("\"progress\":\"half\"", "")]
    [InlineData("\"status\":\"queued\",\"model\":17,\"progress\":{},\"object\":[],\"output\":\"soon\",\"error\":0", "queued")]
    public async Task S8_job_with_only_a_valid_id_is_returned(string members, string status)
    {
        var body = $$"""{"id":"job_example",{{members}}}""";
        foreach (var endpoint in new[] { Endpoint.Submit, Endpoint.Get })
        {
            var job = (Job)await GetResultAsync(endpoint, body);

            Assert.Equal((EndpointCalls.JobId, status, false), (job.Id, job.Status.Value, job.IsFinal));
            Assert.Null(job.Progress);
        }

        await RecoverAsync(Endpoint.Wait, ScriptedResponse.With(200, body));
    }

    [Fact]
    public async Task S8_optional_members_of_an_unexpected_type_are_null()
    {
        var result = (ImageResult)await GetResultAsync(Endpoint.Generate, """{"data":[{"url":"https://example.com/output.png","width":"wide","mime_type":7}],"usage":[1],"size":7.5,"quality":{}}""");
        var file = (UploadedFile)await GetResultAsync(Endpoint.Upload, """{"id":7,"url":"https://example.com/demo.png","bytes":"many","filename":{},"kind":[],"expires_at":1e30}""");

        Assert.Equal((null, null), (result.Usage, result.Quality));
        Assert.Equal(("7", null, null, null), (file.Id, file.SizeInBytes, file.FileName, file.ExpiresAt));
    }

    [Theory]
    [InlineData("""{"task_id":"job_example"}""", "job_example")]
    [InlineData("""{"id":null,"job_id":"job_example"}""", "job_example")]
    [InlineData("""{"id":{},"data":{"id":"x"},"task_id":"job_example"}""", "job_example")]
    [InlineData("""{"id":17}""", "17")]
    [InlineData("""{"id":12345678901234567890123}""", "12345678901234567890123")]
    public async Task S9_job_id_is_read_from_alternative_names_and_types(string body, string id) =>
        Assert.Equal(id, ((Job)await GetResultAsync(Endpoint.Submit, body)).Id);

    [Theory]
    [InlineData(Endpoint.Submit, """{"status":"queued","request_id":"req_1"}""")]
    [InlineData(Endpoint.Submit, """{"id":null,"request_id":"req_1"}""")]
    [InlineData(Endpoint.Submit, """{"id":" ","status":"queued","request_id":"req_1"}""")]
    [InlineData(Endpoint.Upload, """{"kind":"image","request_id":"req_1"}""")]
    [InlineData(Endpoint.Upload, """{"id":null,"url":null,"request_id":"req_1"}""")]
    public async Task S9_missing_id_error_includes_the_response_and_request_id(Endpoint endpoint, string body)
    {
        var error = await FailAsync(endpoint, ScriptedResponse.With(200, body), new Failure(1, ImageApiFailureReason.InvalidResponse, RequestOutcome.Unknown, 200));

        Assert.Equal(("req_1", body), (error.RequestId, error.ResponseExcerpt));
    }

    [Theory]
    [InlineData("\"note\":1")]
    [InlineData("\"id\":null")]
    [InlineData("\"id\":[]")]
    public async Task S9_requested_job_id_is_used_when_the_response_omits_it(string member)
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
    public async Task S9_file_id_is_read_from_alternative_names_and_types(string body, string id) =>
        Assert.Equal(id, ((UploadedFile)await GetResultAsync(Endpoint.Upload, body)).Id);

    [Theory]
    [InlineData(Endpoint.Generate, 1)]
    [InlineData(Endpoint.Submit, 1)]
    [InlineData(Endpoint.Get, 3)]
    [InlineData(Endpoint.Wait, 6)]
    [InlineData(Endpoint.Upload, 1)]
    public async Task S10_json_nesting_over_the_depth_limit_is_invalid(Endpoint endpoint, int requestCount)
    {
        foreach (var depth in new[] { 65, 100_000 })
        {
            var body = BodyWith(endpoint, Encoding.UTF8.GetBytes($"\"deep\":{new string('[', depth)}{new string(']', depth)}"));

            await FailAsync(endpoint, ScriptedResponse.With(200, body, "application/json"), new Failure(requestCount, ImageApiFailureReason.InvalidResponse, OutcomeFor(endpoint), 200));
        }
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Wait)]
    [InlineData(Endpoint.Upload)]
    public async Task S10_endless_json_string_stops_at_the_size_limit(Endpoint endpoint)
    {
        var sent = 0L;
        var chunk = Encoding.UTF8.GetBytes(new string('x', 256 * 1024));
        Exchange endless = async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(ScriptedResponse.Message("{\"id\":\"job_example\",\"note\":\""u8.ToArray(), "Content-Type: application/json"));
            while (true)
            {
                await connection.SendAsync(chunk);
                Interlocked.Add(ref sent, chunk.Length);
            }
        };

        await FailAsync(endpoint, endless, new Failure(1, ImageApiFailureReason.LimitExceeded, OutcomeFor(endpoint), 200));

        Assert.InRange(sent, new ImageApiLimitOptions().MaxJsonBytes - chunk.Length, 50_000_000); // what is beyond the limit lies in the buffers of sockets
    }

    [Theory]
    [InlineData("1e400")]
    [InlineData("-1e400")]
    [InlineData("1e-400")]
    [InlineData("9999999999999999999999999999999999999999")]
    public async Task S10_out_of_range_numbers_are_tolerated(string number)
    {
        foreach (var endpoint in JsonEndpoints)
        {
            var members = string.Join(',', new[] { "created", "created_at", "expires_at", "progress", "bytes", "width", "x" }.Select(name => $"\"{name}\":{number}"));

            await SucceedWithAsync(endpoint, BodyWith(endpoint, Encoding.UTF8.GetBytes(members + $",\"usage\":{{\"input_tokens\":{number}}}")));
        }
    }

    [Fact]
    public async Task S10_last_value_of_a_duplicate_member_is_used()
    {
        foreach (var endpoint in new[] { Endpoint.Submit, Endpoint.Get, Endpoint.Wait })
        {
            await SucceedWithAsync(endpoint, BodyWith(endpoint, """ "id":"job_example","status":"failed","x":1,"status":"succeeded","x":2 """u8.ToArray()));
        }
    }

    [Theory]
    [InlineData(Endpoint.Submit, 1)]
    [InlineData(Endpoint.Get, 2)]
    [InlineData(Endpoint.Wait, 2)]
    public async Task S10_conflicting_job_ids_throw_and_are_both_reported(Endpoint endpoint, int requestCount)
    {
        var body = """{"status":"queued","id":"job_a","id":"job_b"}""";

        var error = await FailAsync(endpoint, ScriptedResponse.With(200, body), new Failure(requestCount, ImageApiFailureReason.InvalidResponse, OutcomeFor(endpoint), 200));

        Assert.Contains("job_a, job_b", error.Message, StringComparison.Ordinal);
        Assert.Equal(body, error.ResponseExcerpt);
    }

    /// <summary>A good answer with something at its end.</summary>
    private static byte[] BodyWith(Endpoint endpoint, byte[] member) => [.. ScriptedResponse.SuccessBody(endpoint)[..^1], .. ","u8, .. member, .. "}"u8];

    private static RequestOutcome OutcomeFor(Endpoint endpoint) => endpoint is Endpoint.Get or Endpoint.Wait ? RequestOutcome.Accepted : RequestOutcome.Unknown;

    private static IReadOnlyDictionary<string, System.Text.Json.JsonElement> AdditionalPropertiesOf(object response) => response switch
    {
        ImageResult result => result.AdditionalProperties,
        Job job => job.AdditionalProperties,
        _ => ((UploadedFile)response).AdditionalProperties,
    };

    /// <summary>The call succeeds at the first try with what matters.</summary>
    private async Task<object> SucceedWithAsync(Endpoint endpoint, byte[] body)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(200, body, "application/json"));
        using var client = TestClients.Create(server.BaseAddress);

        var response = await SucceedAsync(client, endpoint, server.BaseAddress);

        Assert.Single(server.Requests);
        return response;
    }

    private static async Task<object> GetResultAsync(Endpoint endpoint, string body)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(200, body));
        using var client = TestClients.Create(server.BaseAddress);

        var response = await client.CallAsync(endpoint, server.BaseAddress).WaitAsync(TestTimeout.Duration);

        Assert.Single(server.Requests);
        return response;
    }
}
