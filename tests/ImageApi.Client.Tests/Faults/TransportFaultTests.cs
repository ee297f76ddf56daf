using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
#if NETSTANDARD_LIBRARY // it has no HttpRequestError: what is not HTTP looks like a connection that was cut
using DownloadNotHttp = ImageApi.Client.ImageApiConnectionException;
using NotHttp = ImageApi.Client.ImageApiConnectionException;
#else
using DownloadNotHttp = ImageApi.Client.MediaDownloadException;
using NotHttp = ImageApi.Client.ImageApiProtocolException;
#endif

namespace ImageApi.Client.Tests.Faults;

/// <summary>Faults below HTTP, and of HTTP itself: rows T1 to T21 but those of TLS.</summary>
public sealed class TransportFaultTests : FaultMatrix
{
    private const int LargeBody = 1024 * 1024;
#if NETSTANDARD_LIBRARY
    private const int TriesOfNotHttp = 3; // a cut is tried again, and what is no HTTP looks like one
#else
    private const int TriesOfNotHttp = 1;
#endif
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Long = TimeSpan.FromDays(40);

    [Theory]
    [InlineData(Endpoint.Generate, RequestOutcome.NotSent)]
    [InlineData(Endpoint.Submit, RequestOutcome.NotSent)]
    [InlineData(Endpoint.Get, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Wait, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Upload, RequestOutcome.NotSent)]
    [InlineData(Endpoint.Download, RequestOutcome.Accepted)]
    public async Task T1_a_name_that_does_not_resolve_is_tried_again(Endpoint endpoint, RequestOutcome outcome)
    {
        var tries = 0;
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = (_, _) =>
            {
                tries++;
                throw new SocketException((int)SocketError.HostNotFound);
            },
        };
        var link = new Uri("http://nowhere.example/");
        var options = Clients.Options(link);
        options.AllowInsecureHttp = true;
        using var client = Clients.For(handler, options);

        var error = await FailAsync(client, endpoint, link, new Failure(3, typeof(ImageApiConnectionException), outcome));

