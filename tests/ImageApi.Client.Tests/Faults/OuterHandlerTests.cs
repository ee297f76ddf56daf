using ImageApi.Client.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ImageApi.Client.Tests.Faults;

/// <summary>What handlers outside of the library may do with a paid request: nothing twice, nothing elsewhere (G9, G19, C9).</summary>
public sealed class OuterHandlerTests
{
    /// <summary>How a handler looks at the body of a request before it sends it.</summary>
    public enum BodyReading
    {
        None,
        Buffer,
        Text,
        Stream,
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    public async Task C9_an_outer_retry_does_not_send_a_paid_request_twice(Endpoint endpoint)
    {
        await using var server = ScriptServer.Start(Reply.With(503, "{}"));
        using var handler = new NaiveRetry(new SocketsHttpHandler());
        using var client = Clients.For(handler, Clients.Options(server.BaseAddress));

        var error = await Assert.ThrowsAsync<ImageApiConnectionException>(() => client.CallAsync(endpoint, server.BaseAddress));

        Assert.Single(server.Requests);
        Assert.Contains("second time", error.Message, StringComparison.Ordinal);
        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
    }

    [Theory]
    [InlineData(Endpoint.Generate, BodyReading.Buffer)]
    [InlineData(Endpoint.Generate, BodyReading.Text)]
    [InlineData(Endpoint.Submit, BodyReading.Buffer)]
    [InlineData(Endpoint.Submit, BodyReading.Stream)]
    public async Task C9_a_handler_that_would_keep_the_body_sends_nothing(Endpoint endpoint, BodyReading reading)
    {
        await using var server = ScriptServer.Start(Reply.With(503, "{}"));
        using var handler = new NaiveRetry(new SocketsHttpHandler(), reading);
        using var client = Clients.For(handler, Clients.Options(server.BaseAddress));

        var error = await Assert.ThrowsAsync<ImageApiConnectionException>(() => client.CallAsync(endpoint, server.BaseAddress));

        Assert.Empty(server.Requests);
        Assert.Contains("AddImageApiClient", error.Message, StringComparison.Ordinal);
        Assert.Equal(RequestOutcome.NotSent, error.Outcome);
    }

    [Theory]
    [InlineData(Endpoint.Generate, BodyReading.Buffer)]
    [InlineData(Endpoint.Generate, BodyReading.Stream)]
    [InlineData(Endpoint.Submit, BodyReading.Text)]
    public async Task C9_in_a_container_such_a_handler_sends_once(Endpoint endpoint, BodyReading reading)
    {
        await using var server = ScriptServer.Start(Reply.With(503, "{}"));
        await using var services = Contained(server, reading);

        var error = await Assert.ThrowsAsync<ImageApiConnectionException>(
            () => services.GetRequiredService<ImageApiClient>().CallAsync(endpoint, server.BaseAddress));

        Assert.Single(server.Requests);
        Assert.Contains("second time", error.Message, StringComparison.Ordinal);
        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
    }

