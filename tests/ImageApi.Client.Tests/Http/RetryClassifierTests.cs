using ImageApi.Client.Http;
using ImageApi.Client.Http.Errors;
using ImageApi.Client.Http.Retries;

namespace ImageApi.Client.Tests.Http;

/// <summary>The retry rules against a second, independent writing of the table they come from.</summary>
public sealed class RetryClassifierTests
{
    private static readonly int[] Statuses =
        [0, 200, 201, 204, 301, 307, 400, 401, 402, 403, 404, 405, 407, 408, 409, 410, 413, 415, 422, 425, 429, 451, 500, 501, 502, 503, 504, 529];

    private static readonly string?[] Codes = [null, "invalid", "insufficient_quota", "billing_hard_limit", "insufficient_credits", "overloaded", "queue_full", "rate_limited", "not_processed"];

    [Fact]
    public void Retry_classifier_matches_the_reference_table()
    {
        var count = 0;
        foreach (var kind in Enum.GetValues<OperationKind>())
        {
            foreach (var conditions in AllConditions())
            {
                var (outcome, retry) = ReferenceDecision(kind, conditions);
                var decision = RetryClassifier.Classify(kind, conditions);
                if (decision != new RetryDecision(outcome, retry))
                {
                    Assert.Fail($"{kind} {conditions}: {decision} instead of {outcome}, {retry}.");
                }

                count++;
            }
        }

        Assert.Equal(4 * 11 * Statuses.Length * Codes.Length * 64, count);
    }

    [Fact]
    public void Possibly_billed_paid_request_is_never_retried()
    {
        foreach (var conditions in AllConditions().Where(static conditions => !conditions.HonorsIdempotencyKey))
        {
            var decision = RetryClassifier.Classify(OperationKind.Paid, conditions);
            Assert.False(decision is { Outcome: RequestOutcome.Unknown, Retry: not RetryAllowance.Never }, conditions.ToString());
        }
    }

    [Fact]
    public void NotSent_is_never_reported_after_sent_bytes_or_a_response()
    {
        foreach (var conditions in AllConditions().Where(static conditions => conditions.BodyStarted || conditions.Status != 0))
        {
            Assert.NotEqual(RequestOutcome.NotSent, RetryClassifier.Classify(OperationKind.Paid, conditions).Outcome);
            Assert.NotEqual(RequestOutcome.NotSent, RetryClassifier.Classify(OperationKind.Upload, conditions).Outcome);
        }
    }

    [Fact]
    public void Reference_table_detects_a_naive_retry_rule() =>
        Assert.Contains(AllConditions(), static conditions => conditions is { Kind: FailureKind.ErrorStatus, Status: 502 } && ReferenceDecision(OperationKind.Paid, conditions) != (RequestOutcome.Unknown, RetryAllowance.UpToMaxRetries));

    private static IEnumerable<RetryConditions> AllConditions() =>
        from end in Enum.GetValues<FailureKind>()
        from status in Statuses
        from code in Codes
        from bits in Enumerable.Range(0, 64)
        select new RetryConditions(end, BodyStarted: (bits & 1) != 0, CanReplay: (bits & 2) != 0)
        {
            Status = status,
            ErrorCode = code,
            HasRetryAfter = (bits & 4) != 0,
            RetryForbidden = (bits & 8) != 0,
            HonorsIdempotencyKey = (bits & 16) != 0,
            HasNewApiKey = (bits & 32) != 0,
        };

    /// <summary>The table: what an answer means by itself, then what follows for a kind of request.</summary>
    private static (RequestOutcome Outcome, RetryAllowance Retry) ReferenceDecision(OperationKind kind, RetryConditions conditions)
    {
        var (outcome, retry) = kind is OperationKind.Paid or OperationKind.Upload ? WriteDecision(kind, conditions) : ReadDecision(kind, conditions);
        var cannotRetry = conditions.RetryForbidden || (conditions.BodyStarted && !conditions.CanReplay);
        return (outcome, cannotRetry ? RetryAllowance.Never : retry);
    }

