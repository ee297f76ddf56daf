using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace ImageApi.Client.Tests.Faults;

/// <summary>Answers that say no: rows S4 and S20 to S36.</summary>
public sealed class StatusFaultTests : FaultMatrix
{
    private const string Html = "<html><body><h1>Bad Gateway</h1></body></html>";

    [Theory]
    [InlineData(Endpoint.Generate, 1, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Submit, 1, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Get, 3, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Wait, 6, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Upload, 3, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Download, 3, RequestOutcome.Accepted)]
    public async Task S4_a_gateway_page_is_told_by_its_status(Endpoint endpoint, int tries, RequestOutcome outcome)
    {
        var page = Html + new string(' ', 20_000);
        var error = await FailAsync(endpoint, Reply.With(502, System.Text.Encoding.UTF8.GetBytes(page), "text/html"), Refused(endpoint, tries, outcome, 502));

        Assert.Contains("502", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("<", error.Message, StringComparison.Ordinal);
        Assert.InRange(error.Message.Length, 1, 1000);
    }

    [Theory]
    [InlineData(Endpoint.Generate, 400)]
    [InlineData(Endpoint.Generate, 405)]
    [InlineData(Endpoint.Generate, 415)]
    [InlineData(Endpoint.Generate, 422)]
    [InlineData(Endpoint.Submit, 400)]
    [InlineData(Endpoint.Submit, 405)]
    [InlineData(Endpoint.Submit, 415)]
    [InlineData(Endpoint.Submit, 422)]
    [InlineData(Endpoint.Get, 400)]
    [InlineData(Endpoint.Get, 422)]
    [InlineData(Endpoint.Wait, 400)]
    [InlineData(Endpoint.Wait, 422)]
    [InlineData(Endpoint.Upload, 400)]
    [InlineData(Endpoint.Upload, 422)]
    [InlineData(Endpoint.Download, 400)]
    public async Task S20_a_request_that_is_wrong_is_not_repeated(Endpoint endpoint, int status)
    {
        var fault = Reply.With(status, """{"detail":[{"loc":["body","size"],"msg":"not a size","type":"value_error"}]}""");

        var error = await FailAsync(endpoint, fault, Refused(endpoint, 1, Refusal(endpoint), status));

        Assert.Contains("body.size: not a size", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Endpoint.Generate, 401)]
    [InlineData(Endpoint.Generate, 402)]
    [InlineData(Endpoint.Generate, 403)]
    [InlineData(Endpoint.Generate, 410)]
    [InlineData(Endpoint.Generate, 451)]
    [InlineData(Endpoint.Submit, 401)]
    [InlineData(Endpoint.Submit, 402)]
    [InlineData(Endpoint.Submit, 403)]
    [InlineData(Endpoint.Get, 401)]
    [InlineData(Endpoint.Get, 402)]
    [InlineData(Endpoint.Get, 403)]
    [InlineData(Endpoint.Wait, 401)]
    [InlineData(Endpoint.Wait, 402)]
    [InlineData(Endpoint.Wait, 403)]
    [InlineData(Endpoint.Upload, 401)]
    [InlineData(Endpoint.Upload, 402)]
    [InlineData(Endpoint.Upload, 403)]
    [InlineData(Endpoint.Download, 401)]
    [InlineData(Endpoint.Download, 403)]
    [InlineData(Endpoint.Download, 404)]
    [InlineData(Endpoint.Download, 410)]
    public async Task S21_and_S22_a_caller_who_may_not_is_not_asked_again(Endpoint endpoint, int status)
    {
        var fault = Reply.With(status, """{"error":{"message":"no","code":"forbidden","type":"auth","param":"key"},"request_id":"req_example"}""");

        var error = await FailAsync(endpoint, fault, Refused(endpoint, 1, Refusal(endpoint), status));

        Assert.Equal(("forbidden", "auth", "key", "req_example"), (error.ErrorCode, error.ErrorType, error.ErrorParam, error.RequestId));
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Upload)]
    public async Task S21_a_key_that_changed_is_tried_once(Endpoint endpoint)
    {
        var keys = new Queue<string>(["old-key-0123456789", "new-key-0123456789"]);
        await using var server = ScriptServer.Start(Reply.With(401, "{}"));
        using var client = Clients.For(server.BaseAddress, options => options.ApiKeyProvider = _ => new(keys.Count > 1 ? keys.Dequeue() : keys.Peek()));

        await FailAsync(client, endpoint, server, new Failure(2, typeof(ImageApiErrorException), Refusal(endpoint), 401));

        Assert.Equal(["Bearer old-key-0123456789", "Bearer new-key-0123456789"], server.Requests.Select(static request => request.Header("Authorization")));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(410)]
    public async Task S22_and_J15_the_link_of_a_job_that_expired_is_asked_for_anew(int status)
    {
        await using var links = ScriptServer.Start(Reply.With(status, "{}"));
        await using var freshLinks = ScriptServer.Start(Reply.Good(Endpoint.Download));
        await using var job = ScriptServer.Start(Reply.With(200, $$$"""{"id":"job_example","status":"succeeded","output":{"images":[{"url":"{{{freshLinks.BaseAddress}}}"}]}}"""));
        using var client = Clients.For(job.BaseAddress);

        await client.Media.SaveAsync(Expired(links), Target);

        Assert.Equal(Reply.Png, await File.ReadAllBytesAsync(Target));
        Assert.Equal((1, 1, 1), (links.Requests.Count, job.Requests.Count, freshLinks.Requests.Count));
    }