    [Fact]
    public async Task In_a_container_a_handler_may_read_the_body()
    {
        await using var server = ScriptServer.Start(Reply.Good(Endpoint.Generate));
        await using var services = Contained(server, BodyReading.Text);

        await services.GetRequiredService<ImageApiClient>().CallAsync(Endpoint.Generate, server.BaseAddress);

        Assert.Contains(EndpointCalls.Prompt, server.Received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_a_container_a_handler_may_read_the_body_again_when_the_answer_is_there()
    {
        await using var server = ScriptServer.Start(Reply.Good(Endpoint.Generate));
        var handler = new BeforeAndAfter();
        await using var services = new ServiceCollection()
            .Also(services => services.AddImageApiClient(options => (options.BaseAddress, options.ApiKey) = (server.BaseAddress, Clients.Key)).AddHttpMessageHandler(() => handler))
            .BuildServiceProvider();

        await services.GetRequiredService<ImageApiClient>().CallAsync(Endpoint.Generate, server.BaseAddress);

        Assert.Equal(2, handler.Bodies.Count);
        Assert.All(handler.Bodies, static body => Assert.Contains(EndpointCalls.Prompt, body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_answer_that_a_handler_loses_may_have_been_paid_for()
    {
        await using var server = ScriptServer.Start(Reply.Good(Endpoint.Generate));
        using var handler = new Disposed(new SocketsHttpHandler());
        using var client = Clients.For(handler, Clients.Options(server.BaseAddress));

        var error = await Assert.ThrowsAsync<ObjectDisposedException>(() => client.CallAsync(Endpoint.Generate, server.BaseAddress));

        Assert.Equal(RequestOutcome.Unknown, PurchaseFacts.Of(error)!.Outcome);
    }

    [Fact]
    public async Task C9_the_same_outer_retry_sends_any_other_request_again()
    {
        await using var server = ScriptServer.Start(Reply.With(503, "{}"));
        using var http = new HttpClient(new NaiveRetry(new SocketsHttpHandler()));
        using var content = new StringContent("{}");

        using var response = await http.PostAsync(server.BaseAddress, content);

        Assert.Equal(4, server.Requests.Count);
    }

    [Theory]
    [InlineData(307)]
    [InlineData(308)]
    public async Task G9_a_client_that_follows_redirects_does_not_carry_the_prompt_elsewhere(int status)
    {
        await using var elsewhere = ScriptServer.Start(Reply.Good(Endpoint.Generate));
        await using var server = ScriptServer.Start(Reply.With(status, "{}", $"Location: {elsewhere.BaseAddress}v1/images/generations"));
        using var http = Following();
        using var client = new ImageApiClient(http, Clients.Options(server.BaseAddress));

        var error = await Assert.ThrowsAsync<ImageApiConnectionException>(() => client.CallAsync(Endpoint.Generate, server.BaseAddress));

        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
        Assert.Contains(EndpointCalls.Prompt, server.Received, StringComparison.Ordinal);
        Assert.DoesNotContain(EndpointCalls.Prompt, elsewhere.Received, StringComparison.Ordinal);
        Assert.DoesNotContain(Clients.Key, elsewhere.Received, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(BodyReading.Buffer)]
    [InlineData(BodyReading.Stream)]
    public async Task G9_nor_does_one_in_a_container_whose_handler_has_read_it(BodyReading reading)
    {
        await using var elsewhere = ScriptServer.Start(Reply.Good(Endpoint.Generate));
        await using var server = ScriptServer.Start(Reply.With(307, "{}", $"Location: {elsewhere.BaseAddress}v1/images/generations"));
        await using var services = Contained(server, reading, () => new SocketsHttpHandler { AllowAutoRedirect = true });

        var error = await Assert.ThrowsAsync<ImageApiConnectionException>(
            () => services.GetRequiredService<ImageApiClient>().CallAsync(Endpoint.Generate, server.BaseAddress));

        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
        Assert.Contains("second time", error.Message, StringComparison.Ordinal);
        Assert.Contains(EndpointCalls.Prompt, server.Received, StringComparison.Ordinal);
        Assert.DoesNotContain(EndpointCalls.Prompt, elsewhere.Received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_of_unknown_length_is_sent_in_chunks_and_not_kept()
    {
        await using var server = ScriptServer.Start(Reply.Good(Endpoint.Generate));
        using var handler = new BufferingHandler(new SocketsHttpHandler());
        using var client = Clients.For(handler, Clients.Options(server.BaseAddress));
        using var stream = new OneWayStream(new byte[100_000]);

        await client.Images.GenerateAsync(new ImageRequest { Prompt = "With a stream", ReferenceImages = [ReferenceImage.FromStream(stream, "image/png")] });

        Assert.Equal("chunked", Assert.Single(server.Requests).Header("Transfer-Encoding"));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    public async Task G9_the_landing_page_of_a_redirect_is_no_success(int status)
    {
        foreach (var endpoint in new[] { Endpoint.Generate, Endpoint.Submit, Endpoint.Get, Endpoint.Upload })
        {
            await using var elsewhere = ScriptServer.Start(Reply.Good(endpoint));
            await using var server = ScriptServer.Start(Reply.With(status, "{}", $"Location: {elsewhere.BaseAddress}landing"));
            using var http = Following();
            using var client = new ImageApiClient(http, Clients.Options(server.BaseAddress));

            var error = await Assert.ThrowsAsync<ImageApiProtocolException>(() => client.CallAsync(endpoint, server.BaseAddress));

            Assert.Contains("AllowAutoRedirect", error.Message, StringComparison.Ordinal);
            Assert.Equal(endpoint == Endpoint.Get ? RequestOutcome.Accepted : RequestOutcome.Unknown, error.Outcome);
            Assert.DoesNotContain(Clients.Key, elsewhere.Received, StringComparison.Ordinal);
            Assert.Equal(endpoint == Endpoint.Get ? 3 : 1, server.Requests.Count);
        }
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Upload)]
    public async Task A_handler_that_rewrites_the_path_loses_no_answer(Endpoint endpoint)
    {
        await using var server = ScriptServer.Start(Reply.Good(endpoint));
        using var handler = new Gateway(new SocketsHttpHandler());
        using var client = Clients.For(handler, Clients.Options(server.BaseAddress));

        await client.CallAsync(endpoint, server.BaseAddress);

        Assert.StartsWith("/gateway/v1/", Assert.Single(server.Requests).Target, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    public async Task G9_a_redirect_on_the_same_host_that_makes_a_read_of_a_request_is_no_success(int status)
    {
        foreach (var endpoint in new[] { Endpoint.Generate, Endpoint.Submit, Endpoint.Upload })
        {
            await using var server = ScriptServer.Start(Reply.With(status, "{}", "Location: /landing"), Reply.Good(endpoint));
            using var http = Following();
            using var client = new ImageApiClient(http, Clients.Options(server.BaseAddress));

            var error = await Assert.ThrowsAsync<ImageApiProtocolException>(() => client.CallAsync(endpoint, server.BaseAddress));

            Assert.Contains("AllowAutoRedirect", error.Message, StringComparison.Ordinal);
        }
    }

    private static ServiceProvider Contained(ScriptServer server, BodyReading reading, Func<HttpMessageHandler>? primary = null)
    {
        var services = new ServiceCollection();
        var builder = services.AddImageApiClient(options => (options.BaseAddress, options.ApiKey) = (server.BaseAddress, Clients.Key))
            .AddHttpMessageHandler(() => new NaiveRetry(reading));
        if (primary is not null)
        {
            builder.ConfigurePrimaryHttpMessageHandler(primary);
        }

        return services.BuildServiceProvider();
    }

    private static HttpClient Following() => OwnHttpClient.Configure(new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = true }));

    /// <summary>Puts a prefix before every path, as applications behind a gateway do.</summary>
    private sealed class Gateway(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = new Uri(request.RequestUri!, "/gateway" + request.RequestUri!.AbsolutePath);
            return base.SendAsync(request, cancellationToken);
        }
    }

    /// <summary>What the handler of .NET Framework does: what has no length and is not sent in chunks is read into memory first.</summary>
    private sealed class BufferingHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Headers.TransferEncodingChunked != true && request.Content!.Headers.ContentLength is null)
            {
                await request.Content.LoadIntoBufferAsync(cancellationToken);
            }

            return await base.SendAsync(request, cancellationToken);
        }
    }

    /// <summary>What many applications have: everything is tried four times.</summary>
    private sealed class NaiveRetry : DelegatingHandler
    {
        private readonly BodyReading _reading;

        public NaiveRetry(BodyReading reading) => _reading = reading;

        public NaiveRetry(HttpMessageHandler inner, BodyReading reading = BodyReading.None)
            : base(inner) => _reading = reading;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            _ = _reading switch
            {
                BodyReading.Buffer => await BufferAsync(request.Content!),
                BodyReading.Text => await request.Content!.ReadAsStringAsync(cancellationToken),
                BodyReading.Stream => await request.Content!.ReadAsStreamAsync(cancellationToken),
                _ => default(object),
            };
            for (var tries = 1; ; tries++)
            {
                var response = await base.SendAsync(request, cancellationToken);
                if (response.IsSuccessStatusCode || tries == 4)
                {
                    return response;
                }

                response.Dispose();
            }
        }

        private static async Task<object?> BufferAsync(HttpContent content)
        {
            await content.LoadIntoBufferAsync();
            return null;
        }
    }

    /// <summary>Looks at the body before and after the sending, as one that logs both does.</summary>
    private sealed class BeforeAndAfter : DelegatingHandler
    {
        public List<string> Bodies { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Bodies.Add(await request.Content!.ReadAsStringAsync(cancellationToken));
            var response = await base.SendAsync(request, cancellationToken);
            Bodies.Add(await request.Content.ReadAsStringAsync(cancellationToken));
            return response;
        }
    }

    /// <summary>Uses something that is gone when the answer is there.</summary>
    private sealed class Disposed(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var response = await base.SendAsync(request, cancellationToken);
            throw new ObjectDisposedException("scope");
        }
    }
}
