using System.IO.Compression;
using System.Net;
using System.Text;

namespace ImageApi.Client.Tests.Faults;

/// <summary>Answers that say yes and are none: rows S1 to S3 and S10 to S15. Answers that are only odd: <see cref="MalformedResponseTests"/>.</summary>
public sealed class BodyFaultTests : FaultMatrix
{
    [Theory]
    [InlineData(Endpoint.Generate, RequestOutcome.Rejected)]
    [InlineData(Endpoint.Submit, RequestOutcome.Rejected)]
    [InlineData(Endpoint.Get, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Wait, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Upload, RequestOutcome.Rejected)]
    public async Task S1_error_object_in_a_200_response_throws(Endpoint endpoint, RequestOutcome outcome)
    {
        var fault = ScriptedResponse.With(200, """{"error":{"message":"not today","code":"moderation_blocked"}}""");

        var error = await FailAsync(endpoint, fault, new Failure(1, ImageApiFailureReason.Response, outcome, 200));

        Assert.Equal("moderation_blocked", error.ErrorCode);
        Assert.Contains("not today", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData(" \r\n\t ")]
    public async Task S2_empty_json_response_throws(string body)
    {
        foreach (var (endpoint, requestCount) in new[] { (Endpoint.Generate, 1), (Endpoint.Submit, 1), (Endpoint.Get, 2), (Endpoint.Wait, 2), (Endpoint.Upload, 1) })
        {
            await FailAsync(endpoint, ScriptedResponse.With(200, body), new Failure(requestCount, ImageApiFailureReason.InvalidResponse, OutcomeFor(endpoint), 200));
        }
    }

    [Fact]
    public async Task S2_empty_download_throws() =>
        await FailAsync(Endpoint.Download, ScriptedResponse.With(200, [], "image/png"), new Failure(1, ImageApiFailureReason.Download, RequestOutcome.Accepted, 200));

    [Theory]
    [InlineData(Endpoint.Generate, 1)]
    [InlineData(Endpoint.Submit, 1)]
    [InlineData(Endpoint.Get, 3)]
    [InlineData(Endpoint.Wait, 6)]
    [InlineData(Endpoint.Upload, 1)]
    [InlineData(Endpoint.Download, 1)]
    public async Task S3_captive_portal_page_is_an_invalid_response(Endpoint endpoint, int requestCount)
    {
        var fault = ScriptedResponse.With(200, "<!DOCTYPE html><title>Log in to the hotel</title>"u8.ToArray(), "text/html");
        var reason = endpoint == Endpoint.Download ? ImageApiFailureReason.Download : ImageApiFailureReason.InvalidResponse;

        var error = await FailAsync(endpoint, fault, new Failure(requestCount, reason, OutcomeFor(endpoint), 200));

        Assert.True(endpoint == Endpoint.Download || error.ResponseExcerpt!.Contains("hotel", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Upload)]
    public async Task S10_and_E1_json_response_over_the_size_limit_throws(Endpoint endpoint)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(200, $$"""{"id":"job_example","note":[{{string.Join(',', Enumerable.Repeat("\"note\"", 1000))}}]}"""));
        using var client = TestClients.Create(server.BaseAddress, static options => options.Limits.MaxJsonBytes = 2048);

        await FailAsync(client, endpoint, server, new Failure(1, ImageApiFailureReason.LimitExceeded, OutcomeFor(endpoint), 200));
    }

    public static TheoryData<string, bool> UnusableBodies => new()
    {
        { """{"id":"job_paid","status":"qu""", false },
        { """{"id":"job_paid","status":"qu""", true },
        { """{"data":{"task_id":"job_paid","x":""", true },
        { $$"""{"id":"job_paid","x":{{new string('[', 100)}}{{new string(']', 100)}}}""", false },
        { $$"""{"id":"job_paid","note":"{{new string('x', 5000)}}"}""", false },
        { $$"""{"id":"job_paid","output":{"images":[{{string.Join(',', Enumerable.Range(0, 1001).Select(static i => $"\"https://e.x/{i}\""))}}]},"data":[{{string.Join(',', Enumerable.Range(0, 1001).Select(static i => $"\"https://e.x/{i}\""))}}]}""", false },
        { $$"""{"id":"job_paid","data":[{{string.Join(',', Enumerable.Repeat("""{"b64_json":"AAAA"}""", 1001))}}]}""", false },
    };

