using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace ImageApi.Client.Tests.Faults;

/// <summary>Faults below HTTP, and of HTTP itself: rows T1 to T21 but those of TLS.</summary>
public sealed class TransportFaultTests : FaultMatrix
{
    private const int LargeBody = 1024 * 1024;
#if NETSTANDARD_LIBRARY // it has no HttpRequestError: a response that is not HTTP looks like a closed connection, which is retried
    private const int NotHttpRequestCount = 3;
    private const ImageApiFailureReason NotHttp = ImageApiFailureReason.Connection;
    private const ImageApiFailureReason DownloadNotHttp = ImageApiFailureReason.Connection;
#else
    private const ImageApiFailureReason NotHttp = ImageApiFailureReason.InvalidResponse;
    private const ImageApiFailureReason DownloadNotHttp = ImageApiFailureReason.Download;
    private const int NotHttpRequestCount = 1;
#endif
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongTimeout = TimeSpan.FromDays(40);

    [Theory]
    [InlineData(Endpoint.Generate, RequestOutcome.NotSent)]
    [InlineData(Endpoint.Submit, RequestOutcome.NotSent)]
    [InlineData(Endpoint.Get, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Wait, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Upload, RequestOutcome.NotSent)]
    [InlineData(Endpoint.Download, RequestOutcome.Accepted)]
    public async Task T1_unresolved_host_name_is_retried(Endpoint endpoint, RequestOutcome outcome)
    {
        var connectAttempts = 0;
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = (_, _) =>
            {
                connectAttempts++;
                throw new SocketException((int)SocketError.HostNotFound);
            },
        };
        var address = new Uri("http://nowhere.example/");
        var options = TestClients.Options(address);
        options.AllowInsecureHttp = true;
        using var client = TestClients.Create(handler, options);

        var error = await FailAsync(client, endpoint, address, new Failure(3, ImageApiFailureReason.Connection, outcome));

