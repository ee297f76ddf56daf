using Microsoft.Extensions.Logging;

namespace ImageApi.Client.Http;

/// <summary>The one way to the wire: a time limit around attempts, each with a fresh message and a fresh key.</summary>
internal sealed class ApiTransport
{
    private readonly AttemptRunner _attempts;
    private readonly AttemptPipeline? _pipeline;
    private readonly HttpSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RetryBudget _budget;
    private readonly Func<double> _random;

    public ApiTransport(Func<HttpClient> http, HttpSettings settings, TimeProvider time, ILogger logger, Func<double> random, RetryBudget budget)
    {
        _attempts = new AttemptRunner(http, settings, time);
        _pipeline = settings.AttemptPipeline is { } pipeline ? new AttemptPipeline(pipeline, _attempts) : null;
        _settings = settings;
        _time = time;
        _logger = logger;
        _random = random;
        _budget = budget;
    }

    public HttpSettings Settings => _settings;

    public TimeProvider Time => _time;

    public ILogger Logger => _logger;

    /// <summary>Gives a random number from 0 to 1, for jitter.</summary>
    public double NextRandom() => _random();

    /// <summary>Makes ready what is to be sent, such as a caller's streams; a cancellation meanwhile is told as that of the call.</summary>
    public static async ValueTask<T> PrepareAsync<TState, T>(
        ApiOperation operation, TState state, Func<TState, CancellationToken, ValueTask<T>> prepare, CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            return await prepare(state, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            throw new ImageApiCanceledException($"{operation.Name} was cancelled.", e, cancellationToken)
            {
                Operation = operation.Name,
                Outcome = RequestOutcome.NotSent,
            };
        }
        catch (Exception e)
        {
            PurchaseFacts.TellIfForeign(e, new() { Operation = operation.Name, Outcome = RequestOutcome.NotSent });
            throw;
        }
    }

    /// <inheritdoc cref="SendAsync{TState, T}"/>
    public ValueTask<T> SendAsync<T>(ApiRequest request, Func<ApiAnswer, CancellationToken, ValueTask<T>> read, CancellationToken cancellationToken) =>
        SendAsync(request, read, static (read, answer, token) => read(answer, token), cancellationToken);

    /// <summary>Sends a request, again where that is safe, and reads the answer.</summary>
    /// <param name="request">What to send.</param>
    /// <param name="state">What <paramref name="read"/> needs beside the answer, so that it need not be made anew for each call.</param>
    /// <param name="read">Reads a success.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="ImageApiException">The call failed; the kind says how.</exception>
    /// <exception cref="ImageApiCanceledException">The caller's token was cancelled.</exception>
#if !NETSTANDARD2_0 // it has no pool for the states of waiting methods
    [System.Runtime.CompilerServices.AsyncMethodBuilder(typeof(System.Runtime.CompilerServices.PoolingAsyncValueTaskMethodBuilder<>))]
#endif
    public async ValueTask<T> SendAsync<TState, T>(
        ApiRequest request, TState state, Func<TState, ApiAnswer, CancellationToken, ValueTask<T>> read, CancellationToken cancellationToken)
    {
        var call = new ApiCall<TState, T>(request, KeyFor(request), _time.GetTimestamp(), state, read, cancellationToken);
        using var limit = Countdown.StartForCall(request.Timeout, _time, _settings.HandsOutTokens || request.IsPassedOn is not null, cancellationToken);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            Fault? fault;
            while ((fault = await TryAsync(call, limit.Token).ConfigureAwait(false))?.NextWait is { } wait)
            {
                await _time.DelayAsync(wait, limit.Token).ConfigureAwait(false);
            }

            if ((int?)fault?.StatusCode is 400 or 404 or 410 or 422)
            {
                request.Body?.OnRefused();
            }

            return fault is null ? call.Result! : throw FaultReport.Of(call, fault);
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            throw Canceled(call, e);
        }
        catch (OperationCanceledException e) when (limit.Expired)
        {
            // the limit struck between two attempts, or before the first had anything to send
            throw FaultReport.Of(call, call.Last ?? ExceptionJudge.OutOfTime(call, e));
        }
        catch (Exception e)
        {
            PurchaseFacts.TellIfForeign(e, call.Facts);
            throw;
        }
    }

    /// <summary>Makes one attempt, and decides whether there is to be another.</summary>
#if !NETSTANDARD2_0 // it has no pool for the states of waiting methods
    [System.Runtime.CompilerServices.AsyncMethodBuilder(typeof(System.Runtime.CompilerServices.PoolingAsyncValueTaskMethodBuilder<>))]
#endif
    private async ValueTask<Fault?> TryAsync(ApiCall call, CancellationToken cancellationToken)
    {
        var fault = _pipeline is null || call.Request.Link is not null
            ? await _attempts.RunAsync(call, cancellationToken).ConfigureAwait(false)
            : await _pipeline.RunAsync(call, cancellationToken).ConfigureAwait(false);
        if (fault is null)
        {
            _budget.Succeeded(call.LastRetryCost);
            return null;
        }

        fault.NextWait = Schedule(call, fault);
        if (fault.NextWait is { } wait)
        {
            _settings.Telemetry.Retrying(call.Request.Operation.Name, call.Attempts, wait, fault.Reason, fault.RequestId, call.Request.Watch);
        }

        return fault;
    }

    private TimeSpan? Schedule(ApiCall call, Fault fault)
    {
        var left = call.Request.Timeout - _time.GetElapsedTime(call.StartedAt);
        var wait = RetrySchedule.NextWait(
            _settings.Retry, fault.Verdict.Repeat, call.Attempts - 1, call.Request.MaxRetries ?? _settings.Retry.MaxRetries, fault.RetryAfter, left, _random());
        if (wait is null)
        {
            return null;
        }

        call.LastRetryCost = fault.Verdict.Outcome == RequestOutcome.Rejected ? RetryBudget.InvitedRetryCost : RetryBudget.RetryCost;
        return _budget.TryTake(call.LastRetryCost) ? wait : null;
    }

    /// <summary>Makes a key for a call that is to be paid; null when none is to be sent.</summary>
    public string? NewIdempotencyKey() => _settings.SendIdempotencyKey ? IdempotencyKeys.Next(_time.GetTimestamp(), _time.TimestampFrequency) : null;

    private string? KeyFor(ApiRequest request) =>
        request.Operation.Kind != OperationKind.Paid
            ? null
            : request.IdempotencyKey ?? NewIdempotencyKey();

    private static ImageApiCanceledException Canceled(ApiCall call, Exception cause) =>
        cause as ImageApiCanceledException ?? new($"{call.Request.Operation.Name} was cancelled.", cause, call.CallerToken)
        {
            Operation = call.Request.Operation.Name,
            JobId = call.JobId,
            Outcome = call.Outcome,
            IdempotencyKey = call.IdempotencyKey,
        };
}
