using System.Diagnostics;

namespace ImageApi.Client.Diagnostics;

/// <summary>One call that somebody watches: its span, its duration, its line in the log, and the scope of the lines in between.</summary>
internal sealed class OperationWatch : ICallWatch, IDisposable
{
    private readonly ClientTelemetry _telemetry;
    private readonly OperationStart _start;
    private readonly LogScope _ids;
    private readonly IDisposable? _scope;
    private readonly Activity? _span;
    private readonly long _startedAt;
    private int _attempts = 1;

    public OperationWatch(ClientTelemetry telemetry, OperationStart start)
    {
        _telemetry = telemetry;
        _start = start;
        _ids = new LogScope(start.Call) { JobId = start.JobId };
        _scope = telemetry.OpenScope(_ids);
        _span = start.Span is null ? null : StartSpan(telemetry, start);
        _startedAt = telemetry.Time.GetTimestamp();
    }

    private TimeSpan Elapsed => _telemetry.Time.GetElapsedTime(_startedAt);

    public void Answered(string? requestId)
    {
        if (requestId is not null)
        {
            _ids.RequestId = requestId;
            _span?.SetTag(TelemetryNames.RequestId, requestId);
        }
    }

    public void Retrying(int attempt, TimeSpan wait, string reason)
    {
        _attempts = attempt + 1;
        _span?.AddEvent(new ActivityEvent(TelemetryNames.RetryEvent, tags: new()
        {
            { TelemetryNames.Attempt, attempt },
            { TelemetryNames.RetryReason, reason },
            { TelemetryNames.RetryDelay, wait.TotalSeconds },
        }));
    }

    public void Succeeded(long? inputTokens = null, long? outputTokens = null)
    {
        if (_span is { IsAllDataRequested: true })
        {
            _span.SetTag(TelemetryNames.InputTokens, inputTokens).SetTag(TelemetryNames.OutputTokens, outputTokens);
        }

        RecordTokens(inputTokens, TelemetryNames.Input);
        RecordTokens(outputTokens, TelemetryNames.Output);
        RecordDuration(errorType: null);
        _telemetry.Logger.CallSucceeded(_start.Level, _start.Call, Elapsed.TotalSeconds, _attempts);
    }

    /// <summary>Ends a submission.</summary>
    /// <param name="jobId">The id of the job that was accepted, cleaned.</param>
    public void Accepted(string jobId)
    {
        TakeJob(jobId);
        RecordDuration(errorType: null);
        _telemetry.Logger.JobAccepted(jobId);
    }

    public void Failed(Exception failure)
    {
        var facts = FailureFacts.Of(failure);
        Answered(facts.RequestId);
        TakeJob(facts.JobId);
        if (_span is not null)
        {
            facts.WriteTo(_span);
        }

        RecordDuration(facts.ErrorType);
        _telemetry.Logger.CallFailed(_start.Level, _start.Call, Elapsed.TotalSeconds, _attempts, facts.ErrorType, facts.Outcome);
    }

    public void Dispose()
    {
        ClientTelemetry.Safely(() => _span?.Dispose());
        _scope?.Dispose();
    }

    private static Activity? StartSpan(ClientTelemetry telemetry, in OperationStart start)
    {
        var span = telemetry.StartSpan(start.Span!, start.Model, start.Model is null ? start.Span! : $"{start.Span} {start.Model}");
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag(TelemetryNames.OutputType, start.OutputType).SetTag(TelemetryNames.ChoiceCount, start.Count);
            if (start.Prompt is { } prompt)
            {
                span.SetTag(TelemetryNames.InputMessages, PromptMessage.Of(prompt));
            }
        }

        return span;
    }

    private void TakeJob(string? jobId)
    {
        if (jobId is not null)
        {
            _ids.JobId = jobId;
            _span?.SetTag(TelemetryNames.JobId, jobId);
        }
    }

    private void RecordTokens(long? tokens, string type)
    {
        if (_start.Span is not null && tokens is { } count && Instruments.TokenUsage.Enabled)
        {
            ClientTelemetry.Safely(() => Instruments.TokenUsage.Record(count, _telemetry.Tags(
                (TelemetryNames.TokenType, type), (TelemetryNames.OperationName, _start.Span), (TelemetryNames.RequestModel, _start.Model))));
        }
    }

    private void RecordDuration(string? errorType)
    {
        if (_start.Span is not null && Instruments.OperationDuration.Enabled)
        {
            ClientTelemetry.Safely(() => Instruments.OperationDuration.Record(Elapsed.TotalSeconds, _telemetry.Tags(
                (TelemetryNames.OperationName, _start.Span), (TelemetryNames.RequestModel, _start.Model), (TelemetryNames.ErrorType, errorType))));
        }
    }
}
