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
        var turn = new Turn(call, attempts);
        var context = ResilienceContextPool.Shared.Get(call.Request.Operation.Name, cancellationToken);
        try
        {
            var outcome = await pipeline.ExecuteOutcomeAsync(static (context, turn) => turn.TryAsync(context.CancellationToken), context, turn).ConfigureAwait(false);
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
    private sealed class Turn(ApiCall call, AttemptRunner attempts)
    {
        private Outcome<bool> _end;
        private int _running;

        public bool Succeeded { get; private set; }

        /// <summary>Gets what was thrown instead of judged: an error of the caller's, or a cancellation.</summary>
        public ExceptionDispatchInfo? Error { get; private set; }

        public Fault? Fault { get; private set; }

        private bool IsOver => Succeeded || Error is not null || Fault is { Verdict.Repeat: Repeat.Never } || (Fault is { Verdict.Repeat: Repeat.Once } && call.Attempts > 1);

        public async ValueTask<Outcome<bool>> TryAsync(CancellationToken cancellationToken)
        {
            if (Interlocked.Exchange(ref _running, 1) != 0)
            {
                return Outcome.FromException<bool>(new InvalidOperationException("A strategy tried to make an attempt while another one is under way, which was refused: both might be carried out."));
            }

            try
            {
                if (!IsOver)
                {
                    Fault = await attempts.RunAsync(call, cancellationToken).ConfigureAwait(false);
                    Succeeded = Fault is null;
                    _end = Fault is null ? Outcome.FromResult(true) : Outcome.FromException<bool>(FaultReport.Of(call, Fault));
                }
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Error = ExceptionDispatchInfo.Capture(e);
                _end = Outcome.FromException<bool>(e);
            }
            finally
            {
                Volatile.Write(ref _running, 0);
            }

            return _end;
        }
    }
}
