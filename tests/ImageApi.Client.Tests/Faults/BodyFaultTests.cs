using System.IO.Compression;
using System.Net;
using System.Text;

namespace ImageApi.Client.Tests.Faults;

/// <summary>Answers that say yes and are none: rows S1 to S3 and S10 to S15. Answers that are only odd: <see cref="OddAnswerTests"/>.</summary>
public sealed class BodyFaultTests : FaultMatrix
{
    [Theory]
    [InlineData(Endpoint.Generate, RequestOutcome.Rejected)]
    [InlineData(Endpoint.Submit, RequestOutcome.Rejected)]
    [InlineData(Endpoint.Get, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Wait, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Upload, RequestOutcome.Rejected)]
    public async Task S1_an_error_inside_a_success(Endpoint endpoint, RequestOutcome outcome)
    {
        var fault = Reply.With(200, """{"error":{"message":"not today","code":"moderation_blocked"}}""");

        var error = await FailAsync(endpoint, fault, new Failure(1, typeof(ImageApiErrorException), outcome, 200));

        Assert.Equal("moderation_blocked", error.ErrorCode);
        Assert.Contains("not today", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData(" \r\n\t ")]
    public async Task S2_an_empty_success(string body)
    {
        foreach (var (endpoint, tries) in new[] { (Endpoint.Generate, 1), (Endpoint.Submit, 1), (Endpoint.Get, 2), (Endpoint.Wait, 2), (Endpoint.Upload, 1) })
        {
            await FailAsync(endpoint, Reply.With(200, body), new Failure(tries, typeof(ImageApiProtocolException), Maybe(endpoint), 200));
        }
    }

    [Fact]
    public async Task S2_an_empty_file() =>
        await FailAsync(Endpoint.Download, Reply.With(200, [], "image/png"), new Failure(1, typeof(MediaDownloadException), RequestOutcome.Accepted, 200));

    [Theory]
    [InlineData(Endpoint.Generate, 1)]
    [InlineData(Endpoint.Submit, 1)]
    [InlineData(Endpoint.Get, 3)]
    [InlineData(Endpoint.Wait, 6)]
    [InlineData(Endpoint.Upload, 1)]
    [InlineData(Endpoint.Download, 1)]
    public async Task S3_the_page_of_a_captive_portal(Endpoint endpoint, int tries)
    {
        var fault = Reply.With(200, "<!DOCTYPE html><title>Log in to the hotel</title>"u8.ToArray(), "text/html");
        var kind = endpoint == Endpoint.Download ? typeof(MediaDownloadException) : typeof(ImageApiProtocolException);

        var error = await FailAsync(endpoint, fault, new Failure(tries, kind, Maybe(endpoint), 200));

        Assert.True(endpoint == Endpoint.Download || error.ResponseExcerpt!.Contains("hotel", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Upload)]
    public async Task S10_and_E1_JSON_beyond_the_limit(Endpoint endpoint)
    {
        await using var server = ScriptServer.Start(Reply.With(200, $$"""{"id":"job_example","note":[{{string.Join(',', Enumerable.Repeat("\"note\"", 1000))}}]}"""));
        using var client = Clients.For(server.BaseAddress, static options => options.Limits.MaxJsonBytes = 2048);

        await FailAsync(client, endpoint, server, new Failure(1, typeof(ImageApiLimitException), Maybe(endpoint), 200));
    }

    public static TheoryData<string, bool> Damaged => new()
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
    [MemberData(nameof(Damaged))]
    public async Task An_id_that_arrived_is_not_lost_with_the_rest_of_a_paid_answer(string body, bool isCut)
    {
        foreach (var endpoint in new[] { Endpoint.Generate, Endpoint.Submit })
        {
            var bytes = Encoding.UTF8.GetBytes(body);
            await using var server = ScriptServer.Start(Reply.Raw(Reply.Message(bytes, $"Content-Length: {bytes.Length + (isCut ? 100 : 0)}")));
            using var client = Clients.For(server.BaseAddress, options => options.Limits.MaxJsonBytes = bytes.Length > 20_000 ? 100_000 : 4096);

            var error = await Assert.ThrowsAnyAsync<ImageApiException>(() => client.CallAsync(endpoint, server.BaseAddress));

            Assert.Equal("job_paid", error.JobId);
            Assert.Contains("job_paid", error.ResponseExcerpt, StringComparison.Ordinal);
            Assert.Single(server.Requests);
        }
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    public async Task An_id_that_arrived_is_not_lost_when_the_rest_stalls(Endpoint endpoint)
    {
        await using var server = ScriptServer.Start(Reply.RawThenStall(Reply.Message("""{"id":"job_paid","output":"""u8.ToArray(), "Content-Length: 1000")));
        using var client = Clients.For(server.BaseAddress, static options => options.Timeouts.Idle = TimeSpan.FromMilliseconds(200));

        var error = await Assert.ThrowsAsync<ImageApiTimeoutException>(() => client.CallAsync(endpoint, server.BaseAddress));

        Assert.Equal("job_paid", error.JobId);
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    public async Task An_id_that_arrived_is_not_lost_with_a_cancellation(Endpoint endpoint)
    {
        using var cancellation = new CancellationTokenSource();
        using var body = new CancelsAfter("""{"id":"job_paid","output":"""u8.ToArray(), cancellation);
        using var handler = new PolicyHandler((_, _) => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(body) });
        using var client = Clients.For(handler, Clients.Options(new Uri("https://api.example")));

        var error = await Assert.ThrowsAsync<ImageApiCanceledException>(
            () => client.CallAsync(endpoint, new Uri("https://api.example"), cancellationToken: cancellation.Token));

        Assert.Equal(("job_paid", RequestOutcome.Unknown), (error.JobId, error.Outcome));
    }

    [Theory]
    [InlineData(Endpoint.Generate, """{"job":{"id":"job_paid"},"detail":"accepted"}""")]
    [InlineData(Endpoint.Submit, """{"job":{"id":"job_paid"},"detail":"accepted"}""")]
    [InlineData(Endpoint.Submit, """{"result":[{"task":"job_paid"}]}""")]
    [InlineData(Endpoint.Submit, """{"id":"job_paid","id":"job_other"}""")]
    public async Task A_paid_answer_that_is_not_understood_is_kept_as_an_excerpt(Endpoint endpoint, string body)
    {
        var error = await FailAsync(endpoint, Reply.With(200, body), new Failure(1, typeof(ImageApiProtocolException), RequestOutcome.Unknown, 200));

        Assert.Equal(body, error.ResponseExcerpt);
    }

    [Fact]
    public async Task E2_a_file_beyond_the_limit() => await FailAsync(
        Endpoint.Download,
        Reply.Good(Endpoint.Download),
        new Failure(1, typeof(ImageApiLimitException), RequestOutcome.Accepted, 200),
        static options => options.Limits.MaxMediaBytes = Reply.Png.Length - 1);

    [Theory]
    [InlineData(Endpoint.Generate, 1)]
    [InlineData(Endpoint.Submit, 1)]
    [InlineData(Endpoint.Get, 3)]
    [InlineData(Endpoint.Upload, 1)]
    [InlineData(Endpoint.Download, 1)]
    public async Task S11_a_compression_that_was_not_asked_for(Endpoint endpoint, int tries)
    {
        var kind = endpoint == Endpoint.Download ? typeof(MediaDownloadException) : typeof(ImageApiProtocolException);

        foreach (var (packed, name) in new[] { (Gzip(Reply.GoodBody(endpoint)), "gzip"), (Brotli(Reply.GoodBody(endpoint)), "br") })
        {
            await FailAsync(endpoint, Reply.With(200, packed, Reply.GoodType(endpoint), "Content-Encoding: " + name), new Failure(tries, kind, Maybe(endpoint), 200));
        }
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("Identity, aws-chunked")]
    public async Task S11_an_encoding_that_changes_nothing_loses_no_answer(string encoding)
    {
        foreach (var endpoint in new[] { Endpoint.Generate, Endpoint.Submit, Endpoint.Get, Endpoint.Upload, Endpoint.Download })
        {
            await using var server = ScriptServer.Start(Reply.With(200, Reply.GoodBody(endpoint), Reply.GoodType(endpoint), "Content-Encoding: " + encoding));
            using var client = Clients.For(server.BaseAddress);

            await SucceedAsync(client, endpoint, server.BaseAddress);

            Assert.Equal("identity", server.Requests[0].Header("Accept-Encoding"));
        }
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Download)]
    public async Task S12_a_bomb_is_measured_as_it_is_unpacked(Endpoint endpoint)
    {
        byte[] head = endpoint == Endpoint.Download ? Reply.Png : Encoding.ASCII.GetBytes("[");
        var bomb = Gzip([.. head, .. Enumerable.Repeat((byte)' ', 64 * 1024 * 1024)]);
        await using var server = ScriptServer.Start(Reply.With(200, bomb, Reply.GoodType(endpoint), "Content-Encoding: gzip"));
        using var handler = new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.All };
        var options = Clients.Options(server.BaseAddress);
        options.Limits.MaxMediaBytes = 1024 * 1024;
        using var client = Clients.For(handler, options);

        await FailAsync(client, endpoint, server, new Failure(1, typeof(ImageApiLimitException), Maybe(endpoint), 200));
    }

    [Theory]
    [InlineData(Endpoint.Generate, 1)]
    [InlineData(Endpoint.Submit, 1)]
    [InlineData(Endpoint.Get, 3)]
    [InlineData(Endpoint.Wait, 6)]
    [InlineData(Endpoint.Upload, 1)]
    [InlineData(Endpoint.Download, 1)]
    public async Task S12_what_is_packed_twice_is_no_answer_even_where_a_handler_unpacks_it_once(Endpoint endpoint, int tries)
    {
        var kind = endpoint == Endpoint.Download ? typeof(MediaDownloadException) : typeof(ImageApiProtocolException);
        foreach (var unpacked in new[] { DecompressionMethods.None, DecompressionMethods.All })
        {
            await using var server = ScriptServer.Start(Reply.With(200, Gzip(Gzip(Reply.GoodBody(endpoint))), Reply.GoodType(endpoint), "Content-Encoding: gzip, gzip"));
            using var handler = new SocketsHttpHandler { AutomaticDecompression = unpacked };
            using var client = Clients.For(handler, Clients.Options(server.BaseAddress));

            await FailAsync(client, endpoint, server, new Failure(tries, kind, Maybe(endpoint), 200));
        }
    }

    [Theory]
    [InlineData("gbk")]
    [InlineData("no-such-charset")]
    public async Task S13_whatever_the_charset_is_called_it_is_UTF_8(string charset)
    {
        foreach (var endpoint in new[] { Endpoint.Generate, Endpoint.Submit, Endpoint.Get, Endpoint.Upload })
        {
            await using var server = ScriptServer.Start(Reply.With(200, Reply.GoodBody(endpoint), $"application/json; charset={charset}"));
            using var client = Clients.For(server.BaseAddress);

            await SucceedAsync(client, endpoint, server.BaseAddress);
        }
    }

    [Theory]
    [InlineData(204)]
    [InlineData(205)]
    public async Task S14_a_success_that_says_to_have_no_content(int status)
    {
        foreach (var (endpoint, tries) in new[] { (Endpoint.Generate, 1), (Endpoint.Submit, 1), (Endpoint.Get, 2), (Endpoint.Wait, 2), (Endpoint.Upload, 1) })
        {
            await FailAsync(endpoint, Reply.Raw(Reply.Head(status, "Content-Length: 0")), new Failure(tries, typeof(ImageApiProtocolException), Maybe(endpoint), status));
        }
    }

    [Theory]
    [InlineData(204)]
    [InlineData(206)]
    public async Task S14_a_part_of_a_file_that_was_not_asked_for(int status)
    {
        byte[] answer = [.. Encoding.ASCII.GetBytes(Reply.Head(status, "Content-Type: image/png", status == 204 ? "X-Empty: 1" : $"Content-Length: {Reply.Png.Length}")), .. status == 204 ? [] : Reply.Png];

        await FailAsync(Endpoint.Download, Reply.Raw(answer), new Failure(1, typeof(MediaDownloadException), RequestOutcome.Accepted, status));
    }

    [Theory]
    [InlineData(201)]
    [InlineData(202)]
    public async Task S15_other_successes_are_successes(int status)
    {
        foreach (var endpoint in new[] { Endpoint.Generate, Endpoint.Submit, Endpoint.Get, Endpoint.Upload })
        {
            await using var server = ScriptServer.Start(Reply.With(status, Reply.GoodBody(endpoint), "application/json"));
            using var client = Clients.For(server.BaseAddress);

            await SucceedAsync(client, endpoint, server.BaseAddress);
        }
    }

    public static TheoryData<string> NoLength => ["Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "Connection: close\r\n\r\n", "Content-Type: application/json\r\nConnection: close\r\n\r\n\r\n"];

    [Theory]
    [MemberData(nameof(NoLength))]
    public async Task S15_an_empty_202_of_unannounced_length_tells_nothing_new_about_a_job(string rest)
    {
        var nothing = Reply.Raw("HTTP/1.1 202 Accepted\r\n" + rest);
        await using var server = ScriptServer.Start(nothing);
        using var client = Clients.For(server.BaseAddress);

        var job = await client.Jobs.GetAsync(EndpointCalls.JobId);

        Assert.Equal((EndpointCalls.JobId, JobState.Unknown, 1), (job.Id, job.State, server.Requests.Count));
        await RecoverAsync(Endpoint.Wait, nothing);
    }

    [Theory]
    [MemberData(nameof(NoLength))]
    public async Task S2_an_empty_202_of_unannounced_length_is_no_answer_to_an_order(string rest)
    {
        foreach (var endpoint in new[] { Endpoint.Generate, Endpoint.Submit, Endpoint.Upload })
        {
            await FailAsync(endpoint, Reply.Raw("HTTP/1.1 202 Accepted\r\n" + rest), new Failure(1, typeof(ImageApiProtocolException), RequestOutcome.Unknown, 202));
        }
    }

    private static RequestOutcome Maybe(Endpoint endpoint) => endpoint is Endpoint.Get or Endpoint.Wait or Endpoint.Download ? RequestOutcome.Accepted : RequestOutcome.Unknown;

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    private static byte[] Brotli(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest))
        {
            brotli.Write(bytes);
        }

        return packed.ToArray();
    }

    /// <summary>A body that says something, and is cancelled when more is asked of it.</summary>
    private sealed class CancelsAfter(byte[] body, CancellationTokenSource cancellation) : MemoryStream(body)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await base.ReadAsync(buffer, cancellationToken);
            if (count == 0)
            {
                await cancellation.CancelAsync();
                await Task.Delay(Watchdog.Limit, cancellationToken);
            }

            return count;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }
}
