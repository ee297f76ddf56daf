using ImageApi.Client.Http.Handlers;
using Microsoft.Extensions.DependencyInjection;

namespace ImageApi.Client.Tests.Faults;

/// <summary>What handlers outside of the library may do with a paid request: nothing twice, nothing elsewhere (G9, G19, C9).</summary>
public sealed class DelegatingHandlerTests
{
    /// <summary>How a handler looks at the body of a request before it sends it.</summary>
    public enum BodyReadMode
    {
        None,
        Buffer,
        Text,
        Stream,
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    public async Task C9_outer_retry_handler_sends_a_paid_request_once(Endpoint endpoint)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(503, "{}"));
        using var handler = new NaiveRetryHandler(new SocketsHttpHandler());
        using var client = TestClients.Create(handler, TestClients.Options(server.BaseAddress));

        var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.Connection, () => client.CallAsync(endpoint, server.BaseAddress));

        Assert.Single(server.Requests);
        Assert.Contains("second time", error.Message, StringComparison.Ordinal);
        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
    }

    [Theory]
    [InlineData(Endpoint.Generate, BodyReadMode.Buffer)]
    [InlineData(Endpoint.Generate, BodyReadMode.Text)]
    [InlineData(Endpoint.Submit, BodyReadMode.Buffer)]
    [InlineData(Endpoint.Submit, BodyReadMode.Stream)]
    public async Task C9_buffering_handler_outside_a_container_sends_nothing(Endpoint endpoint, BodyReadMode readMode)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(503, "{}"));
        using var handler = new NaiveRetryHandler(new SocketsHttpHandler(), readMode);
        using var client = TestClients.Create(handler, TestClients.Options(server.BaseAddress));

        var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.Connection, () => client.CallAsync(endpoint, server.BaseAddress));

        Assert.Empty(server.Requests);
        Assert.Contains("AddImageApiClient", error.Message, StringComparison.Ordinal);
        Assert.Equal(RequestOutcome.NotSent, error.Outcome);
    }

    [Theory]
    [InlineData(Endpoint.Generate, BodyReadMode.Buffer)]
    [InlineData(Endpoint.Generate, BodyReadMode.Stream)]
    [InlineData(Endpoint.Submit, BodyReadMode.Text)]
    public async Task C9_buffering_retry_handler_in_a_container_sends_once(Endpoint endpoint, BodyReadMode readMode)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(503, "{}"));
        await using var services = CreateServices(server, readMode);

        var error = await FailureAssert.ThrowsAsync(
            ImageApiFailureReason.Connection, () => services.GetRequiredService<ImageApiClient>().CallAsync(endpoint, server.BaseAddress));

        Assert.Single(server.Requests);
        Assert.Contains("second time", error.Message, StringComparison.Ordinal);
        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
    }

    [Fact]
    public async Task Handler_in_a_container_can_read_the_request_body()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Generate));
        await using var services = CreateServices(server, BodyReadMode.Text);

        await services.GetRequiredService<ImageApiClient>().CallAsync(Endpoint.Generate, server.BaseAddress);

        Assert.Contains(EndpointCalls.Prompt, server.Received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Handler_in_a_container_can_read_the_body_after_the_response()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Generate));
        var handler = new BodyLoggingHandler();
        await using var services = new ServiceCollection()
            .Also(services => services.AddImageApiClient(options => (options.BaseAddress, options.ApiKey) = (server.BaseAddress, TestClients.ApiKey)).AddHttpMessageHandler(() => handler))
            .BuildServiceProvider();

        await services.GetRequiredService<ImageApiClient>().CallAsync(Endpoint.Generate, server.BaseAddress);

        Assert.Equal(2, handler.Bodies.Count);
        Assert.All(handler.Bodies, static body => Assert.Contains(EndpointCalls.Prompt, body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Handler_exception_after_a_response_has_an_unknown_outcome()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Generate));
        using var handler = new DisposedScopeHandler(new SocketsHttpHandler());
        using var client = TestClients.Create(handler, TestClients.Options(server.BaseAddress));

        var error = await Assert.ThrowsAsync<ObjectDisposedException>(() => client.CallAsync(Endpoint.Generate, server.BaseAddress));

        Assert.Equal(RequestOutcome.Unknown, RequestInfo.FromException(error)!.Outcome);
    }

    [Fact]
    public async Task C9_outer_retry_handler_resends_other_requests()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(503, "{}"));
        using var http = new HttpClient(new NaiveRetryHandler(new SocketsHttpHandler()));
        using var content = new StringContent("{}");

        using var response = await http.PostAsync(server.BaseAddress, content);

        Assert.Equal(4, server.Requests.Count);
    }

    [Theory]
    [InlineData(307)]
    [InlineData(308)]
    public async Task G9_redirect_following_client_does_not_forward_the_prompt(int status)
    {
        await using var redirectTarget = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Generate));
        await using var server = ScriptedServer.Start(ScriptedResponse.With(status, "{}", $"Location: {redirectTarget.BaseAddress}v1/images/generations"));
        using var http = CreateRedirectingClient();
        using var client = new ImageApiClient(http, TestClients.Options(server.BaseAddress));

        var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.Connection, () => client.CallAsync(Endpoint.Generate, server.BaseAddress));

        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
        Assert.Contains(EndpointCalls.Prompt, server.Received, StringComparison.Ordinal);
        Assert.DoesNotContain(EndpointCalls.Prompt, redirectTarget.Received, StringComparison.Ordinal);
        Assert.DoesNotContain(TestClients.ApiKey, redirectTarget.Received, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(BodyReadMode.Buffer)]
    [InlineData(BodyReadMode.Stream)]
    public async Task G9_redirect_in_a_container_does_not_forward_a_read_body(BodyReadMode readMode)
    {
        await using var redirectTarget = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Generate));
        await using var server = ScriptedServer.Start(ScriptedResponse.With(307, "{}", $"Location: {redirectTarget.BaseAddress}v1/images/generations"));
        await using var services = CreateServices(server, readMode, () => new SocketsHttpHandler { AllowAutoRedirect = true });

        var error = await FailureAssert.ThrowsAsync(
            ImageApiFailureReason.Connection, () => services.GetRequiredService<ImageApiClient>().CallAsync(Endpoint.Generate, server.BaseAddress));

        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
        Assert.Contains("second time", error.Message, StringComparison.Ordinal);
        Assert.Contains(EndpointCalls.Prompt, server.Received, StringComparison.Ordinal);
        Assert.DoesNotContain(EndpointCalls.Prompt, redirectTarget.Received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_body_of_unknown_length_is_chunked_and_not_buffered()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Generate));
        using var handler = new BufferingHandler(new SocketsHttpHandler());
        using var client = TestClients.Create(handler, TestClients.Options(server.BaseAddress));
        using var stream = new NonSeekableStream(new byte[100_000]);

        await client.Images.GenerateAsync(new ImageRequest { Prompt = "With a stream", ReferenceImages = [ReferenceImage.FromStream(stream, "image/png")] });

        Assert.Equal("chunked", Assert.Single(server.Requests).Header("Transfer-Encoding"));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    public async Task G9_redirect_landing_page_is_not_a_success(int status)
    {
        foreach (var endpoint in new[] { Endpoint.Generate, Endpoint.Submit, Endpoint.Get, Endpoint.Upload })
        {
            await using var redirectTarget = ScriptedServer.Start(ScriptedResponse.Success(endpoint));
            await using var server = ScriptedServer.Start(ScriptedResponse.With(status, "{}", $"Location: {redirectTarget.BaseAddress}landing"));
            using var http = CreateRedirectingClient();
            using var client = new ImageApiClient(http, TestClients.Options(server.BaseAddress));

            var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.InvalidResponse, () => client.CallAsync(endpoint, server.BaseAddress));

            Assert.Contains("AllowAutoRedirect", error.Message, StringComparison.Ordinal);
            Assert.Equal(endpoint == Endpoint.Get ? RequestOutcome.Accepted : RequestOutcome.Unknown, error.Outcome);
            Assert.DoesNotContain(TestClients.ApiKey, redirectTarget.Received, StringComparison.Ordinal);
            Assert.Equal(endpoint == Endpoint.Get ? 3 : 1, server.Requests.Count);
        }
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Upload)]
    public async Task Path_rewriting_handler_does_not_lose_the_response(Endpoint endpoint)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(endpoint));
        using var handler = new PathPrefixHandler(new SocketsHttpHandler());
        using var client = TestClients.Create(handler, TestClients.Options(server.BaseAddress));

        await client.CallAsync(endpoint, server.BaseAddress);

        Assert.StartsWith("/gateway/v1/", Assert.Single(server.Requests).Target, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    public async Task G9_same_host_redirect_that_turns_POST_into_GET_throws(int status)
    {
        foreach (var endpoint in new[] { Endpoint.Generate, Endpoint.Submit, Endpoint.Upload })
        {
            await using var server = ScriptedServer.Start(ScriptedResponse.With(status, "{}", "Location: /landing"), ScriptedResponse.Success(endpoint));
            using var http = CreateRedirectingClient();
            using var client = new ImageApiClient(http, TestClients.Options(server.BaseAddress));

            var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.InvalidResponse, () => client.CallAsync(endpoint, server.BaseAddress));

            Assert.Contains("AllowAutoRedirect", error.Message, StringComparison.Ordinal);
        }
    }

    private static ServiceProvider CreateServices(ScriptedServer server, BodyReadMode readMode, Func<HttpMessageHandler>? primary = null)
    {
        var services = new ServiceCollection();
        var builder = services.AddImageApiClient(options => (options.BaseAddress, options.ApiKey) = (server.BaseAddress, TestClients.ApiKey))
            .AddHttpMessageHandler(() => new NaiveRetryHandler(readMode));
        if (primary is not null)
        {
            builder.ConfigurePrimaryHttpMessageHandler(primary);
        }

        return services.BuildServiceProvider();
    }

    private static HttpClient CreateRedirectingClient() => HttpClientDefaults.Configure(new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = true }));

    /// <summary>Puts a prefix before every path, as applications behind a gateway do.</summary>
    private sealed class PathPrefixHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
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
    private sealed class NaiveRetryHandler : DelegatingHandler
    {
        private readonly BodyReadMode _readMode;

        public NaiveRetryHandler(BodyReadMode readMode) => _readMode = readMode;

        public NaiveRetryHandler(HttpMessageHandler inner, BodyReadMode readMode = BodyReadMode.None)
            : base(inner) => _readMode = readMode;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            _ = _readMode switch
            {
                BodyReadMode.Buffer => await BufferAsync(request.Content!),
                BodyReadMode.Text => await request.Content!.ReadAsStringAsync(cancellationToken),
                BodyReadMode.Stream => await request.Content!.ReadAsStreamAsync(cancellationToken),
                _ => default(object),
            };
            for (var attempts = 1; ; attempts++)
            {
                var response = await base.SendAsync(request, cancellationToken);
                if (response.IsSuccessStatusCode || attempts == 4)
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
    private sealed class BodyLoggingHandler : DelegatingHandler
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
    private sealed class DisposedScopeHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var response = await base.SendAsync(request, cancellationToken);
            throw new ObjectDisposedException("scope");
        }
    }
}
