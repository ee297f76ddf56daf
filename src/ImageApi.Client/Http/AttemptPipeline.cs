using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using Polly;

namespace ImageApi.Client.Http;

/// <summary>
/// Runs attempts within a pipeline of the application's own. It may delay, refuse and repeat them; but what must not be repeated is not sent again,
/// whatever a strategy asks for: it gets to see the same end once more.
/// </summary>
internal sealed class AttemptPipeline(ResiliencePipeline pipeline, AttemptRunner attempts)
{
    /// <inheritdoc cref="AttemptRunner.RunAsync"/>
    public async ValueTask<Fault?> RunAsync(ApiCall call, CancellationToken cancellationToken)
    {
        var turn = new Turn(call, attempts, cancellationToken);
        var context = ResilienceContextPool.Shared.Get(call.Request.Operation.Name, cancellationToken);
        try
        {
            var outcome = await pipeline.ExecuteOutcomeAsync(static (context, turn) => turn.TryAsync(context.CancellationToken), context, turn).ConfigureAwait(false);
            await turn.EndAsync().ConfigureAwait(false);
            if (turn.Succeeded)
            {
                return null; // whatever became of it in the pipeline: it was paid for
            }

            turn.Error?.Throw();
            return turn.Fault ?? throw Refused(call, outcome.Exception, cancellationToken);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>The pipeline let no attempt pass.</summary>
    private static Exception Refused(ApiCall call, Exception? exception, CancellationToken cancellationToken) =>
        exception is OperationCanceledException && cancellationToken.IsCancellationRequested
            ? exception
            : new ImageApiException($"{call.Request.Operation.Name}: the attempt pipeline let nothing pass: {exception?.GetType().Name ?? "it ended without an attempt"}.", exception)
            {
                Operation = call.Request.Operation.Name,
                Outcome = call.Outcome,
                JobId = call.JobId,
                Attempts = call.Attempts,
                IdempotencyKey = call.IdempotencyKey,
                RepeatsAllowed = int.MaxValue, // a circuit closes again: the next question about a job may pass
            };

    /// <summary>What came of the attempts in one run of the pipeline.</summary>
    private sealed class Turn(ApiCall call, AttemptRunner attempts, CancellationToken callToken)
    {
        private readonly object _gate = new();
        private TaskCompletionSource<bool>? _running;
        private Outcome<bool> _end;
        private bool _isClosed;

        public bool Succeeded { get; private set; }

        /// <summary>Gets what was thrown instead of judged: an error of the caller's, or a cancellation.</summary>
        public ExceptionDispatchInfo? Error { get; private set; }

        public Fault? Fault { get; private set; }

        private bool IsOver => Succeeded || Error is not null || Fault is { Verdict.Repeat: Repeat.Never } || (Fault is { Verdict.Repeat: Repeat.Once } && call.Attempts > 1);

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
                if (!IsOver)
                {
                    Fault = await attempts.RunAsync(call, cancellationToken).ConfigureAwait(false);
                    Succeeded = Fault is null;
                }
            }
            catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested && !callToken.IsCancellationRequested)
            {
                Fault = call.Record(ExceptionJudge.OutOfTime(call, e, endedByPipeline: true)); // before there was anything to send
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Error = ExceptionDispatchInfo.Capture(e);
            }
            finally
            {
                Settle(running);
            }

            return _end;
        }

        /// <summary>Lets nothing more begin, and waits for an attempt that the strategy did not wait for: it may have been carried out, and its answer was paid for.</summary>
        [SuppressMessage("Usage", "VSTHRD003", Justification = "The attempt needs no thread of this one.")]
        public Task EndAsync()
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

        private void Settle(TaskCompletionSource<bool> running)
        {
            _end = Error is { } error ? Outcome.FromException<bool>(error.SourceException)
                : Fault is { } fault ? Outcome.FromException<bool>(FaultReport.Of(call, fault))
                : Outcome.FromResult(true);
            lock (_gate)
            {
                _running = null;
            }

            running.SetResult(true);
        }
    }
}