    [Theory]
    [MemberData(nameof(UnusableBodies))]
    public async Task Job_id_is_recovered_from_an_unusable_paid_response(string body, bool isTruncated)
    {
        foreach (var endpoint in new[] { Endpoint.Generate, Endpoint.Submit })
        {
            var bytes = Encoding.UTF8.GetBytes(body);
            await using var server = ScriptedServer.Start(ScriptedResponse.Raw(ScriptedResponse.Message(bytes, $"Content-Length: {bytes.Length + (isTruncated ? 100 : 0)}")));
            using var client = TestClients.Create(server.BaseAddress, options => options.Limits.MaxJsonBytes = bytes.Length > 20_000 ? 100_000 : 4096);

            var error = await Assert.ThrowsAnyAsync<ImageApiException>(() => client.CallAsync(endpoint, server.BaseAddress));

            Assert.Equal("job_paid", error.JobId);
            Assert.Contains("job_paid", error.ResponseExcerpt, StringComparison.Ordinal);
            Assert.Single(server.Requests);
        }
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    public async Task Job_id_is_recovered_when_the_response_body_stalls(Endpoint endpoint)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.RawThenStall(ScriptedResponse.Message("""{"id":"job_paid","output":"""u8.ToArray(), "Content-Length: 1000")));
        using var client = TestClients.Create(server.BaseAddress, static options => options.Timeouts.Idle = TimeSpan.FromMilliseconds(200));

