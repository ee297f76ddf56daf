using System.Net;
using System.Runtime.ExceptionServices;
using ImageApi.Client.Diagnostics.Internal;
using ImageApi.Client.Http;

namespace ImageApi.Client.Jobs.Internal;

/// <summary>One wait for one job: when to ask, which failures to put up with, and when to give up.</summary>
internal sealed class JobPoller : IDisposable
{
    /// <summary>How many failures in a row are put up with.</summary>
    private const int MaxConsecutiveFailures = 5;

    /// <summary>How often a job that was just submitted may be unknown: the servers behind one address may need a moment.</summary>
    private const int MaxNotFoundPolls = 3;

    /// <summary>How often a success without output is asked again: the output may need a moment.</summary>
    private const int MaxEmptySuccesses = 2;

    private const double Jitter = 0.2;

    private readonly string _jobId;
    private readonly JobWaitSettings _options;
    private readonly ApiTransport _transport;
    private readonly Func<TimeSpan, IAttemptObserver?, CancellationToken, Task<Job?>> _poll;
    private readonly string? _model;
    private readonly bool _isSubmittedHere;
    private readonly long _startedAt;

    private JobPollingScope? _scope;
    private bool _isScopeOpen;
    private Job? _last;
    private Job? _pending;
    private ImageApiException? _lastFailure;
    private TimeSpan _interval;
    private bool _isPolled;
    private bool _isKnown;
    private int _polls;
    private int _failures;
    private int _oneTimeFailures;
    private int _notFoundPolls;
    private int _emptySuccesses;

    /// <summary>Initializes a wait.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="options">Limit and intervals.</param>
    /// <param name="submitted">The job as it was just submitted; null to ask at once.</param>
    /// <param name="model">The model that works on it, where it is known.</param>
    /// <param name="transport">Time, log and randomness.</param>
    /// <param name="poll">Asks once, within a limit; null stands for "not yet".</param>
    public JobPoller(
        string jobId,
        JobWaitSettings options,
        Job? submitted,
        string? model,
        ApiTransport transport,
        Func<TimeSpan, IAttemptObserver?, CancellationToken, Task<Job?>> poll)
    {
        _jobId = jobId;
        _options = options;
        _transport = transport;
        _poll = poll;
        _model = model;
        _isSubmittedHere = submitted is not null;
        _pending = submitted;
        _last = submitted;
        _interval = options.FirstInterval;
        _startedAt = transport.Time.GetTimestamp();
    }

    private TimeSpan Remaining => _options.Timeout - _transport.Time.GetElapsedTime(_startedAt);

    /// <summary>Waits for the next answer about the job.</summary>
    public async Task<Job> NextAsync(CancellationToken cancellationToken)
    {
        // here and not in the constructor: what becomes current here is so until the method ends
        using var scope = BeginScope()?.Enter();
        try
        {
            if (_pending is { } submitted)
            {
                _pending = null;
                return Report(submitted);
            }

            while (true)
            {
                await DelayAsync(cancellationToken).ConfigureAwait(false);
                if (await PollAsync(cancellationToken).ConfigureAwait(false) is { } job)
                {
                    return Report(job);
                }
            }
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            throw Fail(JobExceptions.Canceled(_jobId, e, cancellationToken));
        }
        catch (Exception e)
        {
            RequestInfo.AttachIfExternal(e, JobExceptions.InfoFor(_jobId, _last));
            Fail(e);
            throw;
        }
    }

    /// <summary>Ends the watch of a wait that is given up.</summary>
    public void Dispose() => _scope?.Dispose();

    /// <summary>Waits until the next question is due. The last question is asked when the time is up.</summary>
    private async Task DelayAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var remaining = Remaining;
        if (_isPolled && remaining <= TimeSpan.Zero)
        {
            throw TimedOut();
        }

