using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using ImageApi.Client.Http.Failures;
using ImageApi.Client.Http.Retries;
using Polly;

namespace ImageApi.Client.Http.Attempts;

/// <summary>
/// Runs attempts within a pipeline of the application's own. It may delay, refuse and repeat them; but what must not be repeated is not sent again,
/// whatever a strategy asks for: it gets to see the same end once more.
/// </summary>
internal sealed class AttemptResilience(ResiliencePipeline pipeline, AttemptExecutor attempts)
{
    /// <inheritdoc cref="AttemptExecutor.ExecuteAsync"/>
    public async ValueTask<AttemptFailure?> ExecuteAsync(CallContext call, CancellationToken cancellationToken)
    {
        var execution = new Execution(call, attempts, cancellationToken);
        var context = ResilienceContextPool.Shared.Get(call.Request.Operation.Name, cancellationToken);
        try
        {
            var outcome = await pipeline.ExecuteOutcomeAsync(static (context, execution) => execution.TryAsync(context.CancellationToken), context, execution).ConfigureAwait(false);
            await execution.CompleteAsync().ConfigureAwait(false);
            if (execution.Succeeded)
            {
                return null; // whatever became of it in the pipeline: it was paid for
            }

            execution.Error?.Throw();
            return execution.Failure ?? throw NotExecuted(call, outcome.Exception, cancellationToken);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>The pipeline let no attempt pass.</summary>
    private static Exception NotExecuted(CallContext call, Exception? exception, CancellationToken cancellationToken) =>
        exception is OperationCanceledException && cancellationToken.IsCancellationRequested
            ? exception
            : ExceptionFactory.NotExecuted(call, exception);

    /// <summary>What came of the attempts in one run of the pipeline.</summary>
    private sealed class Execution(CallContext call, AttemptExecutor attempts, CancellationToken callToken)
    {
        private readonly object _gate = new();
        private TaskCompletionSource<bool>? _running;
        private Outcome<bool> _outcome;
        private bool _isClosed;

        public bool Succeeded { get; private set; }

        /// <summary>Gets what was thrown instead of judged: an error of the caller's, or a cancellation.</summary>
        public ExceptionDispatchInfo? Error { get; private set; }

        public AttemptFailure? Failure { get; private set; }

        private bool IsDecided => Succeeded || Error is not null || Failure is { Decision.Retry: RetryAllowance.Never } || (Failure is { Decision.Retry: RetryAllowance.Once } && call.Attempts > 1);

        public async ValueTask<Outcome<bool>> TryAsync(CancellationToken cancellationToken)
        {
            var running = Begin();
            if (running is null)
            {
                return Outcome.FromException<bool>(new InvalidOperationException(
                    "A strategy tried to make an attempt while another one is under way, or after it had ended, which was refused: both might be carried out."));
            }

            try
            {
                if (!IsDecided)
                {
                    Failure = await attempts.ExecuteAsync(call, cancellationToken).ConfigureAwait(false);
                    Succeeded = Failure is null;
                }
            }
            catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested && !callToken.IsCancellationRequested)
            {
                Failure = call.AddFailure(FailureClassifier.CallTimeout(call, e, isPipelineTimeout: true)); // before there was anything to send
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Error = ExceptionDispatchInfo.Capture(e);
            }
            finally
            {
                SetOutcome(running);
            }

            return _outcome;
        }

        /// <summary>Lets nothing more begin, and waits for an attempt that the strategy did not wait for: it may have been carried out, and its answer was paid for.</summary>
        [SuppressMessage("Usage", "VSTHRD003", Justification = "The attempt needs no thread of this one.")]
        public Task CompleteAsync()
        {
            lock (_gate)
            {
                _isClosed = true;
                return _running?.Task ?? Task.CompletedTask;
            }
        }

        private TaskCompletionSource<bool>? Begin()
        {
            lock (_gate)
            {
                return _isClosed || _running is not null ? null : _running = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }

        private void SetOutcome(TaskCompletionSource<bool> running)
        {
            _outcome = Error is { } error ? Outcome.FromException<bool>(error.SourceException)
                : Failure is { } failure ? Outcome.FromException<bool>(ExceptionFactory.Create(call, failure))
                : Outcome.FromResult(true);
            lock (_gate)
            {
                _running = null;
            }

            running.SetResult(true);
        }
    }
}