        Assert.Equal(endpoint == Endpoint.Wait ? 6 : 3, connectAttempts);
        Assert.NotNull(error.InnerException);
    }

    [Theory]
    [InlineData(Endpoint.Generate, RequestOutcome.NotSent)]
    [InlineData(Endpoint.Submit, RequestOutcome.NotSent)]
    [InlineData(Endpoint.Get, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Wait, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Upload, RequestOutcome.NotSent)]
    [InlineData(Endpoint.Download, RequestOutcome.Accepted)]
    public async Task T2_refused_connection_is_retried(Endpoint endpoint, RequestOutcome outcome)
    {
        // bound but not listening: nobody else gets the port, and connections to it are refused
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var address = new Uri($"http://{socket.LocalEndPoint}/");
        using var client = TestClients.Create(address);

        await FailAsync(client, endpoint, address, new Failure(3, ImageApiFailureReason.Connection, outcome));
    }

    [Theory]
    [InlineData(Endpoint.Generate, RequestOutcome.NotSent)]
    [InlineData(Endpoint.Submit, RequestOutcome.NotSent)]
    [InlineData(Endpoint.Get, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Upload, RequestOutcome.NotSent)]
    [InlineData(Endpoint.Download, RequestOutcome.Accepted)]
    public async Task T3_connect_timeout_is_retried(Endpoint endpoint, RequestOutcome outcome)
    {
        var connectAttempts = 0;
        using var handler = CreateNonConnectingHandler(() => connectAttempts++);
        var address = new Uri("http://127.0.0.1:9/");
        using var client = TestClients.Create(handler, TestClients.Options(address));

        await FailAsync(client, endpoint, address, new Failure(3, ImageApiFailureReason.Timeout, outcome));

        Assert.Equal(3, connectAttempts);
    }

    [Fact]
    public async Task T3_job_polling_continues_after_connect_timeouts()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Wait));
        var connectAttempts = 0;
        using var handler = CreateNonConnectingHandler(() => connectAttempts++);
        var never = handler.ConnectCallback!;
        handler.ConnectCallback = async (context, token) =>
        {
            if (connectAttempts < 4)
            {
                return await never(context, token);
            }

            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(context.DnsEndPoint, token);
            return new NetworkStream(socket, ownsSocket: true);
        };
        using var client = TestClients.Create(handler, TestClients.Options(server.BaseAddress));

        await SucceedAsync(client, Endpoint.Wait, server.BaseAddress);

        Assert.Equal(4, connectAttempts);
    }

    // The client waits for "100 Continue" with a large body, so that it provably has not begun to send it.
    // The platform's handler sends such a head again by itself: without a body nothing can be carried out.
    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Upload)]
    public async Task T5_reset_before_the_request_body_is_retried(Endpoint endpoint)
    {
        Exchange reset = async connection =>
        {
            await connection.ReadHeadAsync();
            connection.Reset();
        };

        await using var server = ScriptedServer.Start(reset);
        using var client = TestClients.Create(server.BaseAddress);

        await FailAsync(client, endpoint, server.BaseAddress, new Failure(3, ImageApiFailureReason.Connection, RequestOutcome.NotSent), LargeBody);

        Assert.InRange(server.Connections, 3, 12);
        Assert.All(server.Received.Split("\r\n\r\n", StringSplitOptions.RemoveEmptyEntries), static head => Assert.StartsWith("POST ", head, StringComparison.Ordinal));
    }

    // Many times: where the reset strikes is a race, and each place gives another exception.
    [Theory]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Download)]
    public async Task T5_immediate_reset_of_a_GET_request_is_retried(Endpoint endpoint)
    {
        for (var round = 0; round < 50; round++)
        {
            await FailAsync(endpoint, ScriptedResponse.ResetImmediately, new Failure(3, ImageApiFailureReason.Connection, RequestOutcome.Accepted) { MayBeResentByHandler = true });
        }
    }

    // Whether the body was begun is a race here. Either answer must be true to what was counted.
    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    public async Task T5_immediate_reset_of_a_paid_request_reports_a_true_outcome(Endpoint endpoint)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.ResetImmediately);
        using var client = TestClients.Create(server.BaseAddress);

        var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.Connection, () => client.CallAsync(endpoint, server.BaseAddress));

        Assert.Equal(error.Info.Attempts, server.Connections);
        Assert.Equal(error.Info.Attempts == 3 ? error.Outcome : RequestOutcome.Unknown, error.Outcome);
        Assert.NotEqual(RequestOutcome.Rejected, error.Outcome);
    }

    [Theory]
    [InlineData(Endpoint.Generate, 1, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Submit, 1, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Upload, 3, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Get, 3, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Wait, 6, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Download, 3, RequestOutcome.Accepted)]
    public async Task T6_reset_after_the_request_throws(Endpoint endpoint, int requestCount, RequestOutcome outcome) =>
        await FailAsync(endpoint, ScriptedResponse.Reset, ConnectionFailure(requestCount, outcome));

    [Theory]
    [InlineData(Endpoint.Generate, 1, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Submit, 1, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Upload, 3, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Get, 3, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Wait, 6, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Download, 3, RequestOutcome.Accepted)]
    public async Task T6_close_after_the_request_throws(Endpoint endpoint, int requestCount, RequestOutcome outcome) =>
        await FailAsync(endpoint, ScriptedResponse.Close, ConnectionFailure(requestCount, outcome));

    [Theory]
    [InlineData(Endpoint.Upload)]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Wait)]
    [InlineData(Endpoint.Download)]
    public async Task T6_unpaid_request_recovers_from_a_closed_connection(Endpoint endpoint) => await RecoverAsync(endpoint, ScriptedResponse.Close);

    [Fact]
    public async Task T6_non_replayable_upload_is_sent_once()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Reset);
        using var client = TestClients.Create(server.BaseAddress);
        await using var stream = new NonSeekableStream(ScriptedResponse.Png);

        var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.Connection, () => client.Files.UploadAsync(FileUpload.FromStream(stream, "demo.png")));

        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task T6_opt_in_paid_retry_reuses_the_idempotency_key_and_body()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Reset, ScriptedResponse.Success(Endpoint.Generate));
        using var client = TestClients.Create(server.BaseAddress, options => options.Retry.ServerHonorsIdempotencyKeys = true);

        await SucceedAsync(client, Endpoint.Generate, server.BaseAddress);

        var requests = server.Requests;
        Assert.Equal(2, requests.Count);
        Assert.Equal(requests[0].Header("Idempotency-Key"), requests[1].Header("Idempotency-Key"));
        Assert.Equal(requests[0].Body, requests[1].Body);
    }

    [Theory]
    [InlineData(Endpoint.Generate, 1, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Submit, 1, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Upload, 3, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Get, 3, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Wait, 6, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Download, 3, RequestOutcome.Accepted)]
    public async Task T7_close_in_the_status_line_throws(Endpoint endpoint, int requestCount, RequestOutcome outcome) =>
        await FailAsync(endpoint, ScriptedResponse.Raw("HTTP/1.1 20"), ConnectionFailure(requestCount, outcome));

    [Theory]
    [InlineData(Endpoint.Generate, 1, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Submit, 1, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Upload, 3, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Get, 3, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Wait, 6, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Download, 3, RequestOutcome.Accepted)]
    public async Task T7_close_in_the_response_headers_throws(Endpoint endpoint, int requestCount, RequestOutcome outcome) =>
        await FailAsync(endpoint, ScriptedResponse.Raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-T"), ConnectionFailure(requestCount, outcome));

    [Theory]
    [InlineData(Endpoint.Generate, 1, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Submit, 1, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Upload, 3, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Get, 3, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Wait, 6, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Download, 2, RequestOutcome.Accepted)]
    public async Task T8_truncated_body_of_known_length_throws(Endpoint endpoint, int requestCount, RequestOutcome outcome) =>
        await FailAsync(endpoint, ScriptedResponse.Raw(TruncatedMessage(endpoint, $"Content-Length: {ScriptedResponse.SuccessBody(endpoint).Length}")), ConnectionFailure(requestCount, outcome, 200));

    [Theory]
    [InlineData(Endpoint.Generate, 1, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Submit, 1, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Upload, 3, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Get, 3, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Wait, 6, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Download, 2, RequestOutcome.Accepted)]
    public async Task T8_truncated_chunked_body_throws(Endpoint endpoint, int requestCount, RequestOutcome outcome)
    {
        var body = ScriptedResponse.SuccessBody(endpoint);
        byte[] chunk = [.. Encoding.ASCII.GetBytes($"{body.Length / 2:x}\r\n"), .. body[..(body.Length / 2)], .. "\r\n"u8];

        await FailAsync(endpoint, ScriptedResponse.Raw(ScriptedResponse.Message(chunk, $"Content-Type: {ScriptedResponse.SuccessContentType(endpoint)}", "Transfer-Encoding: chunked")), ConnectionFailure(requestCount, outcome, 200));
    }

    [Theory]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Wait)]
    [InlineData(Endpoint.Upload)]
    [InlineData(Endpoint.Download)]
    public async Task T8_unpaid_request_recovers_from_a_truncated_body(Endpoint endpoint) =>
        await RecoverAsync(endpoint, ScriptedResponse.Raw(TruncatedMessage(endpoint, $"Content-Length: {ScriptedResponse.SuccessBody(endpoint).Length}")));

    [Theory]
    [InlineData(Endpoint.Generate, 1, ImageApiFailureReason.InvalidResponse, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Submit, 1, ImageApiFailureReason.InvalidResponse, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Upload, 1, ImageApiFailureReason.InvalidResponse, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Get, 3, ImageApiFailureReason.InvalidResponse, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Wait, 6, ImageApiFailureReason.InvalidResponse, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Download, 1, ImageApiFailureReason.Download, RequestOutcome.Accepted)]
    public async Task T9_truncated_body_without_content_length_is_invalid(Endpoint endpoint, int requestCount, ImageApiFailureReason reason, RequestOutcome outcome) =>
        await FailAsync(endpoint, ScriptedResponse.Raw(TruncatedMessage(endpoint, "Connection: close")), new Failure(requestCount, reason, outcome, 200));

    [Theory]
    [InlineData(Endpoint.Generate, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Submit, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Get, RequestOutcome.Accepted)]
    public async Task T10_missing_response_headers_end_at_the_request_timeout(Endpoint endpoint, RequestOutcome outcome)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Stall);
        var time = new FakeTimeProvider();
        using var handler = new SocketsHttpHandler();
        using var client = TestClients.Create(handler, TestClients.Options(server.BaseAddress), time);
        var call = FailAsync(client, endpoint, server, new Failure(1, ImageApiFailureReason.Timeout, outcome));
        await server.WaitForRequestsAsync(1);
        await time.AdvanceUntilAsync(TimeSpan.FromMinutes(1), call);

        await call;
    }

    [Theory]
    [InlineData(Endpoint.Upload, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Download, RequestOutcome.Accepted)]
    public async Task T10_transfer_without_response_headers_is_retried(Endpoint endpoint, RequestOutcome outcome)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Stall);
        var time = new FakeTimeProvider();
        using var handler = new SocketsHttpHandler();
        using var client = TestClients.Create(handler, OptionsWithReadTimeout(server), time, random: static () => 0);
        var call = FailAsync(client, endpoint, server, new Failure(3, ImageApiFailureReason.Timeout, outcome));
        for (var count = 1; count <= 3; count++)
        {
            var next = count < 3 ? server.WaitForRequestsAsync(count + 1) : call;
            await server.WaitForRequestsAsync(count);
            await time.AdvanceUntilAsync(TimeSpan.FromMinutes(1), next, Patience);
        }

        await call;
    }

    [Fact]
    public async Task T10_job_polling_continues_after_a_request_timeout()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Stall, ScriptedResponse.Success(Endpoint.Wait));
        var time = new FakeTimeProvider();
        using var handler = new SocketsHttpHandler();
        using var client = TestClients.Create(handler, TestClients.Options(server.BaseAddress), time);
        var call = SucceedAsync(client, Endpoint.Wait, server.BaseAddress);
        await server.WaitForRequestsAsync(1);
        await time.AdvanceUntilAsync(TimeSpan.FromSeconds(5), call);

        await call;
    }

    [Theory]
    [InlineData(Endpoint.Generate, 1, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Submit, 1, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Upload, 1, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Get, 2, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Download, 2, RequestOutcome.Accepted)]
    public async Task T11_stalled_response_body_ends_at_the_read_timeout(Endpoint endpoint, int requestCount, RequestOutcome outcome)
    {
        var stall = ScriptedResponse.RawThenStall(TruncatedMessage(endpoint, $"Content-Length: {ScriptedResponse.SuccessBody(endpoint).Length}"));
        await using var server = ScriptedServer.Start(stall);
        var time = new FakeTimeProvider();
        using var handler = new ResponseHeadersSignal(new SocketsHttpHandler());
        using var client = TestClients.Create(handler, OptionsWithReadTimeout(server), time, random: static () => 0);
        var call = FailAsync(client, endpoint, server, new Failure(requestCount, ImageApiFailureReason.Timeout, outcome, 200));
        for (var count = 1; count <= requestCount; count++)
        {
            await handler.WaitForHeadersAsync();
            await time.AdvanceUntilAsync(TimeSpan.FromMinutes(1), count < requestCount ? server.WaitForRequestsAsync(count + 1) : call, Patience);
        }

        await call;
    }

    [Fact]
    public async Task T11_job_polling_continues_after_a_stalled_response()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.RawThenStall(TruncatedMessage(Endpoint.Wait, "Content-Length: 500")), ScriptedResponse.Success(Endpoint.Wait));
        var time = new FakeTimeProvider();
        using var handler = new SocketsHttpHandler();
        using var client = TestClients.Create(handler, OptionsWithReadTimeout(server), time);
        var call = SucceedAsync(client, Endpoint.Wait, server.BaseAddress);
        await server.WaitForRequestsAsync(1);
        await time.AdvanceUntilAsync(TimeSpan.FromSeconds(10), call);

        await call;
    }

    // The idle limit is longer than the call's, so that it is the call's that strikes.
    [Theory]
    [InlineData(Endpoint.Generate, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Submit, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Get, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Download, RequestOutcome.Accepted)]
    public async Task T12_trickling_response_ends_at_the_request_timeout(Endpoint endpoint, RequestOutcome outcome)
    {
        var time = new FakeTimeProvider();
        await using var server = ScriptedServer.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(ScriptedResponse.Head(200, $"Content-Type: {ScriptedResponse.SuccessContentType(endpoint)}"));
            while (true)
            {
                await connection.SendAsync(" ");
                time.Advance(TimeSpan.FromSeconds(1));
            }
        });
        var options = TestClients.Options(server.BaseAddress);
        options.Timeouts.Idle = LongTimeout;
        options.Limits.MaxMediaBytes = long.MaxValue;
        options.Limits.MaxJsonBytes = int.MaxValue;
        using var handler = new SocketsHttpHandler();
        using var client = TestClients.Create(handler, options, time);

        var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.Timeout, () => client.CallAsync(endpoint, server.BaseAddress, Target).WaitAsync(TestTimeout.Duration));

        Assert.Equal(outcome, error.Outcome);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Wait)]
    [InlineData(Endpoint.Upload)]
    [InlineData(Endpoint.Download)]
    public async Task T13_response_sent_one_byte_at_a_time_is_parsed(Endpoint endpoint)
    {
        var body = ScriptedResponse.SuccessBody(endpoint);
        await using var server = ScriptedServer.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendByteByByteAsync(ScriptedResponse.Message(body, $"Content-Type: {ScriptedResponse.SuccessContentType(endpoint)}", $"Content-Length: {body.Length}"));
        });
        using var client = TestClients.Create(server.BaseAddress);

        await SucceedAsync(client, endpoint, server.BaseAddress);

        Assert.Single(server.Requests);
    }

    // To the client this is a body that was cut (T8), and so an upload is tried again.
    [Theory]
    [InlineData(Endpoint.Generate, 1, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Submit, 1, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Upload, 3, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Get, 3, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Wait, 6, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Download, 2, RequestOutcome.Accepted)]
    public async Task T14_too_long_content_length_throws(Endpoint endpoint, int requestCount, RequestOutcome outcome)
    {
        var body = ScriptedResponse.SuccessBody(endpoint);
        var message = ScriptedResponse.Message(body, $"Content-Type: {ScriptedResponse.SuccessContentType(endpoint)}", $"Content-Length: {body.Length + 1}");

        await FailAsync(endpoint, ScriptedResponse.Raw(message), ConnectionFailure(requestCount, outcome, 200));
    }

    [Theory]
    [InlineData(Endpoint.Generate, 1, ImageApiFailureReason.InvalidResponse, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Submit, 1, ImageApiFailureReason.InvalidResponse, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Upload, 1, ImageApiFailureReason.InvalidResponse, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Get, 3, ImageApiFailureReason.InvalidResponse, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Wait, 6, ImageApiFailureReason.InvalidResponse, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Download, 1, ImageApiFailureReason.Download, RequestOutcome.Accepted)]
    public async Task T15_too_short_content_length_throws(Endpoint endpoint, int requestCount, ImageApiFailureReason reason, RequestOutcome outcome)
    {
        var body = ScriptedResponse.SuccessBody(endpoint);
        var message = ScriptedResponse.Message(body, $"Content-Type: {ScriptedResponse.SuccessContentType(endpoint)}", $"Content-Length: {body.Length / 2}");

        await FailAsync(endpoint, ScriptedResponse.Raw(message), new Failure(requestCount, reason, outcome, 200));
    }

    [Fact]
    public async Task T15_connection_with_unread_bytes_is_not_reused()
    {
        var message = ScriptedResponse.Message(Encoding.UTF8.GetBytes(ScriptedResponse.ImageResponseJson + "HTTP/1.1 200 OK\r\n"), $"Content-Length: {ScriptedResponse.ImageResponseJson.Length}");
        await using var server = ScriptedServer.Start(
            async connection =>
            {
                await connection.ReadRequestAsync();
                await connection.SendAsync(message);
            },
            ScriptedResponse.Success(Endpoint.Generate));
        using var client = TestClients.Create(server.BaseAddress);

        await SucceedAsync(client, Endpoint.Generate, server.BaseAddress);
        await SucceedAsync(client, Endpoint.Generate, server.BaseAddress);

        Assert.Equal(2, server.Connections);
    }

    [Theory]
    [InlineData(Endpoint.Generate, 1, NotHttp, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Submit, 1, NotHttp, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Upload, NotHttpRequestCount, NotHttp, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Get, 3, NotHttp, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Wait, 6, NotHttp, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Download, NotHttpRequestCount, DownloadNotHttp, RequestOutcome.Accepted)]
    public async Task T16_non_http_response_throws(Endpoint endpoint, int requestCount, ImageApiFailureReason reason, RequestOutcome outcome) =>
        await FailAsync(endpoint, ScriptedResponse.Raw("SSH-2.0-OpenSSH_9.6\r\n\r\n"), new Failure(requestCount, reason, outcome));

    [Theory]
    [InlineData(Endpoint.Generate, 1, NotHttp, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Submit, 1, NotHttp, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Upload, NotHttpRequestCount, NotHttp, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Get, 3, NotHttp, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Wait, 6, NotHttp, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Download, NotHttpRequestCount, DownloadNotHttp, RequestOutcome.Accepted)]
    public async Task T16_response_headers_over_the_size_limit_throw(Endpoint endpoint, int requestCount, ImageApiFailureReason reason, RequestOutcome outcome) =>
        await FailAsync(endpoint, ScriptedResponse.RawThenStall(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nX-Long: {new string('x', 70 * 1024)}\r\n")), new Failure(requestCount, reason, outcome));

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    public async Task T17_paid_request_on_a_stale_connection_is_not_retried(Endpoint endpoint)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(endpoint), ScriptedResponse.Close, ScriptedResponse.Success(endpoint));
        using var client = TestClients.Create(server.BaseAddress);
        await SucceedAsync(client, endpoint, server.BaseAddress);

        var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.Connection, () => client.CallAsync(endpoint, server.BaseAddress));

        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
        Assert.Equal(1, error.Info.Attempts);
        Assert.Equal(2, server.Requests.Count);
        Assert.Equal(1, server.Connections); // it was the stale one
    }

    [Theory]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Wait)]
    [InlineData(Endpoint.Download)]
    public async Task T17_GET_request_on_a_stale_connection_is_retried(Endpoint endpoint)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(endpoint), ScriptedResponse.Close, ScriptedResponse.Success(endpoint));
        using var client = TestClients.Create(server.BaseAddress);
        await SucceedAsync(client, endpoint, server.BaseAddress);

        await SucceedAsync(client, endpoint, server.BaseAddress);

        Assert.Equal(3, server.Requests.Count);
    }

    // Nothing was sent on the old connection, so that even what costs money goes out on a new one.
    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Wait)]
    [InlineData(Endpoint.Upload)]
    [InlineData(Endpoint.Download)]
    public async Task T17_closed_idle_connection_is_not_used(Endpoint endpoint)
    {
        foreach (var close in new Action<ScriptedConnection>[] { static connection => connection.Close(), static connection => connection.Reset() })
        {
            var idle = new TaskCompletionSource();
            var closed = new TaskCompletionSource();
            var good = ScriptedResponse.Success(endpoint);
            await using var server = ScriptedServer.Start(
                async connection =>
                {
                    await good(connection);
                    await idle.Task.WaitAsync(connection.ServerStopped);
                    close(connection);
                    closed.SetResult();
                },
                good);
            using var client = TestClients.Create(server.BaseAddress, static options => options.Retry.MaxRetries = 0);
            await SucceedAsync(client, endpoint, server.BaseAddress);
            idle.SetResult();
            await closed.Task.WaitAsync(TestTimeout.Duration);

            await SucceedAsync(client, endpoint, server.BaseAddress);

            Assert.Equal((2, 2), (server.Requests.Count, server.Connections));
        }
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Wait)]
    [InlineData(Endpoint.Upload)]
    [InlineData(Endpoint.Download)]
    public async Task T18_informational_responses_are_skipped(Endpoint endpoint)
    {
        var body = ScriptedResponse.SuccessBody(endpoint);
        byte[] message =
        [
            .. "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x.css>; rel=preload\r\n\r\n"u8,
            .. ScriptedResponse.Message(body, $"Content-Type: {ScriptedResponse.SuccessContentType(endpoint)}", $"Content-Length: {body.Length}"),
        ];
        await using var server = ScriptedServer.Start(ScriptedResponse.Raw(message));
        using var client = TestClients.Create(server.BaseAddress);

        await SucceedAsync(client, endpoint, server.BaseAddress);

        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    public async Task T20_timeout_without_a_connection_reports_not_sent(Endpoint endpoint)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Stall);
        var time = new FakeTimeProvider();
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 1 };
        using var other = new HttpClient(handler, disposeHandler: false);
        using var otherEnd = new CancellationTokenSource();
        var occupying = other.GetAsync(server.BaseAddress, otherEnd.Token);
        await server.WaitForRequestsAsync(1);
        using var client = TestClients.Create(handler, TestClients.Options(server.BaseAddress), time);

        var call = FailAsync(client, endpoint, server.BaseAddress, new Failure(1, ImageApiFailureReason.Timeout, RequestOutcome.NotSent));
        await time.AdvanceUntilAsync(TimeSpan.FromSeconds(10), call);

        await call;
        Assert.DoesNotContain("POST", server.Received, StringComparison.Ordinal);
        await otherEnd.CancelAsync();
        await Task.WhenAny(occupying);
    }

    [Theory]
    [InlineData(Endpoint.Generate, RequestOutcome.Rejected, ImageApiFailureReason.Response)]
    [InlineData(Endpoint.Submit, RequestOutcome.Rejected, ImageApiFailureReason.Response)]
    [InlineData(Endpoint.Get, RequestOutcome.Accepted, ImageApiFailureReason.Response)]
    [InlineData(Endpoint.Wait, RequestOutcome.Accepted, ImageApiFailureReason.Response)]
    [InlineData(Endpoint.Upload, RequestOutcome.Rejected, ImageApiFailureReason.Response)]
    [InlineData(Endpoint.Download, RequestOutcome.Accepted, ImageApiFailureReason.Download)]
    public async Task T21_proxy_authentication_challenge_is_not_retried(Endpoint endpoint, RequestOutcome outcome, ImageApiFailureReason reason) =>
        await FailThroughProxyAsync(endpoint, ScriptedResponse.With(407, [], "text/plain", "Proxy-Authenticate: Basic realm=\"proxy\""), new Failure(1, reason, outcome, 407));

    [Theory]
    [InlineData(Endpoint.Generate, 1, RequestOutcome.Unknown, ImageApiFailureReason.Response)]
    [InlineData(Endpoint.Submit, 1, RequestOutcome.Unknown, ImageApiFailureReason.Response)]
    [InlineData(Endpoint.Get, 3, RequestOutcome.Accepted, ImageApiFailureReason.Response)]
    [InlineData(Endpoint.Wait, 6, RequestOutcome.Accepted, ImageApiFailureReason.Response)]
    [InlineData(Endpoint.Upload, 3, RequestOutcome.Unknown, ImageApiFailureReason.Response)]
    [InlineData(Endpoint.Download, 3, RequestOutcome.Accepted, ImageApiFailureReason.Download)]
    public async Task T21_proxy_bad_gateway_is_handled_as_a_server_error(Endpoint endpoint, int requestCount, RequestOutcome outcome, ImageApiFailureReason reason) =>
        await FailThroughProxyAsync(endpoint, ScriptedResponse.With(502, "<html>Bad Gateway</html>"u8.ToArray(), "text/html"), new Failure(requestCount, reason, outcome, 502));

    private async Task FailThroughProxyAsync(Endpoint endpoint, Exchange fault, Failure expected)
    {
        await using var proxy = ScriptedServer.Start(fault);
        using var handler = new SocketsHttpHandler { Proxy = new WebProxy(proxy.BaseAddress), UseProxy = true };
        var options = TestClients.Options(new Uri("http://api.example/"));
        options.AllowInsecureHttp = true;
        using var client = TestClients.Create(handler, options);

        await FailAsync(client, endpoint, new Uri("http://api.example/"), expected);

        Assert.Equal(expected.RequestCount, proxy.Requests.Count);
        Assert.All(proxy.Requests, request => Assert.StartsWith("http://api.example/", request.Target, StringComparison.Ordinal));
    }

    private static Failure ConnectionFailure(int requestCount, RequestOutcome outcome, int? status = null) =>
        new(requestCount, ImageApiFailureReason.Connection, outcome, status) { MayBeResentByHandler = true };

    private static byte[] TruncatedMessage(Endpoint endpoint, string header)
    {
        var body = ScriptedResponse.SuccessBody(endpoint);
        return ScriptedResponse.Message(body[..(body.Length / 2)], $"Content-Type: {ScriptedResponse.SuccessContentType(endpoint)}", header);
    }

    private static SocketsHttpHandler CreateNonConnectingHandler(Action onConnect) => new()
    {
        ConnectTimeout = TimeSpan.FromMilliseconds(20),
        ConnectCallback = async (_, token) =>
        {
            onConnect();
            await Task.Delay(Timeout.Infinite, token);
            throw new InvalidOperationException();
        },
    };

    /// <summary>Only the idle limit strikes.</summary>
    private static ImageApiClientOptions OptionsWithReadTimeout(ScriptedServer server)
    {
        var options = TestClients.Options(server.BaseAddress);
        options.Timeouts.Generation = options.Timeouts.Submission = options.Timeouts.StatusQuery = options.Timeouts.Upload = options.Timeouts.Download = LongTimeout;
        options.Timeouts.Idle = TimeSpan.FromSeconds(60);
        return options;
    }
}