        if (_isPolled || _isSubmittedHere)
        {
            var delay = TimeSpan.FromTicks((long)(_interval.Ticks * (1 - (Jitter * _transport.NextRandom()))));
            if ((_lastFailure is null ? _last?.RetryAfter : _lastFailure.Info.RetryAfter) is { } retryAfter && retryAfter > delay)
            {
                delay = retryAfter < remaining ? retryAfter : throw TimedOut(retryAfter);
            }

            delay = delay < remaining ? delay : remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
            _scope?.OnDelay(delay, _last?.Status.Value ?? string.Empty, _lastFailure);
            await _transport.Time.DelayAsync(delay, cancellationToken).ConfigureAwait(false);
            _interval = TimeSpan.FromTicks((long)Math.Min(_interval.Ticks * _options.IntervalFactor, _options.MaxInterval.Ticks));
        }

        _isPolled = true;
    }

    /// <summary>Asks once.</summary>
    /// <returns>The job; null when the question failed in a way that can be put up with, or the answer is to be asked for again.</returns>
    private async Task<Job?> PollAsync(CancellationToken cancellationToken)
    {
        _polls++;
        try
        {
            var remaining = Remaining;
            var job = await _poll(remaining > MinPollTimeout ? remaining : MinPollTimeout, _scope, cancellationToken).ConfigureAwait(false);
            _scope?.OnPoll(failure: null);
            _failures = 0;
            _oneTimeFailures = 0;
            _lastFailure = null;
            _isKnown = true;
            if (job is null)
            {
                return null;
            }

            _last = job;
            _scope?.OnState(job.State.ToString(), job.Progress);
            return job.State == JobState.Succeeded && !job.Output.All.Any() && _emptySuccesses++ < MaxEmptySuccesses ? null : job;
        }
        catch (ImageApiException e)
        {
            _scope?.OnPoll(e);
            _lastFailure = e;
            _failures++;
            ThrowIfFinal(e);
            return null;
        }
    }

    /// <summary>Gets the least time that a question is given, so that the last one has a chance.</summary>
    private static TimeSpan MinPollTimeout => TimeSpan.FromSeconds(1);

    private void ThrowIfFinal(ImageApiException failure)
    {
        if (failure is ImageApiResponseException response && failure.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone)
        {
            if (!_isSubmittedHere || _isKnown || ++_notFoundPolls >= MaxNotFoundPolls)
            {
                throw JobExceptions.NotFound(response, _jobId, _isKnown || _isSubmittedHere ? _last : null);
            }

            return;
        }

        // a question that took too long, or came at a bad moment, is asked again
        var isRetryable = failure.Reason == ImageApiFailureReason.Timeout || failure.StatusCode == HttpStatusCode.Conflict;
        var isFinal = !isRetryable && (failure.RepeatsAllowed == 0 || (failure.RepeatsAllowed == 1 && ++_oneTimeFailures > 1));
        if (isFinal || _failures > MaxConsecutiveFailures)
        {
            ExceptionDispatchInfo.Capture(failure).Throw();
        }
    }

    private Job Report(Job job)
    {
        _options.Progress?.Report(job);
        if (job.IsFinal)
        {
            _scope?.Complete(job.State == JobState.Succeeded ? null : JobExceptions.Failed(job));
        }

        return job;
    }

    private JobPollingScope? BeginScope()
    {
        if (!_isScopeOpen)
        {
            _isScopeOpen = true;
            _scope = _transport.Settings.Telemetry.BeginJobPolling(JobExceptions.Waiting, JobIdValidation.ToLoggable(_jobId), _model);
            if (_pending is { } submitted)
            {
                _scope?.OnState(submitted.State.ToString(), submitted.Progress);
            }
        }

        return _scope;
    }

    private Exception Fail(Exception failure)
    {
        _scope?.Fail(failure);
        return failure;
    }

    private JobTimeoutException TimedOut(TimeSpan? retryAfter = null) => JobExceptions.TimedOut(_jobId, _last, _options.Timeout, _lastFailure, _polls, retryAfter);
}