        var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.Timeout, () => client.CallAsync(endpoint, server.BaseAddress));

        Assert.Equal("job_paid", error.JobId);
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    public async Task Job_id_is_recovered_when_the_request_is_canceled(Endpoint endpoint)
    {
        using var cancellation = new CancellationTokenSource();
        using var body = new CancelingStream("""{"id":"job_paid","output":"""u8.ToArray(), cancellation);
        using var handler = new ScriptedHandler((_, _) => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(body) });
        using var client = TestClients.Create(handler, TestClients.Options(new Uri("https://api.example")));

        var error = await Assert.ThrowsAsync<ImageApiCanceledException>(
            () => client.CallAsync(endpoint, new Uri("https://api.example"), cancellationToken: cancellation.Token));

        Assert.Equal(("job_paid", RequestOutcome.Unknown), (error.JobId, error.Outcome));
    }

    [Theory]
    [InlineData(Endpoint.Generate, """{"job":{"id":"job_paid"},"detail":"accepted"}""")]
    [InlineData(Endpoint.Submit, """{"job":{"id":"job_paid"},"detail":"accepted"}""")]
    [InlineData(Endpoint.Submit, """{"result":[{"task":"job_paid"}]}""")]
    [InlineData(Endpoint.Submit, """{"id":"job_paid","id":"job_other"}""")]
    public async Task Exception_includes_an_excerpt_of_an_invalid_paid_response(Endpoint endpoint, string body)
    {
        var error = await FailAsync(endpoint, ScriptedResponse.With(200, body), new Failure(1, ImageApiFailureReason.InvalidResponse, RequestOutcome.Unknown, 200));

        Assert.Equal(body, error.ResponseExcerpt);
    }

    [Fact]
    public async Task E2_download_over_the_size_limit_throws() => await FailAsync(
        Endpoint.Download,
        ScriptedResponse.Success(Endpoint.Download),
        new Failure(1, ImageApiFailureReason.LimitExceeded, RequestOutcome.Accepted, 200),
        static options => options.Limits.MaxMediaBytes = ScriptedResponse.Png.Length - 1);

    [Theory]
    [InlineData(Endpoint.Generate, 1)]
    [InlineData(Endpoint.Submit, 1)]
    [InlineData(Endpoint.Get, 3)]
    [InlineData(Endpoint.Upload, 1)]
    [InlineData(Endpoint.Download, 1)]
    public async Task S11_unrequested_content_encoding_is_an_invalid_response(Endpoint endpoint, int requestCount)
    {
        var reason = endpoint == Endpoint.Download ? ImageApiFailureReason.Download : ImageApiFailureReason.InvalidResponse;

        foreach (var (compressed, name) in new[] { (Gzip(ScriptedResponse.SuccessBody(endpoint)), "gzip"), (Brotli(ScriptedResponse.SuccessBody(endpoint)), "br") })
        {
            await FailAsync(endpoint, ScriptedResponse.With(200, compressed, ScriptedResponse.SuccessContentType(endpoint), "Content-Encoding: " + name), new Failure(requestCount, reason, OutcomeFor(endpoint), 200));
        }
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("Identity, aws-chunked")]
    public async Task S11_identity_content_encoding_is_accepted(string encoding)
    {
        foreach (var endpoint in new[] { Endpoint.Generate, Endpoint.Submit, Endpoint.Get, Endpoint.Upload, Endpoint.Download })
        {
            await using var server = ScriptedServer.Start(ScriptedResponse.With(200, ScriptedResponse.SuccessBody(endpoint), ScriptedResponse.SuccessContentType(endpoint), "Content-Encoding: " + encoding));
            using var client = TestClients.Create(server.BaseAddress);

            await SucceedAsync(client, endpoint, server.BaseAddress);

            Assert.Equal("identity", server.Requests[0].Header("Accept-Encoding"));
        }
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Download)]
    public async Task S12_size_limit_applies_to_the_decompressed_response(Endpoint endpoint)
    {
        byte[] head = endpoint == Endpoint.Download ? ScriptedResponse.Png : Encoding.ASCII.GetBytes("[");
        var bomb = Gzip([.. head, .. Enumerable.Repeat((byte)' ', 64 * 1024 * 1024)]);
        await using var server = ScriptedServer.Start(ScriptedResponse.With(200, bomb, ScriptedResponse.SuccessContentType(endpoint), "Content-Encoding: gzip"));
        using var handler = new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.All };
        var options = TestClients.Options(server.BaseAddress);
        options.Limits.MaxMediaBytes = 1024 * 1024;
        using var client = TestClients.Create(handler, options);

        await FailAsync(client, endpoint, server, new Failure(1, ImageApiFailureReason.LimitExceeded, OutcomeFor(endpoint), 200));
    }

    [Theory]
    [InlineData(Endpoint.Generate, 1)]
    [InlineData(Endpoint.Submit, 1)]
    [InlineData(Endpoint.Get, 3)]
    [InlineData(Endpoint.Wait, 6)]
    [InlineData(Endpoint.Upload, 1)]
    [InlineData(Endpoint.Download, 1)]
    public async Task S12_doubly_compressed_response_is_invalid(Endpoint endpoint, int requestCount)
    {
        var reason = endpoint == Endpoint.Download ? ImageApiFailureReason.Download : ImageApiFailureReason.InvalidResponse;
        foreach (var decompression in new[] { DecompressionMethods.None, DecompressionMethods.All })
        {
            await using var server = ScriptedServer.Start(ScriptedResponse.With(200, Gzip(Gzip(ScriptedResponse.SuccessBody(endpoint))), ScriptedResponse.SuccessContentType(endpoint), "Content-Encoding: gzip, gzip"));
            using var handler = new SocketsHttpHandler { AutomaticDecompression = decompression };
            using var client = TestClients.Create(handler, TestClients.Options(server.BaseAddress));

            await FailAsync(client, endpoint, server, new Failure(requestCount, reason, OutcomeFor(endpoint), 200));
        }
    }

    [Theory]
    [InlineData("gbk")]
    [InlineData("no-such-charset")]
    public async Task S13_response_charset_is_ignored_and_json_is_read_as_utf8(string charset)
    {
        foreach (var endpoint in new[] { Endpoint.Generate, Endpoint.Submit, Endpoint.Get, Endpoint.Upload })
        {
            await using var server = ScriptedServer.Start(ScriptedResponse.With(200, ScriptedResponse.SuccessBody(endpoint), $"application/json; charset={charset}"));
            using var client = TestClients.Create(server.BaseAddress);

            await SucceedAsync(client, endpoint, server.BaseAddress);
        }
    }

    [Theory]
    [InlineData(204)]
    [InlineData(205)]
    public async Task S14_no_content_response_to_a_json_request_throws(int status)
    {
        foreach (var (endpoint, requestCount) in new[] { (Endpoint.Generate, 1), (Endpoint.Submit, 1), (Endpoint.Get, 2), (Endpoint.Wait, 2), (Endpoint.Upload, 1) })
        {
            await FailAsync(endpoint, ScriptedResponse.Raw(ScriptedResponse.Head(status, "Content-Length: 0")), new Failure(requestCount, ImageApiFailureReason.InvalidResponse, OutcomeFor(endpoint), status));
        }
    }

    [Theory]
    [InlineData(204)]
    [InlineData(206)]
    public async Task S14_unrequested_partial_or_empty_download_throws(int status)
    {
        byte[] response = [.. Encoding.ASCII.GetBytes(ScriptedResponse.Head(status, "Content-Type: image/png", status == 204 ? "X-Empty: 1" : $"Content-Length: {ScriptedResponse.Png.Length}")), .. status == 204 ? [] : ScriptedResponse.Png];

        await FailAsync(Endpoint.Download, ScriptedResponse.Raw(response), new Failure(1, ImageApiFailureReason.Download, RequestOutcome.Accepted, status));
    }

    [Theory]
    [InlineData(201)]
    [InlineData(202)]
    public async Task S15_status_201_and_202_are_successful(int status)
    {
        foreach (var endpoint in new[] { Endpoint.Generate, Endpoint.Submit, Endpoint.Get, Endpoint.Upload })
        {
            await using var server = ScriptedServer.Start(ScriptedResponse.With(status, ScriptedResponse.SuccessBody(endpoint), "application/json"));
            using var client = TestClients.Create(server.BaseAddress);

            await SucceedAsync(client, endpoint, server.BaseAddress);
        }
    }

    public static TheoryData<string> EmptyBodiesWithoutLength => ["Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "Connection: close\r\n\r\n", "Content-Type: application/json\r\nConnection: close\r\n\r\n\r\n"];

    [Theory]
    [MemberData(nameof(EmptyBodiesWithoutLength))]
    public async Task S15_empty_202_without_content_length_leaves_the_job_state_unknown(string rest)
    {
        var emptyResponse = ScriptedResponse.Raw("HTTP/1.1 202 Accepted\r\n" + rest);
        await using var server = ScriptedServer.Start(emptyResponse);
        using var client = TestClients.Create(server.BaseAddress);

        var job = await client.Jobs.GetAsync(EndpointCalls.JobId);

        Assert.Equal((EndpointCalls.JobId, JobState.Unknown, 1), (job.Id, job.State, server.Requests.Count));
        await RecoverAsync(Endpoint.Wait, emptyResponse);
    }

    [Theory]
    [MemberData(nameof(EmptyBodiesWithoutLength))]
    public async Task S2_empty_202_response_to_generate_submit_or_upload_throws(string rest)
    {
        foreach (var endpoint in new[] { Endpoint.Generate, Endpoint.Submit, Endpoint.Upload })
        {
            await FailAsync(endpoint, ScriptedResponse.Raw("HTTP/1.1 202 Accepted\r\n" + rest), new Failure(1, ImageApiFailureReason.InvalidResponse, RequestOutcome.Unknown, 202));
        }
    }

    private static RequestOutcome OutcomeFor(Endpoint endpoint) => endpoint is Endpoint.Get or Endpoint.Wait or Endpoint.Download ? RequestOutcome.Accepted : RequestOutcome.Unknown;

    private static byte[] Gzip(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return compressed.ToArray();
    }

    private static byte[] Brotli(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, CompressionLevel.Fastest))
        {
            brotli.Write(bytes);
        }

        return compressed.ToArray();
    }

    /// <summary>A body that says something, and is cancelled when more is asked of it.</summary>
    private sealed class CancelingStream(byte[] body, CancellationTokenSource cancellation) : MemoryStream(body)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await base.ReadAsync(buffer, cancellationToken);
            if (count == 0)
            {
                await cancellation.CancelAsync();
                await Task.Delay(TestTimeout.Duration, cancellationToken);
            }

            return count;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }
}
