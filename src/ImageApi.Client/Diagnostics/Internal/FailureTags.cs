using System.Diagnostics;
using System.Net;

namespace ImageApi.Client.Diagnostics.Internal;

/// <summary>The telemetry tags of a failure. They exclude the message because it may contain server text.</summary>
internal readonly record struct FailureTags(string ErrorType, RequestOutcome? Outcome, HttpStatusCode? StatusCode, string? RequestId, string? JobId)
{
    public static FailureTags FromException(Exception failure) => failure switch
    {
        ImageApiException e => new(NameOf(failure), e.Outcome, e.StatusCode, e.RequestId, e.JobId),
        ImageApiCanceledException e => new(NameOf(failure), e.Outcome, StatusCode: null, RequestId: null, e.JobId),
        _ => new(NameOf(failure), Outcome: null, StatusCode: null, RequestId: null, JobId: null),
    };

    public void WriteTo(Activity span)
    {
        span.SetTag(TelemetryNames.ErrorType, ErrorType).SetStatus(ActivityStatusCode.Error);
        if (Outcome is { } outcome)
        {
            span.SetTag(TelemetryNames.Outcome, outcome.ToString());
        }

        if (StatusCode is { } status)
        {
            span.SetTag(TelemetryNames.StatusCode, (int)status);
        }
    }

    private static string NameOf(Exception failure) => failure.GetType().FullName!;
}