    [Fact]
    public async Task S22_a_link_is_asked_for_anew_only_once()
    {
        await using var links = ScriptServer.Start(Reply.With(403, "{}"));
        await using var api = ScriptServer.Start(Reply.With(200, $$$"""{"id":"job_example","status":"succeeded","output":{"images":[{"url":"{{{links.BaseAddress}}}fresh.png"}]}}"""));
        using var client = Clients.For(api.BaseAddress);

        var error = await Assert.ThrowsAsync<MediaDownloadException>(() => client.Media.SaveAsync(Expired(links), Target));

        Assert.Equal(HttpStatusCode.Forbidden, error.StatusCode);
        Assert.Equal("job_example", error.JobId);
        Assert.Equal((2, 1), (links.Requests.Count, api.Requests.Count));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Folder));
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Upload)]
    public async Task S23_an_address_that_is_not_there_is_not_tried_again(Endpoint endpoint) =>
        await FailAsync(endpoint, Reply.With(404, "{}"), Refused(endpoint, 1, Refusal(endpoint), 404));

    [Theory]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Wait)]
    public async Task S23_a_job_that_is_not_there_ends_the_wait(Endpoint endpoint) =>
        await FailAsync(endpoint, Reply.With(404, "{}"), new Failure(1, typeof(JobNotFoundException), RequestOutcome.Unknown, 404));

    [Theory]
    [InlineData(408)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(529)]
    [InlineData(599)]
    public async Task S24_S33_S34_S35_a_server_in_trouble_may_have_charged(int status)
    {
        foreach (var endpoint in new[] { Endpoint.Generate, Endpoint.Submit })
        {
            await FailAsync(endpoint, Reply.With(status, "{}"), Refused(endpoint, 1, RequestOutcome.Unknown, status));
        }
    }

    [Theory]
    [InlineData(408)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(529)]
    public async Task S24_S33_S34_S35_what_costs_nothing_is_tried_again_at_a_server_in_trouble(int status)
    {
        await FailAsync(Endpoint.Get, Reply.With(status, "{}"), Refused(Endpoint.Get, 3, RequestOutcome.Accepted, status));
        await FailAsync(Endpoint.Wait, Reply.With(status, "{}"), Refused(Endpoint.Wait, 6, RequestOutcome.Accepted, status));
        await FailAsync(Endpoint.Upload, Reply.With(status, "{}"), Refused(Endpoint.Upload, 3, RequestOutcome.Unknown, status));
        await FailAsync(Endpoint.Download, Reply.With(status, "{}"), Refused(Endpoint.Download, 3, RequestOutcome.Accepted, status));
    }

    [Theory]
    [InlineData(Endpoint.Generate, 503)]
    [InlineData(Endpoint.Generate, 529)]
    [InlineData(Endpoint.Submit, 503)]
    [InlineData(Endpoint.Submit, 529)]
    [InlineData(Endpoint.Upload, 503)]
    public async Task S34_and_S35_a_server_that_invites_is_tried_again(Endpoint endpoint, int status) =>
        await FailAsync(endpoint, Reply.With(status, "{}", "Retry-After: 0"), Refused(endpoint, 3, RequestOutcome.Rejected, status));

    [Theory]
    [InlineData("overloaded")]
    [InlineData("queue_full")]
    public async Task S34_a_server_that_names_an_unprocessed_state_is_tried_again(string code) =>
        await FailAsync(Endpoint.Generate, Reply.With(503, $$$"""{"error":{"code":"{{{code}}}"}}"""), Refused(Endpoint.Generate, 3, RequestOutcome.Rejected, 503));

    [Theory]
    [InlineData(Endpoint.Generate, 1)]
    [InlineData(Endpoint.Submit, 1)]
    [InlineData(Endpoint.Get, 1)]
    [InlineData(Endpoint.Wait, 6)]
    [InlineData(Endpoint.Upload, 1)]
    public async Task S25_a_conflict_is_not_repeated_but_waited_out(Endpoint endpoint, int tries) =>
        await FailAsync(endpoint, Reply.With(409, "{}"), Refused(endpoint, tries, Refusal(endpoint), 409));

    [Theory]
    [InlineData(Endpoint.Generate, 0)]
    [InlineData(Endpoint.Submit, 0)]
    [InlineData(Endpoint.Upload, 2 * 1024 * 1024)]
    public async Task S26_a_body_that_is_too_large_is_refused_once(Endpoint endpoint, int bodyBytes) =>
        await FailAsync(endpoint, Reply.With(413, "{}"), Refused(endpoint, 1, Refusal(endpoint), 413), bodyBytes: bodyBytes);

    [Fact]
    public async Task S26_a_refusal_before_the_body_is_heard()
    {
        await using var server = ScriptServer.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync(Reply.Head(413, "Content-Length: 0", "Connection: close"));
            connection.Close();
        });
        using var client = Clients.For(server.BaseAddress);

        await FailAsync(client, Endpoint.Upload, server, Refused(Endpoint.Upload, 1, RequestOutcome.Rejected, 413), bodyBytes: 8 * 1024 * 1024);
    }

    [Fact]
    public async Task S26_a_connection_killed_while_uploading_says_what_it_may_be()
    {
        Exchange kill = async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 100 Continue\r\n\r\n");
            await connection.HasMoreAsync();
            connection.Reset();
        };
        await using var server = ScriptServer.Start(kill);
        using var client = Clients.For(server.BaseAddress);

        var error = await Assert.ThrowsAsync<ImageApiConnectionException>(() => client.CallAsync(Endpoint.Upload, server.BaseAddress, bodyBytes: 32 * 1024 * 1024));

        Assert.Contains("too large", error.Message, StringComparison.Ordinal);
        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
    }

    [Theory]
    [InlineData(Endpoint.Generate, 2)]
    [InlineData(Endpoint.Submit, 2)]
    [InlineData(Endpoint.Upload, 2)]
    [InlineData(Endpoint.Get, 3)]
    [InlineData(Endpoint.Wait, 6)]
    [InlineData(Endpoint.Download, 3)]
    public async Task S27_too_early_is_tried_again(Endpoint endpoint, int tries) =>
        await FailAsync(endpoint, Reply.With(425, "{}"), Refused(endpoint, tries, Refusal(endpoint), 425));

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Wait)]
    [InlineData(Endpoint.Upload)]
    [InlineData(Endpoint.Download)]
    public async Task S28_a_wait_that_the_server_asks_for_is_kept(Endpoint endpoint) =>
        Assert.True(await WaitAfterAsync(endpoint, "Retry-After: 2") >= TimeSpan.FromSeconds(2));

    // The server's clock is a day ahead of ours: only the difference of its own two dates counts.
    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Wait)]
    [InlineData(Endpoint.Upload)]
    [InlineData(Endpoint.Download)]
    public async Task S29_a_date_to_wait_for_is_measured_by_the_servers_own_clock(Endpoint endpoint)
    {
        var wait = await WaitAfterAsync(endpoint, "Date: Sun, 02 Jan 2000 00:00:00 GMT", "Retry-After: Sun, 02 Jan 2000 00:00:05 GMT");

        Assert.InRange(wait, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task S29_a_date_that_has_passed_is_no_wait() =>
        await RecoverAsync(Endpoint.Generate, Reply.With(429, "{}", "Date: Sun, 02 Jan 2000 00:00:00 GMT", "Retry-After: Sat, 01 Jan 2000 00:00:00 GMT"));

    [Theory]
    [InlineData(Endpoint.Generate, "86400")]
    [InlineData(Endpoint.Submit, "86400")]
    [InlineData(Endpoint.Get, "86400")]
    [InlineData(Endpoint.Upload, "86400")]
    [InlineData(Endpoint.Download, "86400")]
    [InlineData(Endpoint.Generate, "99999999999")]
    [InlineData(Endpoint.Generate, "99999999999999999999999999")]
    [InlineData(Endpoint.Generate, "Fri, 31 Dec 9999 23:59:59 GMT")]
    public async Task S30_a_wait_beyond_the_cap_is_told_instead_of_waited(Endpoint endpoint, string retryAfter)
    {
        var error = await FailAsync(endpoint, Reply.With(429, "{}", "Retry-After: " + retryAfter), Refused(endpoint, 1, Refusal(endpoint), 429));

        Assert.True(error.RetryAfter >= TimeSpan.FromDays(1));
    }

    [Fact]
    public async Task S30_a_wait_beyond_the_deadline_of_a_job_ends_at_once()
    {
        await using var server = ScriptServer.Start(Reply.With(429, "{}", "Retry-After: 99999999999"));
        using var client = Clients.For(server.BaseAddress);

        var error = await Assert.ThrowsAsync<JobTimeoutException>(() => client.CallAsync(Endpoint.Wait, server.BaseAddress));

        Assert.Equal("job_example", error.JobId);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("Retry-After: -5")]
    [InlineData("Retry-After: abc")]
    [InlineData("Retry-After: 1e400")]
    [InlineData("Retry-After: NaN")]
    [InlineData("Retry-After:")]
    [InlineData("X-Nothing: here")]
    public async Task S31_a_wish_that_cannot_be_read_is_passed_over(string header)
    {
        foreach (var endpoint in Enum.GetValues<Endpoint>())
        {
            await RecoverAsync(endpoint, Reply.With(429, "{}", header));
        }
    }

    [Fact]
    public async Task S31_without_a_wish_there_is_a_backoff_of_our_own()
    {
        var wait = await WaitAfterAsync(Endpoint.Generate, "Retry-After: -5");

        Assert.True(wait >= TimeSpan.FromMilliseconds(500));
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Wait)]
    [InlineData(Endpoint.Upload)]
    public async Task S32_an_empty_account_is_not_asked_again(Endpoint endpoint)
    {
        var error = await FailAsync(
            endpoint, Reply.With(429, """{"error":{"message":"no money","code":"insufficient_quota"}}""", "Retry-After: 0"), Refused(endpoint, 1, Refusal(endpoint), 429));

        Assert.Equal("insufficient_quota", error.ErrorCode);
    }

    [Theory]
    [InlineData("""{"title":"bad size","type":"https://example.com/size","status":400}""", "application/problem+json", "bad size", null)]
    [InlineData("""{"error":{"message":"bad size","type":"invalid","code":"E1"}}""", "application/json", "bad size", "E1")]
    [InlineData("""{"error":"bad size"}""", "application/json", "bad size", null)]
    [InlineData("""{"detail":[{"loc":["body","size"],"msg":"bad size","type":"x"}]}""", "application/json", "bad size", null)]
    [InlineData("""{"code":1001,"msg":"bad size"}""", "application/json", "bad size", "1001")]
    [InlineData("""{"error":{"message":["no text"],"code":{"a":1}},"message":"bad size"}""", "application/json", "bad size", null)]
    [InlineData("bad size", "text/plain", "bad size", null)]
    public async Task S36_every_shape_of_an_error_gives_a_message(string body, string type, string message, string? code)
    {
        foreach (var endpoint in new[] { Endpoint.Generate, Endpoint.Submit, Endpoint.Get, Endpoint.Upload })
        {
            var error = await FailAsync(
                endpoint, Reply.With(400, System.Text.Encoding.UTF8.GetBytes(body), type), Refused(endpoint, 1, Refusal(endpoint), 400));

            Assert.Contains(message, error.Message, StringComparison.Ordinal);
            Assert.Equal(code, error.ErrorCode);
        }
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Upload)]
    [InlineData(Endpoint.Download)]
    public async Task S37_of_an_endless_error_only_the_beginning_is_read(Endpoint endpoint)
    {
        var sent = 0L;
        await using var server = ScriptServer.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(Reply.Head(400, "Content-Type: text/plain"));
            var piece = new byte[64 * 1024];
            while (true)
            {
                await connection.SendAsync(piece);
                Interlocked.Add(ref sent, piece.Length);
            }
        });
        using var client = Clients.For(server.BaseAddress);

        var error = await FailAsync(client, endpoint, server, Refused(endpoint, 1, Refusal(endpoint), 400));

        Assert.InRange(error.ResponseExcerpt!.Length, 1, 4096);
        Assert.InRange(Interlocked.Read(ref sent), 0, 32 * 1024 * 1024); // what fits into the buffers of two sockets, and no gigabyte
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Upload)]
    [InlineData(Endpoint.Download)]
    public async Task S37_an_error_that_never_ends_is_told_after_some_seconds(Endpoint endpoint)
    {
        await using var server = ScriptServer.Start(Reply.RawThenStall([.. System.Text.Encoding.ASCII.GetBytes(Reply.Head(400, "Content-Length: 100")), .. "bad"u8]));
        var time = new FakeTimeProvider();
        using var handler = new HeadWatcher(new SocketsHttpHandler());
        using var client = Clients.For(handler, Clients.Options(server.BaseAddress), time);
        var call = FailAsync(client, endpoint, server, Refused(endpoint, 1, Refusal(endpoint), 400));
        await handler.NextHeadAsync();
        await time.PassUntilAsync(TimeSpan.FromSeconds(1), call);

        await call;
    }

    [Theory]
    [InlineData(Endpoint.Generate, 429)]
    [InlineData(Endpoint.Submit, 503)]
    [InlineData(Endpoint.Get, 500)]
    [InlineData(Endpoint.Upload, 500)]
    public async Task A_server_that_forbids_a_retry_gets_none(Endpoint endpoint, int status) => await FailAsync(
        endpoint,
        Reply.With(status, "{}", "x-should-retry: false", "Retry-After: 0"),
        Refused(endpoint, 1, endpoint == Endpoint.Upload ? RequestOutcome.Unknown : Refusal(endpoint), status));

    private static GeneratedMedia Expired(ScriptServer links) =>
        new() { Kind = MediaKind.Image, Url = new Uri(links.BaseAddress, "expired.png").AbsoluteUri, JobId = "job_example" };

    private static RequestOutcome Refusal(Endpoint endpoint) => endpoint is Endpoint.Get or Endpoint.Wait or Endpoint.Download ? RequestOutcome.Accepted : RequestOutcome.Rejected;

    private static Failure Refused(Endpoint endpoint, int tries, RequestOutcome outcome, int status) =>
        new(tries, endpoint == Endpoint.Download ? typeof(MediaDownloadException) : typeof(ImageApiErrorException), outcome, status);

    /// <summary>Answers 429 at first, and tells how much virtual time went by until the second request.</summary>
    private async Task<TimeSpan> WaitAfterAsync(Endpoint endpoint, params string[] headers)
    {
        var time = new FakeTimeProvider();
        var first = DateTimeOffset.MinValue;
        var second = DateTimeOffset.MinValue;
        var (refuse, accept) = (Reply.With(429, "{}", headers), Reply.Good(endpoint));
        await using var server = ScriptServer.Start(
            async connection =>
            {
                await connection.HasMoreAsync();
                first = time.GetUtcNow();
                await refuse(connection);
            },
            async connection =>
            {
                await connection.HasMoreAsync();
                second = time.GetUtcNow();
                await accept(connection);
            });
        using var handler = new SocketsHttpHandler();
        var options = new ImageApiClientOptions { BaseAddress = server.BaseAddress, ApiKey = Clients.Key };
        using var client = Clients.For(handler, options, time, random: static () => 1);
        var call = SucceedAsync(client, endpoint, server.BaseAddress);
        await server.WaitForRequestsAsync(1);
        await time.PassUntilAsync(TimeSpan.FromMilliseconds(100), call);
        await call;
        return second - first;
    }
}
