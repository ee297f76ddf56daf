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
    public async Task S4_html_error_page_is_reported_by_status_code(Endpoint endpoint, int requestCount, RequestOutcome outcome)
    {
        var page = Html + new string(' ', 20_000);
        var error = await FailAsync(endpoint, ScriptedResponse.With(502, System.Text.Encoding.UTF8.GetBytes(page), "text/html"), ExpectedError(endpoint, requestCount, outcome, 502));

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
    public async Task S20_invalid_request_is_not_retried(Endpoint endpoint, int status)
    {
        var fault = ScriptedResponse.With(status, """{"detail":[{"loc":["body","size"],"msg":"not a size","type":"value_error"}]}""");

        var error = await FailAsync(endpoint, fault, ExpectedError(endpoint, 1, RejectionOutcome(endpoint), status));

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
    public async Task S21_and_S22_permanent_client_error_is_not_retried(Endpoint endpoint, int status)
    {
        var fault = ScriptedResponse.With(status, """{"error":{"message":"no","code":"forbidden","type":"auth","param":"key"},"request_id":"req_example"}""");

        var error = await FailAsync(endpoint, fault, ExpectedError(endpoint, 1, RejectionOutcome(endpoint), status));

        Assert.Equal(("forbidden", "auth", "key", "req_example"), (error.ErrorCode, error.ErrorType, error.ErrorParam, error.RequestId));
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Upload)]
    public async Task S21_changed_api_key_is_retried_once(Endpoint endpoint)
    {
        var apiKeys = new Queue<string>(["old-key-0123456789", "new-key-0123456789"]);
        await using var server = ScriptedServer.Start(ScriptedResponse.With(401, "{}"));
        using var client = TestClients.Create(server.BaseAddress, options => options.ApiKeyProvider = _ => new(apiKeys.Count > 1 ? apiKeys.Dequeue() : apiKeys.Peek()));

        await FailAsync(client, endpoint, server, new Failure(2, ImageApiFailureReason.Response, RejectionOutcome(endpoint), 401));

        Assert.Equal(["Bearer old-key-0123456789", "Bearer new-key-0123456789"], server.Requests.Select(static request => request.Header("Authorization")));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(410)]
    public async Task S22_and_J15_expired_media_url_is_refreshed_from_the_job(int status)
    {
        await using var mediaServer = ScriptedServer.Start(ScriptedResponse.With(status, "{}"));
        await using var freshMediaServer = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Download));
        await using var jobServer = ScriptedServer.Start(ScriptedResponse.With(200, $$$"""{"id":"job_example","status":"succeeded","output":{"images":[{"url":"{{{freshMediaServer.BaseAddress}}}"}]}}"""));
        using var client = TestClients.Create(jobServer.BaseAddress);

        await client.Media.SaveAsync(ExpiredMedia(mediaServer), Target);

        Assert.Equal(ScriptedResponse.Png, await File.ReadAllBytesAsync(Target));
        Assert.Equal((1, 1, 1), (mediaServer.Requests.Count, jobServer.Requests.Count, freshMediaServer.Requests.Count));
    }

    [Fact]
    public async Task S22_expired_media_url_is_refreshed_only_once()
    {
        await using var mediaServer = ScriptedServer.Start(ScriptedResponse.With(403, "{}"));
        await using var api = ScriptedServer.Start(ScriptedResponse.With(200, $$$"""{"id":"job_example","status":"succeeded","output":{"images":[{"url":"{{{mediaServer.BaseAddress}}}fresh.png"}]}}"""));
        using var client = TestClients.Create(api.BaseAddress);

        var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.Download, () => client.Media.SaveAsync(ExpiredMedia(mediaServer), Target));

        Assert.Equal(HttpStatusCode.Forbidden, error.StatusCode);
        Assert.Equal("job_example", error.JobId);
        Assert.Equal((2, 1), (mediaServer.Requests.Count, api.Requests.Count));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Folder));
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Upload)]
    public async Task S23_not_found_response_is_not_retried(Endpoint endpoint) =>
        await FailAsync(endpoint, ScriptedResponse.With(404, "{}"), ExpectedError(endpoint, 1, RejectionOutcome(endpoint), 404));

    [Theory]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Wait)]
    public async Task S23_missing_job_throws_JobNotFoundException(Endpoint endpoint) =>
        await FailAsync(endpoint, ScriptedResponse.With(404, "{}"), new Failure(1, ImageApiFailureReason.Job, RequestOutcome.Unknown, 404));

    [Theory]
    [InlineData(408)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(529)]
    [InlineData(599)]
    public async Task S24_S33_S34_S35_server_error_on_a_paid_request_may_be_billed(int status)
    {
        foreach (var endpoint in new[] { Endpoint.Generate, Endpoint.Submit })
        {
            await FailAsync(endpoint, ScriptedResponse.With(status, "{}"), ExpectedError(endpoint, 1, RequestOutcome.Unknown, status));
        }
    }

    [Theory]
    [InlineData(408)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(529)]
    public async Task S24_S33_S34_S35_server_error_on_an_unpaid_request_is_retried(int status)
    {
        await FailAsync(Endpoint.Get, ScriptedResponse.With(status, "{}"), ExpectedError(Endpoint.Get, 3, RequestOutcome.Accepted, status));
        await FailAsync(Endpoint.Wait, ScriptedResponse.With(status, "{}"), ExpectedError(Endpoint.Wait, 6, RequestOutcome.Accepted, status));
        await FailAsync(Endpoint.Upload, ScriptedResponse.With(status, "{}"), ExpectedError(Endpoint.Upload, 3, RequestOutcome.Unknown, status));
        await FailAsync(Endpoint.Download, ScriptedResponse.With(status, "{}"), ExpectedError(Endpoint.Download, 3, RequestOutcome.Accepted, status));
    }

    [Theory]
    [InlineData(Endpoint.Generate, 503)]
    [InlineData(Endpoint.Generate, 529)]
    [InlineData(Endpoint.Submit, 503)]
    [InlineData(Endpoint.Submit, 529)]
    [InlineData(Endpoint.Upload, 503)]
    public async Task S34_and_S35_server_error_with_Retry_After_is_retried(Endpoint endpoint, int status) =>
        await FailAsync(endpoint, ScriptedResponse.With(status, "{}", "Retry-After: 0"), ExpectedError(endpoint, 3, RequestOutcome.Rejected, status));

    [Theory]
    [InlineData("overloaded")]
    [InlineData("queue_full")]
    public async Task S34_unprocessed_error_code_is_retried(string code) =>
        await FailAsync(Endpoint.Generate, ScriptedResponse.With(503, $$$"""{"error":{"code":"{{{code}}}"}}"""), ExpectedError(Endpoint.Generate, 3, RequestOutcome.Rejected, 503));

    [Theory]
    [InlineData(Endpoint.Generate, 1)]
    [InlineData(Endpoint.Submit, 1)]
    [InlineData(Endpoint.Get, 1)]
    [InlineData(Endpoint.Wait, 6)]
    [InlineData(Endpoint.Upload, 1)]
    public async Task S25_conflict_is_retried_only_while_polling(Endpoint endpoint, int requestCount) =>
        await FailAsync(endpoint, ScriptedResponse.With(409, "{}"), ExpectedError(endpoint, requestCount, RejectionOutcome(endpoint), 409));

    [Theory]
    [InlineData(Endpoint.Generate, 0)]
    [InlineData(Endpoint.Submit, 0)]
    [InlineData(Endpoint.Upload, 2 * 1024 * 1024)]
    public async Task S26_too_large_payload_is_rejected_without_retry(Endpoint endpoint, int bodyBytes) =>
        await FailAsync(endpoint, ScriptedResponse.With(413, "{}"), ExpectedError(endpoint, 1, RejectionOutcome(endpoint), 413), bodyBytes: bodyBytes);

    [Fact]
    public async Task S26_early_error_response_during_an_upload_is_reported()
    {
        await using var server = ScriptedServer.Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync(ScriptedResponse.Head(413, "Content-Length: 0", "Connection: close"));
            connection.Close();
        });
        using var client = TestClients.Create(server.BaseAddress);

        await FailAsync(client, Endpoint.Upload, server, ExpectedError(Endpoint.Upload, 1, RequestOutcome.Rejected, 413), bodyBytes: 8 * 1024 * 1024);
    }

    [Fact]
    public async Task S26_upload_reset_error_mentions_a_too_large_payload()
    {
        Exchange reset = async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 100 Continue\r\n\r\n");
            await connection.WaitForNextRequestAsync();
            connection.Reset();
        };
        await using var server = ScriptedServer.Start(reset);
        using var client = TestClients.Create(server.BaseAddress);

        var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.Connection, () => client.CallAsync(Endpoint.Upload, server.BaseAddress, bodyBytes: 32 * 1024 * 1024));

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
    public async Task S27_too_early_response_is_retried(Endpoint endpoint, int requestCount) =>
        await FailAsync(endpoint, ScriptedResponse.With(425, "{}"), ExpectedError(endpoint, requestCount, RejectionOutcome(endpoint), 425));

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Wait)]
    [InlineData(Endpoint.Upload)]
    [InlineData(Endpoint.Download)]
    public async Task S28_Retry_After_delay_is_honored(Endpoint endpoint) =>
        Assert.True(await MeasureRetryDelayAsync(endpoint, "Retry-After: 2") >= TimeSpan.FromSeconds(2));

    // The server's clock is a day ahead of ours: only the difference of its own two dates counts.
    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Wait)]
    [InlineData(Endpoint.Upload)]
    [InlineData(Endpoint.Download)]
    public async Task S29_Retry_After_date_is_measured_by_the_server_clock(Endpoint endpoint)
    {
        var delay = await MeasureRetryDelayAsync(endpoint, "Date: Sun, 02 Jan 2000 00:00:00 GMT", "Retry-After: Sun, 02 Jan 2000 00:00:05 GMT");

        Assert.InRange(delay, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task S29_past_Retry_After_date_is_retried() =>
        await RecoverAsync(Endpoint.Generate, ScriptedResponse.With(429, "{}", "Date: Sun, 02 Jan 2000 00:00:00 GMT", "Retry-After: Sat, 01 Jan 2000 00:00:00 GMT"));

    [Theory]
    [InlineData(Endpoint.Generate, "86400")]
    [InlineData(Endpoint.Submit, "86400")]
    [InlineData(Endpoint.Get, "86400")]
    [InlineData(Endpoint.Upload, "86400")]
    [InlineData(Endpoint.Download, "86400")]
    [InlineData(Endpoint.Generate, "99999999999")]
    [InlineData(Endpoint.Generate, "99999999999999999999999999")]
    [InlineData(Endpoint.Generate, "Fri, 31 Dec 9999 23:59:59 GMT")]
    public async Task S30_Retry_After_over_the_maximum_throws_without_waiting(Endpoint endpoint, string retryAfter)
    {
        var error = await FailAsync(endpoint, ScriptedResponse.With(429, "{}", "Retry-After: " + retryAfter), ExpectedError(endpoint, 1, RejectionOutcome(endpoint), 429));

        Assert.True(error.Info.RetryAfter >= TimeSpan.FromDays(1));
    }

    [Fact]
    public async Task S30_Retry_After_beyond_the_job_timeout_throws_immediately()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(429, "{}", "Retry-After: 99999999999"));
        using var client = TestClients.Create(server.BaseAddress);

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
    public async Task S31_invalid_Retry_After_is_ignored(string header)
    {
        foreach (var endpoint in Enum.GetValues<Endpoint>())
        {
            await RecoverAsync(endpoint, ScriptedResponse.With(429, "{}", header));
        }
    }

    [Fact]
    public async Task S31_backoff_is_used_without_a_valid_Retry_After()
    {
        var delay = await MeasureRetryDelayAsync(Endpoint.Generate, "Retry-After: -5");

        Assert.True(delay >= TimeSpan.FromMilliseconds(500));
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Wait)]
    [InlineData(Endpoint.Upload)]
    public async Task S32_insufficient_quota_is_not_retried(Endpoint endpoint)
    {
        var error = await FailAsync(
            endpoint, ScriptedResponse.With(429, """{"error":{"message":"no money","code":"insufficient_quota"}}""", "Retry-After: 0"), ExpectedError(endpoint, 1, RejectionOutcome(endpoint), 429));

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
    public async Task S36_every_error_format_yields_a_message(string body, string type, string message, string? code)
    {
        foreach (var endpoint in new[] { Endpoint.Generate, Endpoint.Submit, Endpoint.Get, Endpoint.Upload })
        {
            var error = await FailAsync(
                endpoint, ScriptedResponse.With(400, System.Text.Encoding.UTF8.GetBytes(body), type), ExpectedError(endpoint, 1, RejectionOutcome(endpoint), 400));

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
    public async Task S37_endless_error_body_is_read_up_to_a_limit(Endpoint endpoint)
    {
        var sent = 0L;
        await using var server = ScriptedServer.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(ScriptedResponse.Head(400, "Content-Type: text/plain"));
            var chunk = new byte[64 * 1024];
            while (true)
            {
                await connection.SendAsync(chunk);
                Interlocked.Add(ref sent, chunk.Length);
            }
        });
        using var client = TestClients.Create(server.BaseAddress);

        var error = await FailAsync(client, endpoint, server, ExpectedError(endpoint, 1, RejectionOutcome(endpoint), 400));

        Assert.InRange(error.ResponseExcerpt!.Length, 1, 4096);
        Assert.InRange(Interlocked.Read(ref sent), 0, 32 * 1024 * 1024); // what fits into the buffers of two sockets, and no gigabyte
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Upload)]
    [InlineData(Endpoint.Download)]
    public async Task S37_stalled_error_body_is_reported_after_a_timeout(Endpoint endpoint)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.RawThenStall([.. System.Text.Encoding.ASCII.GetBytes(ScriptedResponse.Head(400, "Content-Length: 100")), .. "bad"u8]));
        var time = new FakeTimeProvider();
        using var handler = new ResponseHeadersSignal(new SocketsHttpHandler());
        using var client = TestClients.Create(handler, TestClients.Options(server.BaseAddress), time);
        var call = FailAsync(client, endpoint, server, ExpectedError(endpoint, 1, RejectionOutcome(endpoint), 400));
        await handler.WaitForHeadersAsync();
        await time.AdvanceUntilAsync(TimeSpan.FromSeconds(1), call);

        await call;
    }

    [Theory]
    [InlineData(Endpoint.Generate, 429)]
    [InlineData(Endpoint.Submit, 503)]
    [InlineData(Endpoint.Get, 500)]
    [InlineData(Endpoint.Upload, 500)]
    public async Task X_should_retry_false_prevents_a_retry(Endpoint endpoint, int status) => await FailAsync(
        endpoint,
        ScriptedResponse.With(status, "{}", "x-should-retry: false", "Retry-After: 0"),
        ExpectedError(endpoint, 1, endpoint == Endpoint.Upload ? RequestOutcome.Unknown : RejectionOutcome(endpoint), status));

    private static GeneratedMedia ExpiredMedia(ScriptedServer mediaServer) =>
        new() { Kind = MediaKind.Image, Url = new Uri(mediaServer.BaseAddress, "expired.png").AbsoluteUri, JobId = "job_example" };

    private static RequestOutcome RejectionOutcome(Endpoint endpoint) => endpoint is Endpoint.Get or Endpoint.Wait or Endpoint.Download ? RequestOutcome.Accepted : RequestOutcome.Rejected;

    private static Failure ExpectedError(Endpoint endpoint, int requestCount, RequestOutcome outcome, int status) =>
        new(requestCount, endpoint == Endpoint.Download ? ImageApiFailureReason.Download : ImageApiFailureReason.Response, outcome, status);

    /// <summary>Answers 429 at first, and tells how much virtual time went by until the second request.</summary>
    private async Task<TimeSpan> MeasureRetryDelayAsync(Endpoint endpoint, params string[] headers)
    {
        var time = new FakeTimeProvider();
        var first = DateTimeOffset.MinValue;
        var second = DateTimeOffset.MinValue;
        var (reject, accept) = (ScriptedResponse.With(429, "{}", headers), ScriptedResponse.Success(endpoint));
        await using var server = ScriptedServer.Start(
            async connection =>
            {
                await connection.WaitForNextRequestAsync();
                first = time.GetUtcNow();
                await reject(connection);
            },
            async connection =>
            {
                await connection.WaitForNextRequestAsync();
                second = time.GetUtcNow();
                await accept(connection);
            });
        using var handler = new SocketsHttpHandler();
        var options = new ImageApiClientOptions { BaseAddress = server.BaseAddress, ApiKey = TestClients.ApiKey };
        using var client = TestClients.Create(handler, options, time, random: static () => 1);
        var call = SucceedAsync(client, endpoint, server.BaseAddress);
        await server.WaitForRequestsAsync(1);
        await time.AdvanceUntilAsync(TimeSpan.FromMilliseconds(100), call);
        await call;
        return second - first;
    }
}
