using System.Diagnostics;

namespace ImageApi.Client.Diagnostics.Internal;

/// <summary>The telemetry of polling one job: one span with one event per state change.</summary>
internal sealed class JobPollingScope : IAttemptObserver, IDisposable
{
    private readonly ClientTelemetry _telemetry;
    private readonly string? _model;
    private readonly LogScope _logState;
    private readonly Activity? _span;
    private readonly long _startedAt;
    private readonly bool _isCounted;
    private string? _state;
    private bool _isEnded;

    public JobPollingScope(ClientTelemetry telemetry, string operation, string jobId, string? model)
    {
        _telemetry = telemetry;
        _model = model;
        _logState = new LogScope(operation) { JobId = jobId };
        _span = telemetry.StartSpan(TelemetryNames.Wait, model, TelemetryNames.Wait)?.SetTag(TelemetryNames.JobId, jobId);
        _startedAt = telemetry.Time.GetTimestamp();
        _isCounted = Instruments.ActiveJobs.Enabled; // who comes later must not see fewer than no jobs
        CountActive(1);
    }

    /// <summary>Makes the span and the scope current in the asynchronous method that calls this; a wait goes through many.</summary>
    public IDisposable? Enter()
    {
        if (_span is not null)
        {
            Activity.Current = _span;
        }

        return _telemetry.OpenScope(_logState);
    }

    public void OnResponse(string? requestId) => _logState.RequestId = requestId ?? _logState.RequestId;

    /// <summary>Questions of a wait are not sent again by the transport: the wait itself asks again.</summary>
    public void OnRetry(int attempt, TimeSpan delay, string reason)
    {
    }

    /// <summary>Records a status check.</summary>
    /// <param name="failure">The failure of the status check; null for a success.</param>
    public void OnPoll(ImageApiException? failure)
    {
        OnResponse(failure?.RequestId);
        if (Instruments.JobPolls.Enabled)
        {
            ClientTelemetry.RunGuarded(() => Instruments.JobPolls.Add(1, _telemetry.Tags((TelemetryNames.RequestModel, _model), (TelemetryNames.ErrorType, failure is null ? null : FailureTags.NameOf(failure)))));
        }
    }

    /// <summary>Records the current state of the job.</summary>
    public void OnState(string state, double? progress)
    {
        if (state == _state)
        {
            return;
        }

        _state = state;
        _span?.AddEvent(new ActivityEvent(TelemetryNames.JobStateEvent, tags: progress is null
            ? new() { { TelemetryNames.JobState, state } }
            : new() { { TelemetryNames.JobState, state }, { TelemetryNames.JobProgress, progress } }));
    }

    /// <summary>Logs the delay before the next status check.</summary>
    public void OnDelay(TimeSpan delay, string status, ImageApiException? failure)
    {
        if (failure is not null)
        {
            _telemetry.Logger.JobPollFailed(_logState.JobId!, delay, failure.GetType().Name, (int?)failure.StatusCode);
        }
        else if (_state is not null)
        {
            _telemetry.Logger.JobPolled(_logState.JobId!, _state, status, delay);
        }
    }

    /// <summary>Ends the scope of a finished job.</summary>
    /// <param name="failure">The exception for the caller; null for a success.</param>
    public void Complete(Exception? failure)
    {
        _telemetry.Logger.JobCompleted(_logState.JobId!, _state!);
        End(failure);
    }

    /// <summary>Ends the scope before the job finished.</summary>
    public void Fail(Exception failure)
    {
        if (!_isEnded)
        {
            OnResponse(FailureTags.FromException(failure).RequestId);
            _telemetry.Logger.JobWaitStopped(_logState.JobId!, failure.GetType().Name);
            End(failure);
        }
    }

    /// <summary>Ends the scope unless it has already ended.</summary>
    public void Dispose() => End(failure: null);

    private void End(Exception? failure)
    {
        if (_isEnded)
        {
            return;
        }

        _isEnded = true;
        FailureTags? tags = failure is null ? null : FailureTags.FromException(failure);
        OnResponse(tags?.RequestId);
        if (_span is not null)
        {
            _span.SetTag(TelemetryNames.JobState, _state).SetTag(TelemetryNames.RequestId, _logState.RequestId);
            tags?.WriteTo(_span);
        }

        CountActive(-1);
        if (Instruments.JobWaitDuration.Enabled)
        {
            ClientTelemetry.RunGuarded(() => Instruments.JobWaitDuration.Record(_telemetry.Time.GetElapsedTime(_startedAt).TotalSeconds, _telemetry.Tags(
                (TelemetryNames.RequestModel, _model), (TelemetryNames.JobState, _state), (TelemetryNames.ErrorType, tags?.ErrorType))));
        }

        ClientTelemetry.RunGuarded(() => _span?.Dispose());
    }

    private void CountActive(int change)
    {
        if (_isCounted)
        {
            ClientTelemetry.RunGuarded(() => Instruments.ActiveJobs.Add(change, _telemetry.Tags((TelemetryNames.RequestModel, _model))));
        }
    }
}
