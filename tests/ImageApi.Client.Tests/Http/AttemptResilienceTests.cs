using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace ImageApi.Client.Tests.Http;

/// <summary>A pipeline of the application's own around every attempt: what it may do, and that it buys nothing twice.</summary>
public sealed class AttemptResilienceTests
{
    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    public async Task Catch_all_retry_sends_an_ambiguous_paid_request_once(Endpoint endpoint)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Reset);
        var retries = 0;
        using var client = ClientFor(server, CreateRetryPipeline(4, () => retries++));

        var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.Connection, () => client.CallAsync(endpoint, server.BaseAddress));

        Assert.Single(server.Requests);
        Assert.Equal(4, retries); // it did try
        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
        Assert.Equal(1, error.Info.Attempts);
    }

    [Fact]
    public async Task Retry_strategy_resends_rejected_requests()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(429, "{}"), ScriptedResponse.With(429, "{}"), ScriptedResponse.With(200, ScriptedResponse.ImageResponseJson));
        using var client = ClientFor(server, CreateRetryPipeline(4), options => options.Retry.MaxRetries = 0);

        var result = await client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" });

        Assert.Single(result.Images);
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task Retry_strategy_resends_a_425_response_only_once()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(425, "{}"));
        using var client = ClientFor(server, CreateRetryPipeline(4), options => options.Retry.MaxRetries = 0);

        var error = await Assert.ThrowsAsync<ImageApiResponseException>(() => client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" }));

        Assert.Equal(2, server.Requests.Count);
        Assert.Equal(2, error.Info.Attempts);
        Assert.Equal(RequestOutcome.Rejected, error.Outcome);
    }

    [Fact]
    public async Task Retry_strategy_after_a_success_returns_the_same_result()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(200, ScriptedResponse.ImageResponseJson));
        var pipeline = new ResiliencePipelineBuilder()
            .AddRetry(new RetryStrategyOptions { ShouldHandle = static _ => PredicateResult.True(), Delay = TimeSpan.Zero, MaxRetryAttempts = 3 })
            .Build();
        using var client = ClientFor(server, pipeline);

        var result = await client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" });

        Assert.Single(result.Images);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Built_in_retries_run_outside_the_pipeline()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(429, "{}"), ScriptedResponse.With(200, ScriptedResponse.ImageResponseJson));
        var runs = 0;
        using var client = ClientFor(server, CreatePipeline(async (next, token) =>
        {
            runs++;
            await next(token);
        }));

        await client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" });

        Assert.Equal(2, runs);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Strategy_receives_the_exception_thrown_to_the_caller()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(402, """{"error":{"code":"insufficient_quota","message":"pay"}}"""));
        Exception? received = null;
        using var client = ClientFor(server, CreatePipeline(async (next, token) => received = (await next(token)).Exception));

        var error = await Assert.ThrowsAsync<ImageApiResponseException>(() => client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" }));

        var receivedError = Assert.IsType<ImageApiResponseException>(received);
        Assert.Equal("insufficient_quota", receivedError.ErrorCode);
        Assert.Equal(RequestOutcome.Rejected, receivedError.Outcome);
        Assert.Equal("insufficient_quota", error.ErrorCode);
    }

    [Fact]
    public async Task Open_circuit_breaker_throws_without_sending_a_request()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(500, "{}"));
        using var client = ClientFor(server, CreateCircuitBreaker());
        for (var i = 0; i < 2; i++)
        {
            await Assert.ThrowsAsync<ImageApiResponseException>(() => client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" }));
        }

        var error = await Assert.ThrowsAsync<ImageApiException>(() => client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" }));

        Assert.IsType<BrokenCircuitException>(error.InnerException);
        Assert.Equal(RequestOutcome.NotSent, error.Outcome);
        Assert.NotNull(error.Info.IdempotencyKey);
        Assert.Contains("BrokenCircuitException", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Job_polling_continues_after_the_circuit_closes()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(200, ScriptedResponse.JobResponseJson));
        var calls = 0;
        using var client = ClientFor(server, CreatePipeline(async (next, token) => _ = calls++ < 2 ? throw new BrokenCircuitException() : await next(token)));

        var job = await client.Jobs.WaitAsync("job_example", SampleRequests.Quick);

        Assert.Equal(JobState.Succeeded, job.State);
        Assert.Equal(3, calls);
    }

    [Fact]
    public async Task Pipeline_timeout_throws_with_an_unknown_outcome()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Stall);
        using var client = ClientFor(server, new ResiliencePipelineBuilder().AddTimeout(TimeSpan.FromMilliseconds(200)).Build());

        var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.Timeout, () => client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" }));

        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
        Assert.Contains("AttemptPipeline", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Strategy_timeout_after_a_response_returns_the_result()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(200, ScriptedResponse.ImageResponseJson));
        using var client = ClientFor(server, CreatePipeline(async (next, token) =>
        {
            await next(token);
            throw new TimeoutRejectedException();
        }));

        var result = await client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" });

        Assert.Single(result.Images);
    }

    [Fact]
    public async Task Concurrent_attempts_are_rejected()
    {
        var response = new TaskCompletionSource<(int, string)>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = ScriptedServer.Start(ScriptedResponse.FromRequest(_ => response.Task.WaitAsync(TestTimeout.Duration)));
        Exception? second = null;
        using var client = ClientFor(server, CreatePipeline(async (next, token) =>
        {
            var first = next(token);
            second = (await next(token)).Exception;
            response.SetResult((200, ScriptedResponse.ImageResponseJson));
            await first;
        }));

        var result = await client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" });

        Assert.IsType<InvalidOperationException>(second);
        Assert.Single(result.Images);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Abandoned_attempt_is_awaited_and_its_image_is_returned()
    {
        var response = new TaskCompletionSource<(int, string)>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = ScriptedServer.Start(ScriptedResponse.FromRequest(_ => response.Task.WaitAsync(TestTimeout.Duration)));
        using var client = ClientFor(server, CreatePipeline(async (next, token) =>
        {
            _ = next(token);
            await server.WaitForRequestsAsync(1);
            throw new TimeoutRejectedException();
        }));

        var running = client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" });
        await server.WaitForRequestsAsync(1);
        response.SetResult((200, ScriptedResponse.ImageResponseJson));

        Assert.Single((await running.WaitAsync(TestTimeout.Duration)).Images);
    }

    [Fact]
    public async Task Abandoned_attempt_is_not_repeated_by_the_built_in_retries()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(429, "{}"), ScriptedResponse.Reset);
        using var client = ClientFor(server, CreatePipeline(async (next, token) =>
        {
            await next(token);
            _ = next(token);
            throw new TimeoutRejectedException();
        }));

        var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.Connection, () => client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" }));

        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Late_attempt_after_a_strategy_failure_sends_nothing()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(200, ScriptedResponse.ImageResponseJson));
        Func<CancellationToken, Task<Outcome<object>>>? late = null;
        using var client = ClientFor(server, CreatePipeline((next, _) =>
        {
            late = next;
            throw new TimeoutRejectedException();
        }));
        var error = await Assert.ThrowsAsync<ImageApiException>(() => client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" }));

        var outcome = await late!(CancellationToken.None);

        Assert.Equal(RequestOutcome.NotSent, error.Outcome);
        Assert.IsType<InvalidOperationException>(outcome.Exception);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Pipeline_timeout_in_the_api_key_provider_throws_a_timeout()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(200, ScriptedResponse.ImageResponseJson));
        using var client = ClientFor(server, new ResiliencePipelineBuilder().AddTimeout(TimeSpan.FromMilliseconds(100)).Build(), static options => options.ApiKeyProvider = static async token =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return TestClients.ApiKey;
        });

        var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.Timeout, () => client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" }));

        Assert.Equal(RequestOutcome.NotSent, error.Outcome);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Cancellation_in_the_pipeline_uses_the_token_of_the_caller()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(200, ScriptedResponse.ImageResponseJson));
        using var source = new CancellationTokenSource();
        using var client = ClientFor(server, CreatePipeline(async (next, token) =>
        {
            await source.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            await next(token);
        }));

        var error = await Assert.ThrowsAsync<ImageApiCanceledException>(() => client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" }, cancellationToken: source.Token));

        Assert.Equal(source.Token, error.CancellationToken);
        Assert.Equal(RequestOutcome.NotSent, error.Outcome);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Media_downloads_bypass_the_attempt_pipeline()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Download));
        using var client = ClientFor(server, CreatePipeline(static (_, _) => throw new BrokenCircuitException()));
        using var image = new MemoryStream();

        await client.Media.CopyToAsync(new GeneratedMedia { Url = server.BaseAddress + "a.png" }, image);

        Assert.Equal(ScriptedResponse.Png, image.ToArray());
    }

    private static ImageApiClient ClientFor(ScriptedServer server, ResiliencePipeline pipeline, Action<ImageApiClientOptions>? configure = null) => TestClients.Create(server.BaseAddress, options =>
    {
        options.AttemptPipeline = pipeline;
        configure?.Invoke(options);
    });

    private static ResiliencePipeline CreateRetryPipeline(int retries, Action? onRetry = null) => new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            Delay = TimeSpan.Zero,
            MaxRetryAttempts = retries,
            OnRetry = _ =>
            {
                onRetry?.Invoke();
                return default;
            },
        })
        .Build();

    private static ResiliencePipeline CreateCircuitBreaker() => new ResiliencePipelineBuilder()
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions { FailureRatio = 0.1, MinimumThroughput = 2, BreakDuration = TimeSpan.FromHours(1) })
        .Build();

    private static ResiliencePipeline CreatePipeline(Func<Func<CancellationToken, Task<Outcome<object>>>, CancellationToken, Task> run) =>
        new ResiliencePipelineBuilder().AddStrategy(_ => new DelegateStrategy(run), new DelegateStrategyOptions()).Build();

    private sealed class DelegateStrategyOptions : ResilienceStrategyOptions;

    /// <summary>Does with attempts whatever a test wants, and ends as the last one did.</summary>
    private sealed class DelegateStrategy(Func<Func<CancellationToken, Task<Outcome<object>>>, CancellationToken, Task> run) : ResilienceStrategy
    {
        protected override async ValueTask<Outcome<TResult>> ExecuteCore<TResult, TState>(
            Func<ResilienceContext, TState, ValueTask<Outcome<TResult>>> callback, ResilienceContext context, TState state)
        {
            Outcome<TResult> last = default;
            try
            {
                await run(
                    async _ =>
                    {
                        last = await callback(context, state);
                        return last.Exception is { } failed ? Outcome.FromException<object>(failed) : Outcome.FromResult<object>(last.Result!);
                    },
                    context.CancellationToken);
                return last;
            }
            catch (Exception e)
            {
                return Outcome.FromException<TResult>(e);
            }
        }
    }
}
