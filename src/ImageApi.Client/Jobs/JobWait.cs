using System.Net;
using System.Runtime.ExceptionServices;
using ImageApi.Client.Diagnostics;
using ImageApi.Client.Http;

namespace ImageApi.Client.Jobs;

/// <summary>One wait for one job: when to ask, which failures to put up with, and when to give up.</summary>
internal sealed class JobWait : IDisposable
{
    /// <summary>How many failures in a row are put up with.</summary>
    private const int FailureBudget = 5;

    /// <summary>How often a job that was just submitted may be unknown: the servers behind one address may need a moment.</summary>
    private const int GracePolls = 3;

    /// <summary>How often a success without output is asked again: the output may need a moment.</summary>
    private const int EmptySuccessPolls = 2;

    private const double Jitter = 0.2;

    private readonly string _jobId;
    private readonly JobWaitOptions _options;
    private readonly ApiTransport _transport;
    private readonly Func<TimeSpan, ICallWatch?, CancellationToken, Task<Job?>> _ask;
    private readonly string? _model;
    private readonly bool _isOwn;
    private readonly long _startedAt;

    private WaitWatch? _watch;
    private bool _begun;
    private Job? _last;
    private Job? _pending;
    private ImageApiException? _lastFailure;
    private TimeSpan _interval;
    private bool _asked;
    private bool _seen;
    private int _polls;
    private int _failures;
    private int _oddAnswers;
    private int _unknownAnswers;
    private int _emptySuccesses;

    /// <summary>Initializes a wait.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="options">Limit and intervals.</param>
    /// <param name="submitted">The job as it was just submitted; null to ask at once.</param>
    /// <param name="model">The model that works on it, where it is known.</param>
    /// <param name="transport">Time, log and randomness.</param>
    /// <param name="ask">Asks once, within a limit; null stands for "not yet".</param>
    public JobWait(string jobId, JobWaitOptions options, Job? submitted, string? model, ApiTransport transport, Func<TimeSpan, ICallWatch?, CancellationToken, Task<Job?>> ask)
    {
        _jobId = jobId;
        _options = options;
        _transport = transport;
        _ask = ask;
        _model = model;
        _isOwn = submitted is not null;
        _pending = submitted;
        _last = submitted;
        _interval = options.FirstInterval;
        _startedAt = transport.Time.GetTimestamp();
    }

    private TimeSpan Left => _options.Timeout - _transport.Time.GetElapsedTime(_startedAt);

    /// <summary>Waits for the next answer about the job.</summary>
    public async Task<Job> NextAsync(CancellationToken cancellationToken)
    {
        // here and not in the constructor: what becomes current here is so until the method ends
        using var scope = Watch()?.Enter();
        try
        {
            if (_pending is { } submitted)
            {
                _pending = null;
                return Report(submitted);
            }

            while (true)
            {
                await PauseAsync(cancellationToken).ConfigureAwait(false);
                if (await TryAskAsync(cancellationToken).ConfigureAwait(false) is { } job)
                {
                    return Report(job);
                }
            }
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            throw Ended(JobFaults.Canceled(_jobId, e, cancellationToken));
        }
        catch (Exception e)
        {
            PurchaseFacts.TellIfForeign(e, JobFaults.Accepted(_jobId, _last));
            Ended(e);
            throw;
        }
    }

    /// <summary>Ends the watch of a wait that is given up.</summary>
    public void Dispose() => _watch?.Dispose();

    /// <summary>Waits until the next question is due. The last question is asked when the time is up.</summary>
    private async Task PauseAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var left = Left;
        if (_asked && left <= TimeSpan.Zero)
        {
            throw TimedOut();
        }

        if (_asked || _isOwn)
        {
            var wait = TimeSpan.FromTicks((long)(_interval.Ticks * (1 - (Jitter * _transport.NextRandom()))));
            if ((_lastFailure is null ? _last?.RetryAfter : _lastFailure.RetryAfter) is { } wish && wish > wait)
            {
                wait = wish < left ? wish : throw TimedOut(wish);
            }

            wait = wait < left ? wait : left > TimeSpan.Zero ? left : TimeSpan.Zero;
            _watch?.Pausing(wait, _last?.Status.Value ?? string.Empty, _lastFailure);
            await _transport.Time.DelayAsync(wait, cancellationToken).ConfigureAwait(false);
            _interval = TimeSpan.FromTicks((long)Math.Min(_interval.Ticks * _options.IntervalFactor, _options.MaxInterval.Ticks));
        }

        _asked = true;
    }

    /// <summary>Asks once.</summary>
    /// <returns>The job; null when the question failed in a way that can be put up with, or the answer is to be asked for again.</returns>
    private async Task<Job?> TryAskAsync(CancellationToken cancellationToken)
    {
        _polls++;
        try
        {
            var left = Left;
            var job = await _ask(left > MinPoll ? left : MinPoll, _watch, cancellationToken).ConfigureAwait(false);
            _watch?.Polled(failure: null);
            _failures = 0;
            _oddAnswers = 0;
            _lastFailure = null;
            _seen = true;
            if (job is null)
            {
                return null;
            }

            _last = job;
            _watch?.Saw(job.State.ToString(), job.Progress);
            return job.State == JobState.Succeeded && !job.Output.All.Any() && _emptySuccesses++ < EmptySuccessPolls ? null : job;
        }
        catch (ImageApiException e)
        {
            _watch?.Polled(e);
            _lastFailure = e;
            _failures++;
            ThrowIfFinal(e);
            return null;
        }
    }

    /// <summary>Gets the least time that a question is given, so that the last one has a chance.</summary>
    private static TimeSpan MinPoll => TimeSpan.FromSeconds(1);

    private void ThrowIfFinal(ImageApiException failure)
    {
        if (failure is ImageApiErrorException answer && failure.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone)
        {
            if (!_isOwn || _seen || ++_unknownAnswers >= GracePolls)
            {
                throw JobFaults.NotFound(answer, _jobId, _seen || _isOwn ? _last : null);
            }

            return;
        }

        // a question that took too long, or came at a bad moment, is asked again
        var mayRepeat = failure is ImageApiTimeoutException || failure.StatusCode == HttpStatusCode.Conflict;
        var isFinal = !mayRepeat && (failure.RepeatsAllowed == 0 || (failure.RepeatsAllowed == 1 && ++_oddAnswers > 1));
        if (isFinal || _failures > FailureBudget)
        {
            ExceptionDispatchInfo.Capture(failure).Throw();
        }
    }

    private Job Report(Job job)
    {
        _options.Progress?.Report(job);
        if (job.IsFinal)
        {
            _watch?.Ended(job.State == JobState.Succeeded ? null : JobFaults.Failed(job));
        }

        return job;
    }

    private WaitWatch? Watch()
    {
        if (!_begun)
        {
            _begun = true;
            _watch = _transport.Settings.Telemetry.BeginWait(JobFaults.Waiting, JobId.Shown(_jobId), _model);
            if (_pending is { } submitted)
            {
                _watch?.Saw(submitted.State.ToString(), submitted.Progress);
            }
        }

        return _watch;
    }

    private Exception Ended(Exception failure)
    {
        _watch?.Failed(failure);
        return failure;
    }

    private JobTimeoutException TimedOut(TimeSpan? wish = null) => JobFaults.TimedOut(_jobId, _last, _options.Timeout, _lastFailure, _polls, wish);
}