        Assert.Equal(endpoint == Endpoint.Wait ? 6 : 3, tries);
        Assert.NotNull(error.InnerException);
    }

    [Theory]
    [InlineData(Endpoint.Generate, RequestOutcome.NotSent)]
    [InlineData(Endpoint.Submit, RequestOutcome.NotSent)]
    [InlineData(Endpoint.Get, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Wait, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Upload, RequestOutcome.NotSent)]
    [InlineData(Endpoint.Download, RequestOutcome.Accepted)]
    public async Task T2_a_refused_connection_is_tried_again(Endpoint endpoint, RequestOutcome outcome)
    {
        // bound but not listening: nobody else gets the port, and connections to it are refused
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var link = new Uri($"http://{socket.LocalEndPoint}/");
        using var client = Clients.For(link);

        await FailAsync(client, endpoint, link, new Failure(3, typeof(ImageApiConnectionException), outcome));
    }

    [Theory]
    [InlineData(Endpoint.Generate, RequestOutcome.NotSent)]
    [InlineData(Endpoint.Submit, RequestOutcome.NotSent)]
    [InlineData(Endpoint.Get, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Upload, RequestOutcome.NotSent)]
    [InlineData(Endpoint.Download, RequestOutcome.Accepted)]
    public async Task T3_a_connection_that_takes_too_long_is_tried_again(Endpoint endpoint, RequestOutcome outcome)
    {
        var tries = 0;
        using var handler = NeverConnecting(() => tries++);
        var link = new Uri("http://127.0.0.1:9/");
        using var client = Clients.For(handler, Clients.Options(link));

        await FailAsync(client, endpoint, link, new Failure(3, typeof(ImageApiTimeoutException), outcome));

        Assert.Equal(3, tries);
    }

    [Fact]
    public async Task T3_a_wait_goes_on_when_a_connection_takes_too_long()
    {
        await using var server = ScriptServer.Start(Reply.Good(Endpoint.Wait));
        var tries = 0;
        using var handler = NeverConnecting(() => tries++);
        var never = handler.ConnectCallback!;
        handler.ConnectCallback = async (context, token) =>
        {
            if (tries < 4)
            {
                return await never(context, token);
            }

            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(context.DnsEndPoint, token);
            return new NetworkStream(socket, ownsSocket: true);
        };
        using var client = Clients.For(handler, Clients.Options(server.BaseAddress));

        await SucceedAsync(client, Endpoint.Wait, server.BaseAddress);

        Assert.Equal(4, tries);
    }

    // The client waits for "100 Continue" with a large body, so that it provably has not begun to send it.
    // The platform's handler sends such a head again by itself: without a body nothing can be carried out.
    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Upload)]
    public async Task T5_reset_before_the_body_is_tried_again(Endpoint endpoint)
    {
        Exchange reset = async connection =>
        {
            await connection.ReadHeadAsync();
            connection.Reset();
        };

        await using var server = ScriptServer.Start(reset);
        using var client = Clients.For(server.BaseAddress);

        await FailAsync(client, endpoint, server.BaseAddress, new Failure(3, typeof(ImageApiConnectionException), RequestOutcome.NotSent), LargeBody);

        Assert.InRange(server.Connections, 3, 12);
        Assert.All(server.Received.Split("\r\n\r\n", StringSplitOptions.RemoveEmptyEntries), static head => Assert.StartsWith("POST ", head, StringComparison.Ordinal));
    }

    // Many times: where the reset strikes is a race, and each place gives another exception.
    [Theory]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Download)]
    public async Task T5_a_read_that_is_reset_at_once_is_tried_again(Endpoint endpoint)
    {
        for (var round = 0; round < 50; round++)
        {
            await FailAsync(endpoint, Reply.ResetAtOnce, new Failure(3, typeof(ImageApiConnectionException), RequestOutcome.Accepted) { MayBeResentByTheHandler = true });
        }
    }

    // Whether the body was begun is a race here. Either answer must be true to what was counted.
    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    public async Task T5_a_paid_call_that_is_reset_at_once_tells_no_false_safety(Endpoint endpoint)
    {
        await using var server = ScriptServer.Start(Reply.ResetAtOnce);
        using var client = Clients.For(server.BaseAddress);

        var error = await Assert.ThrowsAsync<ImageApiConnectionException>(() => client.CallAsync(endpoint, server.BaseAddress));

        Assert.Equal(error.Attempts, server.Connections);
        Assert.Equal(error.Attempts == 3 ? error.Outcome : RequestOutcome.Unknown, error.Outcome);
        Assert.NotEqual(RequestOutcome.Rejected, error.Outcome);
    }

    [Theory]
    [InlineData(Endpoint.Generate, 1, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Submit, 1, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Upload, 3, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Get, 3, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Wait, 6, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Download, 3, RequestOutcome.Accepted)]
    public async Task T6_reset_after_the_request(Endpoint endpoint, int tries, RequestOutcome outcome) =>
        await FailAsync(endpoint, Reply.Reset, Cut(tries, outcome));

    [Theory]
    [InlineData(Endpoint.Generate, 1, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Submit, 1, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Upload, 3, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Get, 3, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Wait, 6, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Download, 3, RequestOutcome.Accepted)]
    public async Task T6_close_after_the_request(Endpoint endpoint, int tries, RequestOutcome outcome) =>
        await FailAsync(endpoint, Reply.Close, Cut(tries, outcome));

    [Theory]
    [InlineData(Endpoint.Upload)]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Wait)]
    [InlineData(Endpoint.Download)]
    public async Task T6_what_costs_nothing_survives_a_cut_connection(Endpoint endpoint) => await RecoverAsync(endpoint, Reply.Close);

    [Fact]
    public async Task T6_an_upload_that_cannot_be_replayed_is_sent_once()
    {
        await using var server = ScriptServer.Start(Reply.Reset);
        using var client = Clients.For(server.BaseAddress);
        await using var stream = new OneWayStream(Reply.Png);

        var error = await Assert.ThrowsAsync<ImageApiConnectionException>(() => client.Files.UploadAsync(FileUpload.FromStream(stream, "demo.png")));

        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task T6_a_paid_call_is_repeated_with_the_same_key_and_body_when_the_caller_vouches_for_the_server()
    {
        await using var server = ScriptServer.Start(Reply.Reset, Reply.Good(Endpoint.Generate));
        using var client = Clients.For(server.BaseAddress, options => options.AmbiguousRetry = AmbiguousRetry.WhenServerHonoursIdempotencyKey);

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
    public async Task T7_close_in_the_status_line(Endpoint endpoint, int tries, RequestOutcome outcome) =>
        await FailAsync(endpoint, Reply.Raw("HTTP/1.1 20"), Cut(tries, outcome));

    [Theory]
    [InlineData(Endpoint.Generate, 1, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Submit, 1, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Upload, 3, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Get, 3, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Wait, 6, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Download, 3, RequestOutcome.Accepted)]
    public async Task T7_close_in_the_headers(Endpoint endpoint, int tries, RequestOutcome outcome) =>
        await FailAsync(endpoint, Reply.Raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-T"), Cut(tries, outcome));

    [Theory]
    [InlineData(Endpoint.Generate, 1, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Submit, 1, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Upload, 3, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Get, 3, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Wait, 6, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Download, 2, RequestOutcome.Accepted)]
    public async Task T8_close_in_a_body_of_known_length(Endpoint endpoint, int tries, RequestOutcome outcome) =>
        await FailAsync(endpoint, Reply.Raw(Half(endpoint, $"Content-Length: {Reply.GoodBody(endpoint).Length}")), Cut(tries, outcome, 200));

    [Theory]
    [InlineData(Endpoint.Generate, 1, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Submit, 1, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Upload, 3, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Get, 3, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Wait, 6, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Download, 2, RequestOutcome.Accepted)]
    public async Task T8_close_in_a_chunked_body(Endpoint endpoint, int tries, RequestOutcome outcome)
    {
        var body = Reply.GoodBody(endpoint);
        byte[] chunk = [.. Encoding.ASCII.GetBytes($"{body.Length / 2:x}\r\n"), .. body[..(body.Length / 2)], .. "\r\n"u8];

        await FailAsync(endpoint, Reply.Raw(Reply.Message(chunk, $"Content-Type: {Reply.GoodType(endpoint)}", "Transfer-Encoding: chunked")), Cut(tries, outcome, 200));
    }

    [Theory]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Wait)]
    [InlineData(Endpoint.Upload)]
    [InlineData(Endpoint.Download)]
    public async Task T8_what_costs_nothing_survives_a_cut_body(Endpoint endpoint) =>
        await RecoverAsync(endpoint, Reply.Raw(Half(endpoint, $"Content-Length: {Reply.GoodBody(endpoint).Length}")));

    [Theory]
    [InlineData(Endpoint.Generate, 1, typeof(ImageApiProtocolException), RequestOutcome.Unknown)]
    [InlineData(Endpoint.Submit, 1, typeof(ImageApiProtocolException), RequestOutcome.Unknown)]
    [InlineData(Endpoint.Upload, 1, typeof(ImageApiProtocolException), RequestOutcome.Unknown)]
    [InlineData(Endpoint.Get, 3, typeof(ImageApiProtocolException), RequestOutcome.Accepted)]
    [InlineData(Endpoint.Wait, 6, typeof(ImageApiProtocolException), RequestOutcome.Accepted)]
    [InlineData(Endpoint.Download, 1, typeof(MediaDownloadException), RequestOutcome.Accepted)]
    public async Task T9_a_truncated_body_that_only_the_close_ends(Endpoint endpoint, int tries, Type kind, RequestOutcome outcome) =>
        await FailAsync(endpoint, Reply.Raw(Half(endpoint, "Connection: close")), new Failure(tries, kind, outcome, 200));

    [Theory]
    [InlineData(Endpoint.Generate, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Submit, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Get, RequestOutcome.Accepted)]
    public async Task T10_headers_that_never_come_end_the_call_at_its_limit(Endpoint endpoint, RequestOutcome outcome)
    {
        await using var server = ScriptServer.Start(Reply.Stall);
        var time = new FakeTimeProvider();
        using var handler = new SocketsHttpHandler();
        using var client = Clients.For(handler, Clients.Options(server.BaseAddress), time);
        var call = FailAsync(client, endpoint, server, new Failure(1, typeof(ImageApiTimeoutException), outcome));
        await server.WaitForRequestsAsync(1);
        await time.PassUntilAsync(TimeSpan.FromMinutes(1), call);

        await call;
    }

    [Theory]
    [InlineData(Endpoint.Upload, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Download, RequestOutcome.Accepted)]
    public async Task T10_a_transfer_whose_headers_never_come_is_tried_again(Endpoint endpoint, RequestOutcome outcome)
    {
        await using var server = ScriptServer.Start(Reply.Stall);
        var time = new FakeTimeProvider();
        using var handler = new SocketsHttpHandler();
        using var client = Clients.For(handler, Patient(server), time, random: static () => 0);
        var call = FailAsync(client, endpoint, server, new Failure(3, typeof(ImageApiTimeoutException), outcome));
        for (var count = 1; count <= 3; count++)
        {
            var next = count < 3 ? server.WaitForRequestsAsync(count + 1) : call;
            await server.WaitForRequestsAsync(count);
            await time.PassUntilAsync(TimeSpan.FromMinutes(1), next, Patience);
        }

        await call;
    }

    [Fact]
    public async Task T10_a_wait_goes_on_when_a_question_gets_no_answer()
    {
        await using var server = ScriptServer.Start(Reply.Stall, Reply.Good(Endpoint.Wait));
        var time = new FakeTimeProvider();
        using var handler = new SocketsHttpHandler();
        using var client = Clients.For(handler, Clients.Options(server.BaseAddress), time);
        var call = SucceedAsync(client, Endpoint.Wait, server.BaseAddress);
        await server.WaitForRequestsAsync(1);
        await time.PassUntilAsync(TimeSpan.FromSeconds(5), call);

        await call;
    }

    [Theory]
    [InlineData(Endpoint.Generate, 1, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Submit, 1, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Upload, 1, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Get, 2, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Download, 2, RequestOutcome.Accepted)]
    public async Task T11_a_body_that_stalls_ends_at_the_idle_limit(Endpoint endpoint, int tries, RequestOutcome outcome)
    {
        var stall = Reply.RawThenStall(Half(endpoint, $"Content-Length: {Reply.GoodBody(endpoint).Length}"));
        await using var server = ScriptServer.Start(stall);
        var time = new FakeTimeProvider();
        using var handler = new HeadWatcher(new SocketsHttpHandler());
        using var client = Clients.For(handler, Patient(server), time, random: static () => 0);
        var call = FailAsync(client, endpoint, server, new Failure(tries, typeof(ImageApiTimeoutException), outcome, 200));
        for (var count = 1; count <= tries; count++)
        {
            await handler.NextHeadAsync();
            await time.PassUntilAsync(TimeSpan.FromMinutes(1), count < tries ? server.WaitForRequestsAsync(count + 1) : call, Patience);
        }

        await call;
    }

    [Fact]
    public async Task T11_a_wait_goes_on_when_an_answer_stalls()
    {
        await using var server = ScriptServer.Start(Reply.RawThenStall(Half(Endpoint.Wait, "Content-Length: 500")), Reply.Good(Endpoint.Wait));
        var time = new FakeTimeProvider();
        using var handler = new SocketsHttpHandler();
        using var client = Clients.For(handler, Patient(server), time);
        var call = SucceedAsync(client, Endpoint.Wait, server.BaseAddress);
        await server.WaitForRequestsAsync(1);
        await time.PassUntilAsync(TimeSpan.FromSeconds(10), call);

        await call;
    }

    // The idle limit is longer than the call's, so that it is the call's that strikes.
    [Theory]
    [InlineData(Endpoint.Generate, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Submit, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Get, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Download, RequestOutcome.Accepted)]
    public async Task T12_a_trickle_ends_at_the_limit_of_the_call(Endpoint endpoint, RequestOutcome outcome)
    {
        var time = new FakeTimeProvider();
        await using var server = ScriptServer.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(Reply.Head(200, $"Content-Type: {Reply.GoodType(endpoint)}"));
            while (true)
            {
                await connection.SendAsync(" ");
                time.Advance(TimeSpan.FromSeconds(1));
            }
        });
        var options = Clients.Options(server.BaseAddress);
        options.Timeouts.Idle = Long;
        options.Limits.MaxMediaBytes = long.MaxValue;
        options.Limits.MaxJsonBytes = int.MaxValue;
        using var handler = new SocketsHttpHandler();
        using var client = Clients.For(handler, options, time);

        var error = await Assert.ThrowsAsync<ImageApiTimeoutException>(() => client.CallAsync(endpoint, server.BaseAddress, Target).WaitAsync(Watchdog.Limit));

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
    public async Task T13_an_answer_in_slices_of_one_byte_is_understood(Endpoint endpoint)
    {
        var body = Reply.GoodBody(endpoint);
        await using var server = ScriptServer.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.SendSlicedAsync(Reply.Message(body, $"Content-Type: {Reply.GoodType(endpoint)}", $"Content-Length: {body.Length}"));
        });
        using var client = Clients.For(server.BaseAddress);

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
    public async Task T14_a_content_length_that_is_too_long(Endpoint endpoint, int tries, RequestOutcome outcome)
    {
        var body = Reply.GoodBody(endpoint);
        var message = Reply.Message(body, $"Content-Type: {Reply.GoodType(endpoint)}", $"Content-Length: {body.Length + 1}");

        await FailAsync(endpoint, Reply.Raw(message), Cut(tries, outcome, 200));
    }

    [Theory]
    [InlineData(Endpoint.Generate, 1, typeof(ImageApiProtocolException), RequestOutcome.Unknown)]
    [InlineData(Endpoint.Submit, 1, typeof(ImageApiProtocolException), RequestOutcome.Unknown)]
    [InlineData(Endpoint.Upload, 1, typeof(ImageApiProtocolException), RequestOutcome.Unknown)]
    [InlineData(Endpoint.Get, 3, typeof(ImageApiProtocolException), RequestOutcome.Accepted)]
    [InlineData(Endpoint.Wait, 6, typeof(ImageApiProtocolException), RequestOutcome.Accepted)]
    [InlineData(Endpoint.Download, 1, typeof(MediaDownloadException), RequestOutcome.Accepted)]
    public async Task T15_a_content_length_that_is_too_short(Endpoint endpoint, int tries, Type kind, RequestOutcome outcome)
    {
        var body = Reply.GoodBody(endpoint);
        var message = Reply.Message(body, $"Content-Type: {Reply.GoodType(endpoint)}", $"Content-Length: {body.Length / 2}");

        await FailAsync(endpoint, Reply.Raw(message), new Failure(tries, kind, outcome, 200));
    }

    [Fact]
    public async Task T15_a_connection_with_bytes_left_on_it_is_not_used_again()
    {
        var message = Reply.Message(Encoding.UTF8.GetBytes(Reply.GoodImage + "HTTP/1.1 200 OK\r\n"), $"Content-Length: {Reply.GoodImage.Length}");
        await using var server = ScriptServer.Start(
            async connection =>
            {
                await connection.ReadRequestAsync();
                await connection.SendAsync(message);
            },
            Reply.Good(Endpoint.Generate));
        using var client = Clients.For(server.BaseAddress);

        await SucceedAsync(client, Endpoint.Generate, server.BaseAddress);
        await SucceedAsync(client, Endpoint.Generate, server.BaseAddress);

        Assert.Equal(2, server.Connections);
    }

    [Theory]
    [InlineData(Endpoint.Generate, 1, typeof(NotHttp), RequestOutcome.Unknown)]
    [InlineData(Endpoint.Submit, 1, typeof(NotHttp), RequestOutcome.Unknown)]
    [InlineData(Endpoint.Upload, TriesOfNotHttp, typeof(NotHttp), RequestOutcome.Unknown)]
    [InlineData(Endpoint.Get, 3, typeof(NotHttp), RequestOutcome.Accepted)]
    [InlineData(Endpoint.Wait, 6, typeof(NotHttp), RequestOutcome.Accepted)]
    [InlineData(Endpoint.Download, TriesOfNotHttp, typeof(DownloadNotHttp), RequestOutcome.Accepted)]
    public async Task T16_bytes_that_are_not_http(Endpoint endpoint, int tries, Type kind, RequestOutcome outcome) =>
        await FailAsync(endpoint, Reply.Raw("SSH-2.0-OpenSSH_9.6\r\n\r\n"), new Failure(tries, kind, outcome));

    [Theory]
    [InlineData(Endpoint.Generate, 1, typeof(NotHttp), RequestOutcome.Unknown)]
    [InlineData(Endpoint.Submit, 1, typeof(NotHttp), RequestOutcome.Unknown)]
    [InlineData(Endpoint.Upload, TriesOfNotHttp, typeof(NotHttp), RequestOutcome.Unknown)]
    [InlineData(Endpoint.Get, 3, typeof(NotHttp), RequestOutcome.Accepted)]
    [InlineData(Endpoint.Wait, 6, typeof(NotHttp), RequestOutcome.Accepted)]
    [InlineData(Endpoint.Download, TriesOfNotHttp, typeof(DownloadNotHttp), RequestOutcome.Accepted)]
    public async Task T16_headers_beyond_the_limit(Endpoint endpoint, int tries, Type kind, RequestOutcome outcome) =>
        await FailAsync(endpoint, Reply.RawThenStall(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nX-Long: {new string('x', 70 * 1024)}\r\n")), new Failure(tries, kind, outcome));

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    public async Task T17_a_paid_call_on_a_stale_connection_is_not_sent_again(Endpoint endpoint)
    {
        await using var server = ScriptServer.Start(Reply.Good(endpoint), Reply.Close, Reply.Good(endpoint));
        using var client = Clients.For(server.BaseAddress);
        await SucceedAsync(client, endpoint, server.BaseAddress);

        var error = await Assert.ThrowsAsync<ImageApiConnectionException>(() => client.CallAsync(endpoint, server.BaseAddress));

        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
        Assert.Equal(1, error.Attempts);
        Assert.Equal(2, server.Requests.Count);
        Assert.Equal(1, server.Connections); // it was the stale one
    }

    [Theory]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Wait)]
    [InlineData(Endpoint.Download)]
    public async Task T17_a_read_on_a_stale_connection_is_sent_again(Endpoint endpoint)
    {
        await using var server = ScriptServer.Start(Reply.Good(endpoint), Reply.Close, Reply.Good(endpoint));
        using var client = Clients.For(server.BaseAddress);
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
    public async Task T17_a_connection_that_was_closed_while_it_was_idle_is_not_used(Endpoint endpoint)
    {
        foreach (var close in new Action<ScriptConnection>[] { static connection => connection.Close(), static connection => connection.Reset() })
        {
            var idle = new TaskCompletionSource();
            var closed = new TaskCompletionSource();
            var good = Reply.Good(endpoint);
            await using var server = ScriptServer.Start(
                async connection =>
                {
                    await good(connection);
                    await idle.Task.WaitAsync(connection.Stopped);
                    close(connection);
                    closed.SetResult();
                },
                good);
            using var client = Clients.For(server.BaseAddress, static options => options.Retry.MaxRetries = 0);
            await SucceedAsync(client, endpoint, server.BaseAddress);
            idle.SetResult();
            await closed.Task.WaitAsync(Watchdog.Limit);

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
    public async Task T18_provisional_answers_are_passed_over(Endpoint endpoint)
    {
        var body = Reply.GoodBody(endpoint);
        byte[] message =
        [
            .. "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x.css>; rel=preload\r\n\r\n"u8,
            .. Reply.Message(body, $"Content-Type: {Reply.GoodType(endpoint)}", $"Content-Length: {body.Length}"),
        ];
        await using var server = ScriptServer.Start(Reply.Raw(message));
        using var client = Clients.For(server.BaseAddress);

        await SucceedAsync(client, endpoint, server.BaseAddress);

        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    public async Task T20_a_call_that_never_gets_a_connection_was_not_sent(Endpoint endpoint)
    {
        await using var server = ScriptServer.Start(Reply.Stall);
        var time = new FakeTimeProvider();
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = 1 };
        using var other = new HttpClient(handler, disposeHandler: false);
        using var otherEnd = new CancellationTokenSource();
        var occupying = other.GetAsync(server.BaseAddress, otherEnd.Token);
        await server.WaitForRequestsAsync(1);
        using var client = Clients.For(handler, Clients.Options(server.BaseAddress), time);

        var call = FailAsync(client, endpoint, server.BaseAddress, new Failure(1, typeof(ImageApiTimeoutException), RequestOutcome.NotSent));
        await time.PassUntilAsync(TimeSpan.FromSeconds(10), call);

        await call;
        Assert.DoesNotContain("POST", server.Received, StringComparison.Ordinal);
        await otherEnd.CancelAsync();
        await Task.WhenAny(occupying);
    }

    [Theory]
    [InlineData(Endpoint.Generate, RequestOutcome.Rejected, typeof(ImageApiErrorException))]
    [InlineData(Endpoint.Submit, RequestOutcome.Rejected, typeof(ImageApiErrorException))]
    [InlineData(Endpoint.Get, RequestOutcome.Accepted, typeof(ImageApiErrorException))]
    [InlineData(Endpoint.Wait, RequestOutcome.Accepted, typeof(ImageApiErrorException))]
    [InlineData(Endpoint.Upload, RequestOutcome.Rejected, typeof(ImageApiErrorException))]
    [InlineData(Endpoint.Download, RequestOutcome.Accepted, typeof(MediaDownloadException))]
    public async Task T21_a_proxy_that_wants_a_password(Endpoint endpoint, RequestOutcome outcome, Type kind) =>
        await FailThroughProxyAsync(endpoint, Reply.With(407, [], "text/plain", "Proxy-Authenticate: Basic realm=\"proxy\""), new Failure(1, kind, outcome, 407));

    [Theory]
    [InlineData(Endpoint.Generate, 1, RequestOutcome.Unknown, typeof(ImageApiErrorException))]
    [InlineData(Endpoint.Submit, 1, RequestOutcome.Unknown, typeof(ImageApiErrorException))]
    [InlineData(Endpoint.Get, 3, RequestOutcome.Accepted, typeof(ImageApiErrorException))]
    [InlineData(Endpoint.Wait, 6, RequestOutcome.Accepted, typeof(ImageApiErrorException))]
    [InlineData(Endpoint.Upload, 3, RequestOutcome.Unknown, typeof(ImageApiErrorException))]
    [InlineData(Endpoint.Download, 3, RequestOutcome.Accepted, typeof(MediaDownloadException))]
    public async Task T21_a_proxy_that_does_not_reach_the_server(Endpoint endpoint, int tries, RequestOutcome outcome, Type kind) =>
        await FailThroughProxyAsync(endpoint, Reply.With(502, "<html>Bad Gateway</html>"u8.ToArray(), "text/html"), new Failure(tries, kind, outcome, 502));

    private async Task FailThroughProxyAsync(Endpoint endpoint, Exchange fault, Failure expected)
    {
        await using var proxy = ScriptServer.Start(fault);
        using var handler = new SocketsHttpHandler { Proxy = new WebProxy(proxy.BaseAddress), UseProxy = true };
        var options = Clients.Options(new Uri("http://api.example/"));
        options.AllowInsecureHttp = true;
        using var client = Clients.For(handler, options);

        await FailAsync(client, endpoint, new Uri("http://api.example/"), expected);

        Assert.Equal(expected.Tries, proxy.Requests.Count);
        Assert.All(proxy.Requests, request => Assert.StartsWith("http://api.example/", request.Target, StringComparison.Ordinal));
    }

    private static Failure Cut(int tries, RequestOutcome outcome, int? status = null) =>
        new(tries, typeof(ImageApiConnectionException), outcome, status) { MayBeResentByTheHandler = true };

    private static byte[] Half(Endpoint endpoint, string header)
    {
        var body = Reply.GoodBody(endpoint);
        return Reply.Message(body[..(body.Length / 2)], $"Content-Type: {Reply.GoodType(endpoint)}", header);
    }

    private static SocketsHttpHandler NeverConnecting(Action onTry) => new()
    {
        ConnectTimeout = TimeSpan.FromMilliseconds(20),
        ConnectCallback = async (_, token) =>
        {
            onTry();
            await Task.Delay(Timeout.Infinite, token);
            throw new InvalidOperationException();
        },
    };

    /// <summary>Only the idle limit strikes.</summary>
    private static ImageApiClientOptions Patient(ScriptServer server)
    {
        var options = Clients.Options(server.BaseAddress);
        options.Timeouts.Generation = options.Timeouts.Submission = options.Timeouts.StatusQuery = options.Timeouts.Upload = options.Timeouts.Download = Long;
        options.Timeouts.Idle = TimeSpan.FromSeconds(60);
        return options;
    }
}
