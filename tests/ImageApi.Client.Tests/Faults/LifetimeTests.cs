using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using ImageApi.Client.Http;
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
    public async Task C3_a_time_limit_is_never_a_cancellation(Endpoint endpoint)
    {
        await using var server = ScriptServer.Start(Reply.Stall);
        using var client = Clients.For(server.BaseAddress, static options =>
            options.Timeouts.Generation = options.Timeouts.Submission = options.Timeouts.StatusQuery = TimeSpan.FromMilliseconds(200));
        using var caller = new CancellationTokenSource();

        await Assert.ThrowsAsync<ImageApiTimeoutException>(() => client.CallAsync(endpoint, server.BaseAddress, cancellationToken: caller.Token));
    }

    [Fact]
    public async Task C4_a_cancellation_that_races_with_the_answer_gives_one_of_both()
    {
        CancellationTokenSource? caller = null;
        var good = Reply.Good(Endpoint.Generate);
        await using var server = ScriptServer.Start(async connection =>
        {
            var answering = good(connection);
            await caller!.CancelAsync();
            await answering;
        });
        using var client = Clients.For(server.BaseAddress);

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
    public async Task C5_a_client_that_was_disposed_before_says_so(Endpoint endpoint)
    {
        await using var server = ScriptServer.Start(Reply.Good(endpoint));
        var client = Clients.For(server.BaseAddress);
        client.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.CallAsync(endpoint, server.BaseAddress));

        Assert.Equal(0, server.Connections);
    }

    [Theory]
    [InlineData(Endpoint.Generate, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Submit, RequestOutcome.Unknown)]
    [InlineData(Endpoint.Get, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Upload, RequestOutcome.Unknown)]
    public async Task C5_a_client_that_is_disposed_in_the_middle_is_no_cancellation(Endpoint endpoint, RequestOutcome outcome)
    {
        await using var server = ScriptServer.Start(Reply.Stall);
        var client = Clients.For(server.BaseAddress);
        var call = Assert.ThrowsAsync<ImageApiConnectionException>(() => client.CallAsync(endpoint, server.BaseAddress));
        await server.WaitForRequestsAsync(1);

        client.Dispose();
        var error = await call;

        Assert.Equal(outcome, error.Outcome);
        Assert.Equal(1, error.Attempts);
        Assert.NotNull(error.InnerException);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task C5_a_client_that_was_handed_in_is_not_disposed()
    {
        await using var server = ScriptServer.Start(Reply.Good(Endpoint.Generate));
        using var http = OwnHttpClient.Configure(new HttpClient(new SocketsHttpHandler()));
        new ImageApiClient(http, Clients.Options(server.BaseAddress)).Dispose();

        using var response = await http.GetAsync(server.BaseAddress);

        Assert.True(response.IsSuccessStatusCode);
    }

    [Fact]
    public async Task C6_a_thousand_generations_at_once_are_each_charged_once()
    {
        await using var emulator = await ImageApiEmulator.StartAsync(new EmulatorOptions { DrawTinyPictures = true });
        using var client = Clients.For(emulator);
        var prompts = Enumerable.Range(0, 1000).Select(static number => $"picture {number}").ToList();

        var results = await Task.WhenAll(prompts.Select(prompt => client.Images.GenerateAsync(new ImageRequest { Prompt = prompt })));

        Assert.All(results, static result => Assert.Single(result.Images));
        Assert.Equal(1000, results.Select(static result => result.RequestId).Distinct().Count());
        Assert.All(prompts, prompt => Assert.Equal(1, emulator.Ledger.ChargesFor(prompt)));
        Assert.Equal(1000, emulator.Ledger.RequestsTo(EmulatorEndpoint.Generation));
        Assert.Equal(1000, emulator.Ledger.Charges.Select(static charge => charge.IdempotencyKey).Distinct().Count());
    }

    [Fact]
    public async Task C7_the_key_is_asked_for_before_every_attempt()
    {
        var keys = new Queue<string>(["first-key-0123456789", "second-key-012345678", "third-key-0123456789"]);
        await using var server = ScriptServer.Start(Reply.With(429, "{}", "Retry-After: 0"), Reply.With(429, "{}", "Retry-After: 0"), Reply.Good(Endpoint.Generate));
        using var client = Clients.For(server.BaseAddress, options => options.ApiKeyProvider = _ => new(keys.Dequeue()));

        await client.CallAsync(Endpoint.Generate, server.BaseAddress);

        Assert.Equal(
            ["Bearer first-key-0123456789", "Bearer second-key-012345678", "Bearer third-key-0123456789"],
            server.Requests.Select(static request => request.Header("Authorization")));
    }

    [Fact]
    public async Task C7_a_wait_goes_on_with_the_new_key()
    {
        var key = "first-key-0123456789";
        await using var server = ScriptServer.Start(
            async connection =>
            {
                key = "second-key-012345678";
                await Reply.With(200, """{"id":"job_example","status":"processing"}""")(connection);
            },
            Reply.Good(Endpoint.Wait));
        using var client = Clients.For(server.BaseAddress, options => options.ApiKeyProvider = _ => new(Volatile.Read(ref key)));

        await client.CallAsync(Endpoint.Wait, server.BaseAddress);

        Assert.EndsWith("second-key-012345678", server.Requests[^1].Header("Authorization"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(503, RequestOutcome.Rejected)]
    [InlineData(429, RequestOutcome.Rejected)]
    public async Task C7_a_provider_that_fails_between_two_attempts_does_not_hide_what_is_known(int status, RequestOutcome outcome)
    {
        var asked = 0;
        await using var server = ScriptServer.Start(Reply.With(status, "{}", "Retry-After: 0"));
        using var client = Clients.For(
            server.BaseAddress, options => options.ApiKeyProvider = _ => ++asked == 2 ? throw new OperationCanceledException("no vault") : new(Clients.Key));

        var error = await Assert.ThrowsAsync<ImageApiException>(() => client.CallAsync(Endpoint.Generate, server.BaseAddress));

        Assert.Equal((outcome, 2), (error.Outcome, error.Attempts));
        Assert.Equal(server.Requests[0].Header("Idempotency-Key"), error.IdempotencyKey);
        Assert.IsType<OperationCanceledException>(error.InnerException);
    }

    [Fact]
    public async Task C7_a_provider_that_fails_at_first_is_told_with_its_error()
    {
        await using var server = ScriptServer.Start(Reply.Good(Endpoint.Generate));
        using var client = Clients.For(server.BaseAddress, static options => options.ApiKeyProvider = static _ => throw new InvalidOperationException("no vault"));

        var error = await Assert.ThrowsAsync<ImageApiException>(() => client.CallAsync(Endpoint.Generate, server.BaseAddress));

        Assert.Equal(RequestOutcome.NotSent, error.Outcome);
        Assert.IsType<InvalidOperationException>(error.InnerException);
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task C7_a_provider_that_gives_up_after_a_refusal_does_not_hide_the_refusal()
    {
        var asked = 0;
        await using var server = ScriptServer.Start(Reply.With(401, "{}"));
        using var client = Clients.For(
            server.BaseAddress, options => options.ApiKeyProvider = _ => ++asked == 2 ? throw new OperationCanceledException("no vault") : new(Clients.Key));

        await Assert.ThrowsAsync<ImageApiErrorException>(() => client.CallAsync(Endpoint.Generate, server.BaseAddress));
    }

    [Fact]
    public async Task A_logger_that_throws_loses_no_job()
    {
        await using var server = ScriptServer.Start(Reply.With(503, "{}", "Retry-After: 0"), Reply.Good(Endpoint.Submit));
        using var handler = new SocketsHttpHandler();
        using var logs = new Microsoft.Extensions.Logging.LoggerFactory([new ThrowingLogs()]);
        using var client = Clients.For(handler, Clients.Options(server.BaseAddress), logs: logs);

        var job = Assert.IsType<Job>(await client.CallAsync(Endpoint.Submit, server.BaseAddress));

        Assert.Equal(EndpointCalls.JobId, job.Id);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task C7_a_key_that_was_refused_and_did_not_change_is_not_tried_again()
    {
        await using var server = ScriptServer.Start(Reply.With(401, "{}"));
        using var client = Clients.For(server.BaseAddress, static options => options.ApiKeyProvider = static _ => new(Clients.Key));

        await Assert.ThrowsAsync<ImageApiErrorException>(() => client.CallAsync(Endpoint.Generate, server.BaseAddress));

        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task C8_handlers_are_not_exchanged_under_a_long_call()
    {
        var services = new ServiceCollection();
        var builder = services.AddImageApiClient(static options =>
        {
            options.BaseAddress = new Uri("https://api.example");
            options.ApiKey = Clients.Key;
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
    public async Task C10_a_caller_that_blocks_its_only_thread_gets_its_answer(Endpoint endpoint)
    {
        var directory = Directory.CreateTempSubdirectory("imageapi-");
        await using var server = ScriptServer.Start(Reply.Good(endpoint));
        using var client = Clients.For(server.BaseAddress);
        using var context = new OneThread();

        var answer = await context.RunAsync(
            () => client.CallAsync(endpoint, server.BaseAddress, Path.Combine(directory.FullName, "fox.png")).GetAwaiter().GetResult()).WaitAsync(Watchdog.Limit);

        Assert.NotNull(answer);
        directory.Delete(recursive: true);
    }

    [Fact]
    [SuppressMessage("Usage", "VSTHRD002", Justification = "Blocking is what the test is about.")]
    public async Task C10_what_comes_back_to_the_only_thread_would_wait_for_ever()
    {
        using var context = new OneThread();
        var begun = new TaskCompletionSource();

        var blocked = context.RunAsync(() =>
        {
            var work = WorkAsync();
            begun.SetResult();
            return work.Wait(TimeSpan.FromMilliseconds(200));
        });
        await begun.Task;

        Assert.False(await blocked);

        static async Task WorkAsync() => await Task.Yield();
    }

    /// <summary>A synchronization context as that of a window: everything that is posted to it runs on one thread.</summary>
    private sealed class OneThread : SynchronizationContext, IDisposable
    {
        private readonly BlockingCollection<Action> _work = [];

        public OneThread() => new Thread(Loop) { IsBackground = true }.Start();

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

    private sealed class ThrowingLogs : Microsoft.Extensions.Logging.ILoggerProvider, Microsoft.Extensions.Logging.ILogger
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