    private static RetryAllowance? RejectionRetry(RetryConditions conditions)
    {
        var quotaExceeded = conditions.ErrorCode is "insufficient_quota" or "billing_hard_limit" or "insufficient_credits";
        var retryInvited = conditions.HasRetryAfter || conditions.ErrorCode is "overloaded" or "queue_full" or "rate_limited" or "not_processed";
        return conditions.Status switch
        {
            408 => null,
            425 => RetryAllowance.Once,
            401 => conditions.HasNewApiKey ? RetryAllowance.Once : RetryAllowance.Never,
            429 => quotaExceeded ? RetryAllowance.Never : RetryAllowance.UpToMaxRetries,
            503 or 529 => quotaExceeded ? RetryAllowance.Never : retryInvited ? RetryAllowance.UpToMaxRetries : null,
            _ => conditions.Status / 100 == 4 ? RetryAllowance.Never : null,
        };
    }

    private static (RequestOutcome Outcome, RetryAllowance Retry) WriteDecision(OperationKind kind, RetryConditions conditions)
    {
        var mayRetry = conditions.Kind == FailureKind.ConnectionLost || (conditions.Kind == FailureKind.ErrorStatus && (conditions.Status == 408 || conditions.Status >= 500));
        var isIdempotent = kind == OperationKind.Upload || conditions.HonorsIdempotencyKey;
        var unknown = (RequestOutcome.Unknown, mayRetry && isIdempotent && conditions.CanReplay ? RetryAllowance.UpToMaxRetries : RetryAllowance.Never);
        var notSent = !conditions.BodyStarted && conditions.Status == 0;
        return conditions.Kind switch
        {
            FailureKind.TlsFailure => (notSent ? RequestOutcome.NotSent : RequestOutcome.Unknown, RetryAllowance.Never),
            FailureKind.ErrorInBody => (RequestOutcome.Rejected, RetryAllowance.Never),
            FailureKind.ErrorStatus => RejectionRetry(conditions) is { } retry ? (RequestOutcome.Rejected, retry) : unknown,
            FailureKind.ConnectionLost => notSent ? (RequestOutcome.NotSent, RetryAllowance.UpToMaxRetries) : unknown,
            FailureKind.CallTimeout or FailureKind.HandlerFailure => (notSent ? RequestOutcome.NotSent : RequestOutcome.Unknown, RetryAllowance.Never),
            _ => unknown,
        };
    }

    private static (RequestOutcome Outcome, RetryAllowance Retry) ReadDecision(OperationKind kind, RetryConditions conditions)
    {
        var gone = kind == OperationKind.Query && conditions.Kind == FailureKind.ErrorStatus && (conditions.Status is 404 or 410);
        var retry = (conditions.Kind, kind) switch
        {
            (FailureKind.ErrorStatus, _) when conditions.Status == 425 => RetryAllowance.UpToMaxRetries,
            (FailureKind.ErrorStatus, _) => RejectionRetry(conditions) ?? (conditions.Status is 408 or >= 500 ? RetryAllowance.UpToMaxRetries : RetryAllowance.Never),
            (FailureKind.ConnectionLost, OperationKind.Download) => conditions.Status > 0 ? RetryAllowance.Once : RetryAllowance.UpToMaxRetries,
            (FailureKind.ConnectionLost, _) => RetryAllowance.UpToMaxRetries,
            (FailureKind.InvalidBody, OperationKind.Query) => RetryAllowance.UpToMaxRetries,
            (FailureKind.ReadTimeout or FailureKind.EmptyBody or FailureKind.Mismatch, _) => RetryAllowance.Once,
            _ => RetryAllowance.Never,
        };
        return (gone ? RequestOutcome.Unknown : RequestOutcome.Accepted, retry);
    }
}
