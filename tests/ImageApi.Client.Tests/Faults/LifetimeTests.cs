using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using ImageApi.Client.Http.Handlers;
using ImageApi.Emulator;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace ImageApi.Client.Tests.Faults;

/// <summary>Many callers, changing keys, clients that are disposed: rows C3 to C10.</summary>
public sealed class LifetimeTests
{
    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Get)]
    public async Task C3_timeout_is_not_reported_as_a_cancellation(Endpoint endpoint)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Stall);
        using var client = TestClients.Create(server.BaseAddress, static options =>
            options.Timeouts.Generation = options.Timeouts.Submission = options.Timeouts.StatusQuery = TimeSpan.FromMilliseconds(200));
        using var caller = new CancellationTokenSource();

        await FailureAssert.ThrowsAsync(ImageApiFailureReason.Timeout, () => client.CallAsync(endpoint, server.BaseAddress, cancellationToken: caller.Token));
    }

    [Fact]
    public async Task C4_cancellation_during_the_response_returns_or_throws_canceled()
    {
        CancellationTokenSource? caller = null;
        var good = ScriptedResponse.Success(Endpoint.Generate);
        await using var server = ScriptedServer.Start(async connection =>
        {
            var sending = good(connection);
            await caller!.CancelAsync();
            await sending;
        });
        using var client = TestClients.Create(server.BaseAddress);

        for (var round = 0; round < 100; round++)
        {
            caller?.Dispose();
            caller = new CancellationTokenSource();
            try
            {
                Assert.IsType<ImageResult>(await client.CallAsync(Endpoint.Generate, server.BaseAddress, cancellationToken: caller.Token));
            }
            catch (ImageApiCanceledException e)
            {
                Assert.Equal(caller.Token, e.CancellationToken);
                Assert.NotEqual(RequestOutcome.Rejected, e.Outcome);
            }
        }

        caller!.Dispose();
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Upload)]
    public async Task C5_disposed_client_throws_ObjectDisposedException(Endpoint endpoint)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(endpoint));
        var client = TestClients.Create(server.BaseAddress);
        client.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.CallAsync(endpoint, server.BaseAddress));

        Assert.Equal(0, server.Connections);
    }

    [Theory]
    [InlineData(Endpoint.Generate, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Submit, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Get, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Upload, RequestOutcome.Unknown)]
    public async Task C5_disposing_the_client_mid_request_is_not_a_cancellation(Endpoint endpoint, RequestOutcome outcome)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Stall);
        var client = TestClients.Create(server.BaseAddress);
        var call = FailureAssert.ThrowsAsync(ImageApiFailureReason.Connection, () => client.CallAsync(endpoint, server.BaseAddress));
        await server.WaitForRequestsAsync(1);

        client.Dispose();
        var error = await call;

        Assert.Equal(outcome, error.Outcome);
        Assert.Equal(1, error.Info.Attempts);
        Assert.NotNull(error.InnerException);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task C5_injected_http_client_is_not_disposed()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Generate));
        using var http = HttpClientDefaults.Configure(new HttpClient(new SocketsHttpHandler()));
        new ImageApiClient(http, TestClients.Options(server.BaseAddress)).Dispose();

        using var response = await http.GetAsync(server.BaseAddress);

        Assert.True(response.IsSuccessStatusCode);
    }

    [Fact]
    public async Task C6_1000_concurrent_generations_are_each_charged_once()
    {
        await using var emulator = await ImageApiEmulator.StartAsync(new EmulatorOptions { DrawTinyImages = true });
        using var client = TestClients.Create(emulator);
        var prompts = Enumerable.Range(0, 1000).Select(static number => $"picture {number}").ToList();

        var results = await Task.WhenAll(prompts.Select(prompt => client.Images.GenerateAsync(new ImageRequest { Prompt = prompt })));

        Assert.All(results, static result => Assert.Single(result.Images));
        Assert.Equal(1000, results.Select(static result => result.RequestId).Distinct().Count());
        Assert.All(prompts, prompt => Assert.Equal(1, emulator.Ledger.ChargesFor(prompt)));
        Assert.Equal(1000, emulator.Ledger.RequestsTo(EmulatorEndpoint.Generation));
        Assert.Equal(1000, emulator.Ledger.Charges.Select(static charge => charge.IdempotencyKey).Distinct().Count());
    }

    [Fact]
    public async Task C7_api_key_provider_is_called_before_every_attempt()
    {
        var apiKeys = new Queue<string>(["first-key-0123456789", "second-key-012345678", "third-key-0123456789"]);
        await using var server = ScriptedServer.Start(ScriptedResponse.With(429, "{}", "Retry-After: 0"), ScriptedResponse.With(429, "{}", "Retry-After: 0"), ScriptedResponse.Success(Endpoint.Generate));
        using var client = TestClients.Create(server.BaseAddress, options => options.ApiKeyProvider = _ => new(apiKeys.Dequeue()));

        await client.CallAsync(Endpoint.Generate, server.BaseAddress);

        Assert.Equal(
            ["Bearer first-key-0123456789", "Bearer second-key-012345678", "Bearer third-key-0123456789"],
            server.Requests.Select(static request => request.Header("Authorization")));
    }

    [Fact]
    public async Task C7_job_polling_uses_a_rotated_api_key()
    {
        var apiKey = "first-key-0123456789";
        await using var server = ScriptedServer.Start(
            async connection =>
            {
                apiKey = "second-key-012345678";
                await ScriptedResponse.With(200, """{"id":"job_example","status":"processing"}""")(connection);
            },
            ScriptedResponse.Success(Endpoint.Wait));
        using var client = TestClients.Create(server.BaseAddress, options => options.ApiKeyProvider = _ => new(Volatile.Read(ref apiKey)));

        await client.CallAsync(Endpoint.Wait, server.BaseAddress);

        Assert.EndsWith("second-key-012345678", server.Requests[^1].Header("Authorization"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(503, RequestOutcome.Rejected)]
    [InlineData(429, RequestOutcome.Rejected)]
    public async Task C7_api_key_provider_failure_on_retry_keeps_the_known_outcome(int status, RequestOutcome outcome)
    {
        var providerCalls = 0;
        await using var server = ScriptedServer.Start(ScriptedResponse.With(status, "{}", "Retry-After: 0"));
        using var client = TestClients.Create(
            server.BaseAddress, options => options.ApiKeyProvider = _ => ++providerCalls == 2 ? throw new OperationCanceledException("no vault") : new(TestClients.ApiKey));

        var error = await Assert.ThrowsAsync<ImageApiException>(() => client.CallAsync(Endpoint.Generate, server.BaseAddress));

        Assert.Equal((outcome, 2), (error.Outcome, error.Info.Attempts));
        Assert.Equal(server.Requests[0].Header("Idempotency-Key"), error.Info.IdempotencyKey);
        Assert.IsType<OperationCanceledException>(error.InnerException);
    }

    [Fact]
    public async Task C7_api_key_provider_failure_is_the_inner_exception()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Generate));
        using var client = TestClients.Create(server.BaseAddress, static options => options.ApiKeyProvider = static _ => throw new InvalidOperationException("no vault"));

        var error = await Assert.ThrowsAsync<ImageApiException>(() => client.CallAsync(Endpoint.Generate, server.BaseAddress));

        Assert.Equal(RequestOutcome.NotSent, error.Outcome);
        Assert.IsType<InvalidOperationException>(error.InnerException);
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task C7_api_key_provider_failure_does_not_hide_a_401_response()
    {
        var providerCalls = 0;
        await using var server = ScriptedServer.Start(ScriptedResponse.With(401, "{}"));
        using var client = TestClients.Create(
            server.BaseAddress, options => options.ApiKeyProvider = _ => ++providerCalls == 2 ? throw new OperationCanceledException("no vault") : new(TestClients.ApiKey));

        await Assert.ThrowsAsync<ImageApiResponseException>(() => client.CallAsync(Endpoint.Generate, server.BaseAddress));
    }

    [Fact]
    public async Task Throwing_logger_does_not_lose_a_submitted_job()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(503, "{}", "Retry-After: 0"), ScriptedResponse.Success(Endpoint.Submit));
        using var handler = new SocketsHttpHandler();
        using var logs = new Microsoft.Extensions.Logging.LoggerFactory([new ThrowingLoggerProvider()]);
        using var client = TestClients.Create(handler, TestClients.Options(server.BaseAddress), loggerFactory: logs);

        var job = Assert.IsType<Job>(await client.CallAsync(Endpoint.Submit, server.BaseAddress));

        Assert.Equal(EndpointCalls.JobId, job.Id);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task C7_unchanged_api_key_is_not_retried_after_a_401_response()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(401, "{}"));
        using var client = TestClients.Create(server.BaseAddress, static options => options.ApiKeyProvider = static _ => new(TestClients.ApiKey));

        await Assert.ThrowsAsync<ImageApiResponseException>(() => client.CallAsync(Endpoint.Generate, server.BaseAddress));

        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task C8_handler_lifetime_is_infinite_except_on_netstandard()
    {
        var services = new ServiceCollection();
        var builder = services.AddImageApiClient(static options =>
        {
            options.BaseAddress = new Uri("https://api.example");
            options.ApiKey = TestClients.ApiKey;
        });
        await using var provider = services.BuildServiceProvider();

        var lifetime = provider.GetRequiredService<IOptionsMonitor<HttpClientFactoryOptions>>().Get(builder.Name).HandlerLifetime;

#if NETSTANDARD_LIBRARY // handlers that do not renew their connections are renewed themselves: a call keeps the one that it has
        Assert.Equal(TimeSpan.FromMinutes(2), lifetime);
#else
        Assert.Equal(Timeout.InfiniteTimeSpan, lifetime);
#endif
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Wait)]
    [InlineData(Endpoint.Upload)]
    [InlineData(Endpoint.Download)]
    [SuppressMessage("Usage", "VSTHRD002", Justification = "Blocking is what the test is about.")]
    public async Task C10_blocking_caller_on_a_single_thread_gets_a_response(Endpoint endpoint)
    {
        var directory = Directory.CreateTempSubdirectory("imageapi-");
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(endpoint));
        using var client = TestClients.Create(server.BaseAddress);
        using var context = new SingleThreadContext();

        var response = await context.RunAsync(
            () => client.CallAsync(endpoint, server.BaseAddress, Path.Combine(directory.FullName, "fox.png")).GetAwaiter().GetResult()).WaitAsync(TestTimeout.Duration);

        Assert.NotNull(response);
        directory.Delete(recursive: true);
    }

    [Fact]
    [SuppressMessage("Usage", "VSTHRD002", Justification = "Blocking is what the test is about.")]
    public async Task C10_captured_synchronization_context_deadlocks_a_blocked_thread()
    {
        using var context = new SingleThreadContext();
        var started = new TaskCompletionSource();

        var blocked = context.RunAsync(() =>
        {
            var work = WorkAsync();
            started.SetResult();
            return work.Wait(TimeSpan.FromMilliseconds(200));
        });
        await started.Task;

        Assert.False(await blocked);

        static async Task WorkAsync() => await Task.Yield();
    }

    /// <summary>A synchronization context as that of a window: everything that is posted to it runs on one thread.</summary>
    private sealed class SingleThreadContext : SynchronizationContext, IDisposable
    {
        private readonly BlockingCollection<Action> _work = [];

        public SingleThreadContext() => new Thread(Loop) { IsBackground = true }.Start();

        public override void Post(SendOrPostCallback d, object? state) => _work.Add(() => d(state));

        public Task<T> RunAsync<T>(Func<T> work)
        {
            var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
            Post(
                _ =>
                {
                    try
                    {
                        done.SetResult(work());
                    }
                    catch (Exception e)
                    {
                        done.SetException(e);
                    }
                },
                null);
            return done.Task;
        }

        public void Dispose() => _work.CompleteAdding();

        private void Loop()
        {
            SetSynchronizationContext(this);
            foreach (var action in _work.GetConsumingEnumerable())
            {
                action();
            }
        }
    }

    private sealed class ThrowingLoggerProvider : Microsoft.Extensions.Logging.ILoggerProvider, Microsoft.Extensions.Logging.ILogger
    {
        public Microsoft.Extensions.Logging.ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(Microsoft.Extensions.Logging.LogLevel logLevel) => true;

        public void Log<TState>(
            Microsoft.Extensions.Logging.LogLevel logLevel,
            Microsoft.Extensions.Logging.EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter) => throw new IOException("The disk is full.");

        public void Dispose()
        {
        }
    }
}
