using ImageApi.Client.Errors;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace ImageApi.Client.Http;

/// <summary>The one way to the wire: a time limit around attempts, each with a fresh message and a fresh key.</summary>
internal sealed class ApiTransport
{
    private static readonly ResiliencePropertyKey<ApiCall> CallKey = new("ImageApi.Client.Call");

    private readonly AttemptRunner _attempts;
    private readonly HttpSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RetryBudget _budget;
    private readonly ResiliencePipeline<Fault?> _pipeline;
    private readonly Func<double> _random;

    public ApiTransport(Func<HttpClient> http, HttpSettings settings, TimeProvider time, ILogger logger, Func<double> random, RetryBudget budget)
    {
        _attempts = new AttemptRunner(http, settings, time);
        _settings = settings;
        _time = time;
        _logger = logger;
        _random = random;
        _budget = budget;
        _pipeline = new ResiliencePipelineBuilder<Fault?> { TimeProvider = time }
            .AddTimeout(new TimeoutStrategyOptions { TimeoutGenerator = static args => new(CallOf(args.Context).Request.Timeout) })
            .AddRetry(new RetryStrategyOptions<Fault?>
            {
                // how often is the schedule's to say: it knows the reason
                MaxRetryAttempts = int.MaxValue,
                ShouldHandle = static args => new(args.Outcome.Result?.NextWait is not null),
                DelayGenerator = static args => new(args.Outcome.Result!.NextWait),
            })
            .Build();
    }

    public HttpSettings Settings => _settings;

    public TimeProvider Time => _time;

    public ILogger Logger => _logger;

    /// <summary>Gives a random number from 0 to 1, for jitter.</summary>
    public double NextRandom() => _random();

    /// <summary>Makes ready what is to be sent, such as a caller's streams; a cancellation meanwhile is told as that of the call.</summary>
    public static async ValueTask<T> PrepareAsync<T>(ApiOperation operation, Func<CancellationToken, ValueTask<T>> prepare, CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            return await prepare(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            throw new ImageApiCanceledException($"{operation.Name} was cancelled.", e, cancellationToken)
            {
                Operation = operation.Name,
                Outcome = RequestOutcome.NotSent,
            };
        }
    }

    /// <summary>Sends a request, again where that is safe, and reads the answer.</summary>
    /// <exception cref="ImageApiException">The call failed; the kind says how.</exception>
    /// <exception cref="ImageApiCanceledException">The caller's token was cancelled.</exception>
#if !NETSTANDARD2_0 // it has no pool for the states of waiting methods
    [System.Runtime.CompilerServices.AsyncMethodBuilder(typeof(System.Runtime.CompilerServices.PoolingAsyncValueTaskMethodBuilder<>))]
#endif
    public async ValueTask<T> SendAsync<T>(ApiRequest request, Func<ApiAnswer, CancellationToken, ValueTask<T>> read, CancellationToken cancellationToken)
    {
        var call = new ApiCall<T>(request, KeyFor(request), _time.GetTimestamp(), read, cancellationToken);
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            context.Properties.Set(CallKey, call);
            var outcome = await _pipeline.ExecuteOutcomeAsync(
                static (context, self) => self.TryAsync(CallOf(context), context.CancellationToken), context, this).ConfigureAwait(false);
            outcome.ThrowIfException();
            var fault = outcome.Result;
            if ((int?)fault?.StatusCode is 400 or 404 or 410 or 422)
            {
                request.Body?.OnRefused();
            }

            return fault is null ? call.Result! : throw Report(call, fault);
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            throw Canceled(call, e);
        }
        catch (TimeoutRejectedException e)
        {
            // the limit struck between two attempts, or before the first had anything to send
            throw Report(call, call.Last ?? ExceptionJudge.OutOfTime(call, e));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private static ApiCall CallOf(ResilienceContext context) => context.Properties.GetValue(CallKey, null!);

    /// <summary>Makes one attempt. Exceptions are a part of the outcome already here: the pipeline takes that without wrapping every call once more.</summary>
#if !NETSTANDARD2_0 // it has no pool for the states of waiting methods
    [System.Runtime.CompilerServices.AsyncMethodBuilder(typeof(System.Runtime.CompilerServices.PoolingAsyncValueTaskMethodBuilder<>))]
#endif
    private async ValueTask<Outcome<Fault?>> TryAsync(ApiCall call, CancellationToken cancellationToken)
    {
        Fault? fault;
        try
        {
            call.Attempts++;
            fault = await _attempts.RunAsync(call, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return Outcome.FromException<Fault?>(e);
        }

        if (fault is null)
        {
            _budget.Succeeded(call.LastRetryCost);
            return Outcome.FromResult<Fault?>(null);
        }

        call.First ??= fault;
        call.Last = fault;
        call.MayHaveBeenCarriedOut |= fault.Verdict.Outcome == RequestOutcome.Unknown;
        fault.NextWait = Schedule(call, fault);
        if (fault.NextWait is { } wait)
        {
            _settings.Telemetry.Retrying(call.Request.Operation.Name, call.Attempts, wait, fault.Reason, fault.RequestId, call.Request.Watch);
        }

        return Outcome.FromResult<Fault?>(fault);
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

    private string? KeyFor(ApiRequest request) =>
        request.Operation.Kind != OperationKind.Paid
            ? null
            : request.IdempotencyKey ?? (_settings.SendIdempotencyKey ? Guid.NewGuid().ToString() : null);

    private static ImageApiException Report(ApiCall call, Fault fault)
    {
        var facts = new ErrorFacts
        {
            Operation = call.Request.Operation.Name,
            Outcome = call.Outcome,
            PreparedPurchase = call.Request.PreparesPurchase,
            StatusCode = fault.StatusCode,
            ErrorCode = fault.Error?.Code,
            ErrorType = fault.Error?.Type,
            ErrorParam = fault.Error?.Param,
            RequestId = fault.RequestId,
            JobId = call.Request.JobId ?? fault.JobId,
            Attempts = call.Attempts,
            RetryAfter = fault.RetryAfter,
            IdempotencyKey = call.IdempotencyKey,
            ResponseExcerpt = fault.Excerpt,
            IsContentRejected = ErrorCodes.IsPolicy(fault.Error?.Code),
            RepeatsAllowed = fault.Verdict.Repeat switch { Repeat.Yes => int.MaxValue, Repeat.Once => 1, _ => 0 },
        };
        var earlier = call.First is { } first && first != fault && call.First.Verdict.Outcome == RequestOutcome.Unknown
            ? FaultReport.ToException(first, facts with { StatusCode = first.StatusCode, Attempts = 1 }, call.Request.Operation.Kind, earlier: null)
            : null;
        return FaultReport.ToException(fault, facts, call.Request.Operation.Kind, earlier);
    }

    private static ImageApiCanceledException Canceled(ApiCall call, Exception cause) =>
        cause as ImageApiCanceledException ?? new($"{call.Request.Operation.Name} was cancelled.", cause, call.CallerToken)
        {
            Operation = call.Request.Operation.Name,
            JobId = call.JobId,
            Outcome = call.Outcome,
            IdempotencyKey = call.IdempotencyKey,
        };
}
