using System.Text;
using ImageApi.Client.Exceptions.Internal;
using ImageApi.Client.Http.Errors;
using ImageApi.Client.Http.Retries;

namespace ImageApi.Client.Http.Failures;

/// <summary>Makes the public error of a fault: all facts, in words and as properties.</summary>
internal static class ExceptionFactory
{
    /// <summary>Makes the error of a call that ends with a fault.</summary>
    public static ImageApiException Create(CallContext call, AttemptFailure failure)
    {
        var details = new FailureDetails
        {
            Operation = call.Request.Operation.Name,
            Outcome = call.Outcome,
            IsPreparation = call.Request.IsPreparation,
            StatusCode = failure.StatusCode,
            ErrorCode = failure.Error?.Code,
            ErrorType = failure.Error?.Type,
            ErrorParam = failure.Error?.Param,
            RequestId = failure.RequestId,
            JobId = call.Request.JobId ?? failure.JobId,
            Attempts = call.Attempts,
            RetryAfter = failure.RetryAfter,
            IdempotencyKey = call.IdempotencyKey,
            ResponseExcerpt = failure.Excerpt,
            IsContentRejected = KnownErrorCodes.IsPolicy(failure.Error?.Code),
            RepeatsAllowed = failure.Decision.Retry switch { RetryAllowance.UpToMaxRetries => int.MaxValue, RetryAllowance.Once => 1, _ => 0 },
        };
        var earlier = call.FirstFailure is { } first && first != failure && call.FirstFailure.Decision.Outcome == RequestOutcome.Unknown
            ? ToException(first, details with { StatusCode = first.StatusCode, Attempts = 1 }, call.Request.Operation.Kind, earlier: null)
            : null;
        return ToException(failure, details, call.Request.Operation.Kind, earlier);
    }

    private static ImageApiException ToException(AttemptFailure failure, FailureDetails details, OperationKind kind, Exception? earlier)
    {
        var message = Describe(failure, details, kind);
        var cause = failure.Cause ?? earlier;
        return failure.Kind switch
        {
            ExceptionKind.Response or ExceptionKind.InvalidResponse when kind == OperationKind.Download => new MediaDownloadException(message, cause, details),
            ExceptionKind.Response => new ImageApiResponseException(message, cause, details),
            ExceptionKind.Connection => new ImageApiConnectionException(message, cause, details),
            ExceptionKind.Timeout => new ImageApiTimeoutException(message, cause, details),
            ExceptionKind.Limit => new ImageApiLimitException(message, cause, details),
            _ => new ImageApiProtocolException(message, cause, details),
        };
    }

    private static string Describe(AttemptFailure failure, FailureDetails details, OperationKind kind)
    {
        var text = new StringBuilder(details.Operation).Append(": ").Append(failure.Message);
        if (details.Attempts > 1)
        {
            text.Append(" (").Append(details.Attempts).Append(" attempts)");
        }

        Append(text, "Error code: ", details.ErrorCode);
        Append(text, "Job: ", details.JobId);
        Append(text, "Request id: ", details.RequestId);
        if (kind == OperationKind.Paid)
        {
            text.Append(' ').Append(Advice(details.Outcome));
            Append(text, "Idempotency key: ", details.Outcome == RequestOutcome.Unknown ? details.IdempotencyKey : null);
        }

        if (details.IsPreparation)
        {
            text.Append(" It was to be a reference image of a paid request, of which nothing was sent: nothing was bought.");
        }

        return text.ToString();
    }

    private static string Advice(RequestOutcome outcome) => outcome switch
    {
        RequestOutcome.NotSent => "Nothing was sent; it is safe to try again.",
        RequestOutcome.Rejected => "Nothing was bought.",
        RequestOutcome.Accepted => "The request was accepted and counts as bought.",
        _ => "It is not known whether the request was carried out and billed: the API has no list to look it up in, so ask its support before sending it again.",
    };

    private static void Append(StringBuilder text, string label, string? value)
    {
        if (value is not null)
        {
            text.Append(' ').Append(label).Append(value).Append('.');
        }
    }
}
