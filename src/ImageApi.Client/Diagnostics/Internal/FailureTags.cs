using System.Diagnostics;
using System.Net;

namespace ImageApi.Client.Diagnostics.Internal;

/// <summary>What telemetry records of a failure: its type and the facts that are counted. Never its message, which may contain text from the server.</summary>
internal readonly record struct FailureTags(string ErrorType, RequestOutcome? Outcome, HttpStatusCode? StatusCode, string? RequestId, string? JobId)
{
    public static FailureTags FromException(Exception failure) => failure switch
    {
        ImageApiException e => new(NameOf(failure), e.Outcome, e.StatusCode, e.RequestId, e.JobId),
        ImageApiCanceledException e => new(NameOf(failure), e.Outcome, StatusCode: null, e.RequestId, e.JobId),
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

    /// <summary>Gets the value of <c>error.type</c>: the reason where the type alone says too little, else the type.</summary>
    public static string NameOf(Exception failure) =>
        failure.GetType() == typeof(ImageApiException) ? ((ImageApiException)failure).Reason.ToString() : failure.GetType().FullName!;
}
