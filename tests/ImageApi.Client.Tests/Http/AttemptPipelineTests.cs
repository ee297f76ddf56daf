using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace ImageApi.Client.Tests.Http;

/// <summary>A pipeline of the application's own around every attempt: what it may do, and that it buys nothing twice.</summary>
public sealed class AttemptPipelineTests
{
    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    public async Task A_retry_that_takes_everything_sends_an_ambiguous_paid_request_once(Endpoint endpoint)
    {
        await using var server = ScriptServer.Start(Reply.Reset);
        var retries = 0;
        using var client = ClientFor(server, RetryAll(4, () => retries++));

        var error = await Assert.ThrowsAsync<ImageApiConnectionException>(() => client.CallAsync(endpoint, server.BaseAddress));

        Assert.Single(server.Requests);
        Assert.Equal(4, retries); // it did try
        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
        Assert.Equal(1, error.Attempts);
    }

    [Fact]
    public async Task A_retry_sends_again_what_was_not_carried_out()
    {
        await using var server = ScriptServer.Start(Reply.With(429, "{}"), Reply.With(429, "{}"), Reply.With(200, Reply.GoodImage));
        using var client = ClientFor(server, RetryAll(4), options => options.Retry.MaxRetries = 0);

        var result = await client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" });

        Assert.Single(result.Images);
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task A_retry_sends_once_more_what_may_be_sent_once_more()
    {
        await using var server = ScriptServer.Start(Reply.With(425, "{}"));
        using var client = ClientFor(server, RetryAll(4), options => options.Retry.MaxRetries = 0);

        var error = await Assert.ThrowsAsync<ImageApiErrorException>(() => client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" }));

        Assert.Equal(2, server.Requests.Count);
        Assert.Equal(2, error.Attempts);
        Assert.Equal(RequestOutcome.Rejected, error.Outcome);
    }

    [Fact]
    public async Task A_retry_of_a_success_gets_the_success()
    {
        await using var server = ScriptServer.Start(Reply.With(200, Reply.GoodImage));
        var pipeline = new ResiliencePipelineBuilder()
            .AddRetry(new RetryStrategyOptions { ShouldHandle = static _ => PredicateResult.True(), Delay = TimeSpan.Zero, MaxRetryAttempts = 3 })
            .Build();
        using var client = ClientFor(server, pipeline);

        var result = await client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" });

        Assert.Single(result.Images);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task The_built_in_retries_go_around_the_pipeline()
    {
        await using var server = ScriptServer.Start(Reply.With(429, "{}"), Reply.With(200, Reply.GoodImage));
        var runs = 0;
        using var client = ClientFor(server, Strategy(async (next, token) =>
        {
            runs++;
            await next(token);
        }));

        await client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" });

        Assert.Equal(2, runs);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Strategies_see_the_error_that_the_caller_would()
    {
        await using var server = ScriptServer.Start(Reply.With(402, """{"error":{"code":"insufficient_quota","message":"pay"}}"""));
        Exception? seen = null;
        using var client = ClientFor(server, Strategy(async (next, token) => seen = (await next(token)).Exception));

        var error = await Assert.ThrowsAsync<ImageApiErrorException>(() => client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" }));

        var inside = Assert.IsType<ImageApiErrorException>(seen);
        Assert.Equal("insufficient_quota", inside.ErrorCode);
        Assert.Equal(RequestOutcome.Rejected, inside.Outcome);
        Assert.Equal("insufficient_quota", error.ErrorCode);
    }

    [Fact]
    public async Task An_open_circuit_sends_nothing_and_says_so()
    {
        await using var server = ScriptServer.Start(Reply.With(500, "{}"));
        using var client = ClientFor(server, Breaker());
        for (var i = 0; i < 2; i++)
        {
            await Assert.ThrowsAsync<ImageApiErrorException>(() => client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" }));
        }

        var error = await Assert.ThrowsAsync<ImageApiException>(() => client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" }));

        Assert.IsType<BrokenCircuitException>(error.InnerException);
        Assert.Equal(RequestOutcome.NotSent, error.Outcome);
        Assert.NotNull(error.IdempotencyKey);
        Assert.Contains("BrokenCircuitException", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_wait_goes_on_when_the_circuit_is_closed_again()
    {
        await using var server = ScriptServer.Start(Reply.With(200, Reply.GoodJob));
        var refused = 0;
        using var client = ClientFor(server, Strategy(async (next, token) => _ = refused++ < 2 ? throw new BrokenCircuitException() : await next(token)));

        var job = await client.Jobs.WaitAsync("job_example", Requests.Quick);

        Assert.Equal(JobState.Succeeded, job.State);
        Assert.Equal(3, refused);
    }

    [Fact]
    public async Task A_time_limit_of_the_pipeline_ends_an_attempt_of_which_nothing_is_known()
    {
        await using var server = ScriptServer.Start(Reply.Stall);
        using var client = ClientFor(server, new ResiliencePipelineBuilder().AddTimeout(TimeSpan.FromMilliseconds(200)).Build());

        var error = await Assert.ThrowsAsync<ImageApiTimeoutException>(() => client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" }));

        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
        Assert.Contains("AttemptPipeline", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_strategy_that_gives_up_while_the_answer_is_there_loses_nothing()
    {
        await using var server = ScriptServer.Start(Reply.With(200, Reply.GoodImage));
        using var client = ClientFor(server, Strategy(async (next, token) =>
        {
            await next(token);
            throw new TimeoutRejectedException();
        }));

        var result = await client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" });

        Assert.Single(result.Images);
    }

    [Fact]
    public async Task Two_attempts_at_once_are_refused()
    {
        var answer = new TaskCompletionSource<(int, string)>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = ScriptServer.Start(Reply.To(_ => answer.Task.WaitAsync(Watchdog.Limit)));
        Exception? second = null;
        using var client = ClientFor(server, Strategy(async (next, token) =>
        {
            var first = next(token);
            second = (await next(token)).Exception;
            answer.SetResult((200, Reply.GoodImage));
            await first;
        }));

        var result = await client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" });

        Assert.IsType<InvalidOperationException>(second);
        Assert.Single(result.Images);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task An_attempt_that_a_strategy_does_not_wait_for_is_waited_for_and_its_picture_is_not_lost()
    {
        var answer = new TaskCompletionSource<(int, string)>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var server = ScriptServer.Start(Reply.To(_ => answer.Task.WaitAsync(Watchdog.Limit)));
        using var client = ClientFor(server, Strategy(async (next, token) =>
        {
            _ = next(token);
            await server.WaitForRequestsAsync(1);
            throw new TimeoutRejectedException();
        }));

        var running = client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" });
        await server.WaitForRequestsAsync(1);
        answer.SetResult((200, Reply.GoodImage));

        Assert.Single((await running.WaitAsync(Watchdog.Limit)).Images);
    }

    [Fact]
    public async Task An_attempt_that_was_given_up_is_not_made_again_by_the_built_in_retries()
    {
        await using var server = ScriptServer.Start(Reply.With(429, "{}"), Reply.Reset);
        using var client = ClientFor(server, Strategy(async (next, token) =>
        {
            await next(token);
            _ = next(token);
            throw new TimeoutRejectedException();
        }));

        var error = await Assert.ThrowsAsync<ImageApiConnectionException>(() => client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" }));

        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_strategy_that_comes_late_sends_nothing()
    {
        await using var server = ScriptServer.Start(Reply.With(200, Reply.GoodImage));
        Func<CancellationToken, Task<Outcome<object>>>? late = null;
        using var client = ClientFor(server, Strategy((next, _) =>
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
    public async Task A_time_limit_of_the_pipeline_that_strikes_while_the_key_is_asked_for_is_a_time_out()
    {
        await using var server = ScriptServer.Start(Reply.With(200, Reply.GoodImage));
        using var client = ClientFor(server, new ResiliencePipelineBuilder().AddTimeout(TimeSpan.FromMilliseconds(100)).Build(), static options => options.ApiKeyProvider = static async token =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return Clients.Key;
        });

        var error = await Assert.ThrowsAsync<ImageApiTimeoutException>(() => client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" }));

        Assert.Equal(RequestOutcome.NotSent, error.Outcome);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_cancellation_while_the_pipeline_waits_is_the_callers()
    {
        await using var server = ScriptServer.Start(Reply.With(200, Reply.GoodImage));
        using var source = new CancellationTokenSource();
        using var client = ClientFor(server, Strategy(async (next, token) =>
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
    public async Task Result_links_do_not_pass_through_it()
    {
        await using var server = ScriptServer.Start(Reply.Good(Endpoint.Download));
        using var client = ClientFor(server, Strategy(static (_, _) => throw new BrokenCircuitException()));
        using var picture = new MemoryStream();

        await client.Media.CopyToAsync(new GeneratedMedia { Url = server.BaseAddress + "a.png" }, picture);

        Assert.Equal(Reply.Png, picture.ToArray());
    }

    private static ImageApiClient ClientFor(ScriptServer server, ResiliencePipeline pipeline, Action<ImageApiClientOptions>? configure = null) => Clients.For(server.BaseAddress, options =>
    {
        options.AttemptPipeline = pipeline;
        configure?.Invoke(options);
    });

    private static ResiliencePipeline RetryAll(int retries, Action? retried = null) => new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            Delay = TimeSpan.Zero,
            MaxRetryAttempts = retries,
            OnRetry = _ =>
            {
                retried?.Invoke();
                return default;
            },
        })
        .Build();

    private static ResiliencePipeline Breaker() => new ResiliencePipelineBuilder()
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions { FailureRatio = 0.1, MinimumThroughput = 2, BreakDuration = TimeSpan.FromHours(1) })
        .Build();

    private static ResiliencePipeline Strategy(Func<Func<CancellationToken, Task<Outcome<object>>>, CancellationToken, Task> run) =>
        new ResiliencePipelineBuilder().AddStrategy(_ => new OwnStrategy(run), new OwnOptions()).Build();

    private sealed class OwnOptions : ResilienceStrategyOptions;

    /// <summary>Does with attempts whatever a test wants, and ends as the last one did.</summary>
    private sealed class OwnStrategy(Func<Func<CancellationToken, Task<Outcome<object>>>, CancellationToken, Task> run) : ResilienceStrategy
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
