using System.Text;
using ImageApi.Client.Errors;

namespace ImageApi.Client.Http;

/// <summary>Makes the public error of a fault: all facts, in words and as properties.</summary>
internal static class FaultReport
{
    /// <summary>Makes the error of a call that ends with a fault.</summary>
    public static ImageApiException Of(ApiCall call, Fault fault)
    {
        var facts = new ErrorFacts
        {
            Operation = call.Request.Operation.Name,
            Outcome = call.Outcome,
            PreparedPurchase = call.Request.PreparesPurchase,
            StatusCode = fault.StatusCode,
            ErrorCode = fault.Error?.Code,
            ErrorType = fault.Error?.Type,
            ErrorParam = fault.Error?.Param,
            RequestId = fault.RequestId,
            JobId = call.Request.JobId ?? fault.JobId,
            Attempts = call.Attempts,
            RetryAfter = fault.RetryAfter,
            IdempotencyKey = call.IdempotencyKey,
            ResponseExcerpt = fault.Excerpt,
            IsContentRejected = ErrorCodes.IsPolicy(fault.Error?.Code),
            RepeatsAllowed = fault.Verdict.Repeat switch { Repeat.Yes => int.MaxValue, Repeat.Once => 1, _ => 0 },
        };
        var earlier = call.First is { } first && first != fault && call.First.Verdict.Outcome == RequestOutcome.Unknown
            ? ToException(first, facts with { StatusCode = first.StatusCode, Attempts = 1 }, call.Request.Operation.Kind, earlier: null)
            : null;
        return ToException(fault, facts, call.Request.Operation.Kind, earlier);
    }

    private static ImageApiException ToException(Fault fault, ErrorFacts facts, OperationKind kind, Exception? earlier)
    {
        var message = Describe(fault, facts, kind);
        var cause = fault.Cause ?? earlier;
        return fault.Kind switch
        {
            FaultKind.Error or FaultKind.Protocol when kind == OperationKind.Download => new MediaDownloadException(message, cause, facts),
            FaultKind.Error => new ImageApiErrorException(message, cause, facts),
            FaultKind.Connection => new ImageApiConnectionException(message, cause, facts),
            FaultKind.Timeout => new ImageApiTimeoutException(message, cause, facts),
            FaultKind.Limit => new ImageApiLimitException(message, cause, facts),
            _ => new ImageApiProtocolException(message, cause, facts),
        };
    }

    private static string Describe(Fault fault, ErrorFacts facts, OperationKind kind)
    {
        var text = new StringBuilder(facts.Operation).Append(": ").Append(fault.Message);
        if (facts.Attempts > 1)
        {
            text.Append(" (").Append(facts.Attempts).Append(" attempts)");
        }

        Append(text, "Error code: ", facts.ErrorCode);
        Append(text, "Job: ", facts.JobId);
        Append(text, "Request id: ", facts.RequestId);
        if (kind == OperationKind.Paid)
        {
            text.Append(' ').Append(Advice(facts.Outcome));
            Append(text, "Idempotency key: ", facts.Outcome == RequestOutcome.Unknown ? facts.IdempotencyKey : null);
        }

        if (facts.PreparedPurchase)
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
