namespace ImageApi.Client.Http;

/// <summary>
/// The rules by which a request may be sent again: pure, and the same for every endpoint of a kind.
/// A paid request is repeated only when it provably was not carried out.
/// </summary>
internal static class RetryRules
{
    public static Verdict Judge(OperationKind kind, in Observation seen)
    {
        var verdict = kind switch
        {
            OperationKind.Paid => JudgeWrite(seen, whenUnknown: seen.CanRepeat && seen.KeyIsHonoured ? Repeat.Yes : Repeat.Never),
            OperationKind.Upload => JudgeWrite(seen, whenUnknown: seen.CanRepeat ? Repeat.Yes : Repeat.Never),
            _ => JudgeRead(kind, seen),
        };
        return seen.RetryForbidden || (seen.BodyStarted && !seen.CanRepeat) ? verdict with { Repeat = Repeat.Never } : verdict;
    }

    /// <summary>Requests that do something; <paramref name="whenUnknown"/> is for those that may have been carried out.</summary>
    private static Verdict JudgeWrite(in Observation seen, Repeat whenUnknown) => seen.End switch
    {
        AttemptEnd.Cut when IsUnsent(seen) => new(RequestOutcome.NotSent, Repeat.Yes),
        AttemptEnd.TlsRefused or AttemptEnd.TimedOut or AttemptEnd.Broken when IsUnsent(seen) => new(RequestOutcome.NotSent, Repeat.Never),
        AttemptEnd.ErrorInside => new(RequestOutcome.Rejected, Repeat.Never),
        AttemptEnd.Answered => JudgeStatus(seen) ?? new(RequestOutcome.Unknown, IsServerTrouble(seen.Status) ? whenUnknown : Repeat.Never),
        AttemptEnd.Cut => new(RequestOutcome.Unknown, whenUnknown),
        _ => new(RequestOutcome.Unknown, Repeat.Never),
    };

    /// <summary>Queries and downloads cost nothing and change nothing; what they are about is bought already.</summary>
    private static Verdict JudgeRead(OperationKind kind, in Observation seen)
    {
        var gone = kind == OperationKind.Query && seen is { End: AttemptEnd.Answered, Status: 404 or 410 };
        var repeat = seen.End switch
        {
            AttemptEnd.Cut or AttemptEnd.Stalled when seen.CanResume => Repeat.Yes, // each goes on where the last one ended
            AttemptEnd.Cut when kind == OperationKind.Download && seen.Status != 0 => Repeat.Once,
            AttemptEnd.Cut => Repeat.Yes,
            AttemptEnd.Stalled or AttemptEnd.Empty or AttemptEnd.Contradictory => Repeat.Once,
            AttemptEnd.Unreadable => kind == OperationKind.Query ? Repeat.Yes : Repeat.Never,
            AttemptEnd.Answered when seen.Status == 425 => Repeat.Yes, // too early to a server that fears a replay, which does no harm to a read
            AttemptEnd.Answered => JudgeStatus(seen)?.Repeat ?? (IsServerTrouble(seen.Status) ? Repeat.Yes : Repeat.Never),
            _ => Repeat.Never,
        };
        return new(gone ? RequestOutcome.Unknown : RequestOutcome.Accepted, repeat);
    }

    /// <summary>The answers by which a server says that it did nothing; null for the others.</summary>
    private static Verdict? JudgeStatus(in Observation seen) => seen.Status switch
    {
        401 when seen.KeyChanged => new(RequestOutcome.Rejected, Repeat.Once),
        425 => new(RequestOutcome.Rejected, Repeat.Once),
        429 => new(RequestOutcome.Rejected, ErrorCodes.IsBilling(seen.ErrorCode) ? Repeat.Never : Repeat.Yes),
        503 or 529 when ErrorCodes.IsBilling(seen.ErrorCode) => new(RequestOutcome.Rejected, Repeat.Never),
        503 or 529 when seen.HasRetryAfter || ErrorCodes.IsUnprocessed(seen.ErrorCode) => new(RequestOutcome.Rejected, Repeat.Yes),
        408 => null,
        >= 400 and < 500 => new(RequestOutcome.Rejected, Repeat.Never),
        _ => null,
    };

    /// <summary>TLS may fail long after the handshake, and who answered has heard something: neither proves that nothing was sent.</summary>
    private static bool IsUnsent(in Observation seen) => !seen.BodyStarted && seen.Status == 0;

    private static bool IsServerTrouble(int status) => status is 408 or >= 500;
}
