using ImageApi.Client.Http.Attempts;
using ImageApi.Client.Http.Failures;
using ImageApi.Client.Http.Retries;
using ImageApi.Client.Http.Timeouts;
using Microsoft.Extensions.Logging;

namespace ImageApi.Client.Http;

/// <summary>The one way to the wire: a time limit around attempts, each with a fresh message and a fresh key.</summary>
internal sealed class ApiTransport
{
    private readonly AttemptExecutor _attempts;
    private readonly AttemptResilience? _pipeline;
    private readonly TransportSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RetryBudget _budget;
    private readonly Func<double> _random;

    public ApiTransport(Func<HttpClient> http, TransportSettings settings, TimeProvider time, ILogger logger, Func<double> random, RetryBudget budget)
    {
        _attempts = new AttemptExecutor(http, settings, time);
        _pipeline = settings.AttemptPipeline is { } pipeline ? new AttemptResilience(pipeline, _attempts) : null;
        _settings = settings;
        _time = time;
        _logger = logger;
        _random = random;
        _budget = budget;
    }

    public TransportSettings Settings => _settings;

    public TimeProvider Time => _time;

    public ILogger Logger => _logger;

    /// <summary>Gives a random number from 0 to 1, for jitter.</summary>
    public double NextRandom() => _random();

    /// <summary>Makes ready what is to be sent, such as a caller's streams; a cancellation meanwhile is reported as that of the call.</summary>
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
            throw ExceptionFactory.Canceled(operation, jobId: null, RequestOutcome.NotSent, e, cancellationToken);
        }
        catch (Exception e)
        {
            RequestInfo.AttachIfExternal(e, new() { Operation = operation.Name, Outcome = RequestOutcome.NotSent });
            throw;
        }
    }

    /// <inheritdoc cref="SendAsync{TState, T}"/>
    public ValueTask<T> SendAsync<T>(ApiRequest request, Func<ApiResponse, CancellationToken, ValueTask<T>> read, CancellationToken cancellationToken) =>
        SendAsync(request, read, static (read, response, token) => read(response, token), cancellationToken);

    /// <summary>Sends a request, again where that is safe, and reads the answer.</summary>
    /// <param name="request">What to send.</param>
    /// <param name="state">What <paramref name="read"/> needs beside the answer, so that it need not be made anew for each call.</param>
    /// <param name="read">Reads a success.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="ImageApiException">The call failed; the reason says how.</exception>
    /// <exception cref="ImageApiCanceledException">The caller's token was canceled.</exception>
#if !NETSTANDARD2_0 // it has no pool for the states of waiting methods
    [System.Runtime.CompilerServices.AsyncMethodBuilder(typeof(System.Runtime.CompilerServices.PoolingAsyncValueTaskMethodBuilder<>))]
#endif
    public async ValueTask<T> SendAsync<TState, T>(
        ApiRequest request, TState state, Func<TState, ApiResponse, CancellationToken, ValueTask<T>> read, CancellationToken cancellationToken)
    {
        var call = new CallContext<TState, T>(request, IdempotencyKeyFor(request), _time.GetTimestamp(), state, read, cancellationToken);
        using var timeout = ResettableTimeout.StartNew(request.Timeout, _time, _settings.ExposesTokens || request.IsResponseCommitted is not null, cancellationToken);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            AttemptFailure? failure;
            while ((failure = await TryAsync(call, timeout.Token).ConfigureAwait(false))?.NextDelay is { } delay)
            {
                await _time.DelayAsync(delay, timeout.Token).ConfigureAwait(false);
            }

            if ((int?)failure?.StatusCode is 400 or 404 or 410 or 422)
            {
                request.Body?.OnRejected();
            }

            return failure is null ? call.Result! : throw ExceptionFactory.Create(call, failure);
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            throw ExceptionFactory.Canceled(call, e);
        }
        catch (OperationCanceledException e) when (timeout.IsExpired)
        {
            // the limit struck between two attempts, or before the first had anything to send
            throw ExceptionFactory.Create(call, call.LastFailure ?? FailureClassifier.CallTimeout(call, e));
        }
        catch (Exception e)
        {
            RequestInfo.AttachIfExternal(e, call.Info);
            throw;
        }
    }

    /// <summary>Makes one attempt, and decides whether there is to be another.</summary>
#if !NETSTANDARD2_0 // it has no pool for the states of waiting methods
    [System.Runtime.CompilerServices.AsyncMethodBuilder(typeof(System.Runtime.CompilerServices.PoolingAsyncValueTaskMethodBuilder<>))]
#endif
    private async ValueTask<AttemptFailure?> TryAsync(CallContext call, CancellationToken cancellationToken)
    {
        var failure = _pipeline is null || call.Request.DownloadUri is not null
            ? await _attempts.ExecuteAsync(call, cancellationToken).ConfigureAwait(false)
            : await _pipeline.ExecuteAsync(call, cancellationToken).ConfigureAwait(false);
        if (failure is null)
        {
            _budget.Succeeded(call.LastRetryCost);
            return null;
        }

        failure.NextDelay = NextDelay(call, failure);
        if (failure.NextDelay is { } delay)
        {
            _settings.Telemetry.Retrying(call.Request.Operation.Name, call.Attempts, delay, failure.RetryReason, failure.RequestId, call.Request.Observer);
        }

        return failure;
    }

    private TimeSpan? NextDelay(CallContext call, AttemptFailure failure)
    {
        var remaining = call.Request.Timeout - _time.GetElapsedTime(call.StartedAt);
        var delay = RetryDelay.Next(
            _settings.Retry, failure.Decision.Retry, call.Attempts - 1, call.Request.MaxRetries ?? _settings.Retry.MaxRetries, failure.RetryAfter, remaining, _random());
        if (delay is null)
        {
            return null;
        }

        call.LastRetryCost = failure.Decision.Outcome == RequestOutcome.Rejected ? RetryBudget.InvitedRetryCost : RetryBudget.RetryCost;
        return _budget.TryTake(call.LastRetryCost) ? delay : null;
    }

    /// <summary>Makes a key for a call that is to be paid; null when none is to be sent.</summary>
    public string? NewIdempotencyKey() => _settings.SendIdempotencyKey ? Guid.NewGuid().ToString() : null;

    private string? IdempotencyKeyFor(ApiRequest request) =>
        request.Operation.Kind != OperationKind.Paid
            ? null
            : request.IdempotencyKey ?? NewIdempotencyKey();
}
