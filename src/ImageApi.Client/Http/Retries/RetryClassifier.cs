using ImageApi.Client.Http.Errors;

namespace ImageApi.Client.Http.Retries;

/// <summary>
/// The rules by which a request may be sent again: pure, and the same for every endpoint of a kind.
/// A paid request is repeated only when it provably was not carried out.
/// </summary>
internal static class RetryClassifier
{
    public static RetryDecision Classify(OperationKind kind, in RetryConditions conditions)
    {
        var decision = kind switch
        {
            OperationKind.Paid => ClassifyWrite(conditions, whenUnknown: conditions.CanReplay && conditions.HonorsIdempotencyKey ? RetryAllowance.UpToMaxRetries : RetryAllowance.Never),
            OperationKind.Upload => ClassifyWrite(conditions, whenUnknown: conditions.CanReplay ? RetryAllowance.UpToMaxRetries : RetryAllowance.Never),
            _ => ClassifyRead(kind, conditions),
        };
        return conditions.RetryForbidden || (conditions.BodyStarted && !conditions.CanReplay) ? decision with { Retry = RetryAllowance.Never } : decision;
    }

    /// <summary>Requests that do something; <paramref name="whenUnknown"/> is for those that may have been carried out.</summary>
    private static RetryDecision ClassifyWrite(in RetryConditions conditions, RetryAllowance whenUnknown) => conditions.Kind switch
    {
        FailureKind.ConnectionLost when IsNotSent(conditions) => new(RequestOutcome.NotSent, RetryAllowance.UpToMaxRetries),
        FailureKind.TlsFailure or FailureKind.CallTimeout or FailureKind.HandlerFailure when IsNotSent(conditions) => new(RequestOutcome.NotSent, RetryAllowance.Never),
        FailureKind.ErrorInBody => new(RequestOutcome.Rejected, RetryAllowance.Never),
        FailureKind.ErrorStatus => ClassifyStatus(conditions) ?? new(RequestOutcome.Unknown, IsServerError(conditions.Status) ? whenUnknown : RetryAllowance.Never),
        FailureKind.ConnectionLost => new(RequestOutcome.Unknown, whenUnknown),
        _ => new(RequestOutcome.Unknown, RetryAllowance.Never),
    };

    /// <summary>Queries and downloads cost nothing and change nothing; what they are about is bought already.</summary>
    private static RetryDecision ClassifyRead(OperationKind kind, in RetryConditions conditions)
    {
        var isGone = kind == OperationKind.Query && conditions is { Kind: FailureKind.ErrorStatus, Status: 404 or 410 };
        var retry = conditions.Kind switch
        {
            FailureKind.ConnectionLost or FailureKind.ReadTimeout when conditions.CanResume => RetryAllowance.UpToMaxRetries, // each goes on where the last one ended
            FailureKind.ConnectionLost when kind == OperationKind.Download && conditions.Status != 0 => RetryAllowance.Once,
            FailureKind.ConnectionLost => RetryAllowance.UpToMaxRetries,
            FailureKind.ReadTimeout or FailureKind.EmptyBody or FailureKind.Mismatch => RetryAllowance.Once,
            FailureKind.InvalidBody => kind == OperationKind.Query ? RetryAllowance.UpToMaxRetries : RetryAllowance.Never,
            FailureKind.ErrorStatus when conditions.Status == 425 => RetryAllowance.UpToMaxRetries, // too early to a server that fears a replay, which does no harm to a read
            FailureKind.ErrorStatus => ClassifyStatus(conditions)?.Retry ?? (IsServerError(conditions.Status) ? RetryAllowance.UpToMaxRetries : RetryAllowance.Never),
            _ => RetryAllowance.Never,
        };
        return new(isGone ? RequestOutcome.Unknown : RequestOutcome.Accepted, retry);
    }

    /// <summary>The answers by which a server says that it did nothing; null for the others.</summary>
    private static RetryDecision? ClassifyStatus(in RetryConditions conditions) => conditions.Status switch
    {
        401 when conditions.HasNewApiKey => new(RequestOutcome.Rejected, RetryAllowance.Once),
        425 => new(RequestOutcome.Rejected, RetryAllowance.Once),
        429 => new(RequestOutcome.Rejected, KnownErrorCodes.IsBilling(conditions.ErrorCode) ? RetryAllowance.Never : RetryAllowance.UpToMaxRetries),
        503 or 529 when KnownErrorCodes.IsBilling(conditions.ErrorCode) => new(RequestOutcome.Rejected, RetryAllowance.Never),
        503 or 529 when conditions.HasRetryAfter || KnownErrorCodes.IsUnprocessed(conditions.ErrorCode) => new(RequestOutcome.Rejected, RetryAllowance.UpToMaxRetries),
        408 => null,
        >= 400 and < 500 => new(RequestOutcome.Rejected, RetryAllowance.Never),
        _ => null,
    };

    /// <summary>TLS may fail long after the handshake, and who answered has heard something: neither proves that nothing was sent.</summary>
    private static bool IsNotSent(in RetryConditions conditions) => !conditions.BodyStarted && conditions.Status == 0;

    private static bool IsServerError(int status) => status is 408 or >= 500;
}
