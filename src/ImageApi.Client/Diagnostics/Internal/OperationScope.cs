using System.Diagnostics;

namespace ImageApi.Client.Diagnostics.Internal;

/// <summary>The telemetry of one operation: its span, duration, log event and log scope.</summary>
internal sealed class OperationScope : IAttemptObserver, IDisposable
{
    private readonly ClientTelemetry _telemetry;
    private readonly OperationDescriptor _descriptor;
    private readonly LogScope _logState;
    private readonly IDisposable? _logScope;
    private readonly Activity? _span;
    private readonly long _startedAt;
    private int _attempts = 1;

    public OperationScope(ClientTelemetry telemetry, OperationDescriptor descriptor)
    {
        _telemetry = telemetry;
        _descriptor = descriptor;
        _logState = new LogScope(descriptor.Operation) { JobId = descriptor.JobId };
        _logScope = telemetry.OpenScope(_logState);
        _span = descriptor.SpanName is null ? null : StartSpan(telemetry, descriptor);
        _startedAt = telemetry.Time.GetTimestamp();
    }

    private TimeSpan Elapsed => _telemetry.Time.GetElapsedTime(_startedAt);

    public void OnResponse(string? requestId)
    {
        if (requestId is not null)
        {
            _logState.RequestId = requestId;
            _span?.SetTag(TelemetryNames.RequestId, requestId);
        }
    }

    public void OnRetry(int attempt, TimeSpan delay, string reason)
    {
        _attempts = attempt + 1;
        _span?.AddEvent(new ActivityEvent(TelemetryNames.RetryEvent, tags: new()
        {
            { TelemetryNames.Attempt, attempt },
            { TelemetryNames.RetryReason, reason },
            { TelemetryNames.RetryDelay, delay.TotalSeconds },
        }));
    }

    public void Succeed(long? inputTokens = null, long? outputTokens = null)
    {
        if (_span is { IsAllDataRequested: true })
        {
            _span.SetTag(TelemetryNames.InputTokens, inputTokens).SetTag(TelemetryNames.OutputTokens, outputTokens);
        }

        RecordTokens(inputTokens, TelemetryNames.Input);
        RecordTokens(outputTokens, TelemetryNames.Output);
        RecordDuration(errorType: null);
        _telemetry.Logger.OperationSucceeded(_descriptor.Level, _descriptor.Operation, Elapsed.TotalSeconds, _attempts);
    }

    /// <summary>Ends a submission.</summary>
    /// <param name="jobId">The sanitized id of the accepted job.</param>
    public void Accept(string jobId)
    {
        SetJobId(jobId);
        RecordDuration(errorType: null);
        _telemetry.Logger.JobAccepted(jobId);
    }

    public void Fail(Exception failure)
    {
        var tags = FailureTags.FromException(failure);
        OnResponse(tags.RequestId);
        SetJobId(tags.JobId);
        if (_span is not null)
        {
            tags.WriteTo(_span);
        }

        RecordDuration(tags.ErrorType);
        _telemetry.Logger.OperationFailed(_descriptor.Level, _descriptor.Operation, Elapsed.TotalSeconds, _attempts, tags.ErrorType, tags.Outcome);
    }

    public void Dispose()
    {
        ClientTelemetry.RunGuarded(() => _span?.Dispose());
        _logScope?.Dispose();
    }

    private static Activity? StartSpan(ClientTelemetry telemetry, in OperationDescriptor descriptor)
    {
        var span = telemetry.StartSpan(descriptor.SpanName!, descriptor.Model, descriptor.Model is null ? descriptor.SpanName! : $"{descriptor.SpanName} {descriptor.Model}");
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag(TelemetryNames.OutputType, descriptor.OutputType).SetTag(TelemetryNames.ChoiceCount, descriptor.Count);
            if (descriptor.Prompt is { } prompt)
            {
                span.SetTag(TelemetryNames.InputMessages, PromptMessage.Of(prompt));
            }
        }

        return span;
    }

    private void SetJobId(string? jobId)
    {
        if (jobId is not null)
        {
            _logState.JobId = jobId;
            _span?.SetTag(TelemetryNames.JobId, jobId);
        }
    }

    private void RecordTokens(long? tokens, string type)
    {
        if (_descriptor.SpanName is not null && tokens is { } count && Instruments.TokenUsage.Enabled)
        {
            ClientTelemetry.RunGuarded(() => Instruments.TokenUsage.Record(count, _telemetry.Tags(
                (TelemetryNames.TokenType, type), (TelemetryNames.OperationName, _descriptor.SpanName), (TelemetryNames.RequestModel, _descriptor.Model))));
        }
    }

    private void RecordDuration(string? errorType)
    {
        if (_descriptor.SpanName is not null && Instruments.OperationDuration.Enabled)
        {
            ClientTelemetry.RunGuarded(() => Instruments.OperationDuration.Record(Elapsed.TotalSeconds, _telemetry.Tags(
                (TelemetryNames.OperationName, _descriptor.SpanName), (TelemetryNames.RequestModel, _descriptor.Model), (TelemetryNames.ErrorType, errorType))));
        }
    }
}
