using ImageApi.Client.Http;

namespace ImageApi.Client.Tests.Http;

/// <summary>The retry rules against a second, independent writing of the table they come from.</summary>
public sealed class RetryRulesTests
{
    private static readonly int[] Statuses =
        [0, 200, 201, 204, 301, 307, 400, 401, 402, 403, 404, 405, 407, 408, 409, 410, 413, 415, 422, 425, 429, 451, 500, 501, 502, 503, 504, 529];

    private static readonly string?[] Codes = [null, "invalid", "insufficient_quota", "billing_hard_limit", "insufficient_credits", "overloaded", "queue_full", "rate_limited", "not_processed"];

    [Fact]
    public void The_rules_are_those_of_the_table_for_everything_that_can_be_seen()
    {
        var count = 0;
        foreach (var kind in Enum.GetValues<OperationKind>())
        {
            foreach (var seen in Everything())
            {
                var (outcome, repeat) = Reference(kind, seen);
                var verdict = RetryRules.Judge(kind, seen);
                if (verdict != new Verdict(outcome, repeat))
                {
                    Assert.Fail($"{kind} {seen}: {verdict} instead of {outcome}, {repeat}.");
                }

                count++;
            }
        }

        Assert.Equal(4 * 11 * Statuses.Length * Codes.Length * 64, count);
    }

    [Fact]
    public void A_paid_request_that_may_have_been_carried_out_is_never_repeated()
    {
        foreach (var seen in Everything().Where(static seen => !seen.KeyIsHonoured))
        {
            var verdict = RetryRules.Judge(OperationKind.Paid, seen);
            Assert.False(verdict is { Outcome: RequestOutcome.Unknown, Repeat: not Repeat.Never }, seen.ToString());
        }
    }

    [Fact]
    public void Nothing_counts_as_unsent_of_which_a_byte_was_written_or_an_answer_came()
    {
        foreach (var seen in Everything().Where(static seen => seen.BodyStarted || seen.Status != 0))
        {
            Assert.NotEqual(RequestOutcome.NotSent, RetryRules.Judge(OperationKind.Paid, seen).Outcome);
            Assert.NotEqual(RequestOutcome.NotSent, RetryRules.Judge(OperationKind.Upload, seen).Outcome);
        }
    }

    [Fact]
    public void The_control_a_careless_rule_would_be_found() =>
        Assert.Contains(Everything(), static seen => seen is { End: AttemptEnd.Answered, Status: 502 } && Reference(OperationKind.Paid, seen) != (RequestOutcome.Unknown, Repeat.Yes));

    private static IEnumerable<Observation> Everything() =>
        from end in Enum.GetValues<AttemptEnd>()
        from status in Statuses
        from code in Codes
        from bits in Enumerable.Range(0, 64)
        select new Observation(end, BodyStarted: (bits & 1) != 0, CanRepeat: (bits & 2) != 0)
        {
            Status = status,
            ErrorCode = code,
            HasRetryAfter = (bits & 4) != 0,
            RetryForbidden = (bits & 8) != 0,
            KeyIsHonoured = (bits & 16) != 0,
            KeyChanged = (bits & 32) != 0,
        };

    /// <summary>The table: what an answer means by itself, then what follows for a kind of request.</summary>
    private static (RequestOutcome Outcome, Repeat Repeat) Reference(OperationKind kind, Observation seen)
    {
        var (outcome, repeat) = kind is OperationKind.Paid or OperationKind.Upload ? Write(kind, seen) : Read(kind, seen);
        var cannot = seen.RetryForbidden || (seen.BodyStarted && !seen.CanRepeat);
        return (outcome, cannot ? Repeat.Never : repeat);
    }

    private static Repeat? Refusal(Observation seen)
    {
        var unpaid = seen.ErrorCode is "insufficient_quota" or "billing_hard_limit" or "insufficient_credits";
        var invited = seen.HasRetryAfter || seen.ErrorCode is "overloaded" or "queue_full" or "rate_limited" or "not_processed";
        return seen.Status switch
        {
            408 => null,
            425 => Repeat.Once,
            401 => seen.KeyChanged ? Repeat.Once : Repeat.Never,
            429 => unpaid ? Repeat.Never : Repeat.Yes,
            503 or 529 => unpaid ? Repeat.Never : invited ? Repeat.Yes : null,
            _ => seen.Status / 100 == 4 ? Repeat.Never : null,
        };
    }

    private static (RequestOutcome Outcome, Repeat Repeat) Write(OperationKind kind, Observation seen)
    {
        var trouble = seen.End == AttemptEnd.Cut || (seen.End == AttemptEnd.Answered && (seen.Status == 408 || seen.Status >= 500));
        var vouched = kind == OperationKind.Upload || seen.KeyIsHonoured;
        var unknown = (RequestOutcome.Unknown, trouble && vouched && seen.CanRepeat ? Repeat.Yes : Repeat.Never);
        var untouched = !seen.BodyStarted && seen.Status == 0;
        return seen.End switch
        {
            AttemptEnd.TlsRefused => (untouched ? RequestOutcome.NotSent : RequestOutcome.Unknown, Repeat.Never),
            AttemptEnd.ErrorInside => (RequestOutcome.Rejected, Repeat.Never),
            AttemptEnd.Answered => Refusal(seen) is { } repeat ? (RequestOutcome.Rejected, repeat) : unknown,
            AttemptEnd.Cut => untouched ? (RequestOutcome.NotSent, Repeat.Yes) : unknown,
            AttemptEnd.TimedOut or AttemptEnd.Broken => (untouched ? RequestOutcome.NotSent : RequestOutcome.Unknown, Repeat.Never),
            _ => unknown,
        };
    }

    private static (RequestOutcome Outcome, Repeat Repeat) Read(OperationKind kind, Observation seen)
    {
        var gone = kind == OperationKind.Query && seen.End == AttemptEnd.Answered && (seen.Status is 404 or 410);
        var repeat = (seen.End, kind) switch
        {
            (AttemptEnd.Answered, _) when seen.Status == 425 => Repeat.Yes,
            (AttemptEnd.Answered, _) => Refusal(seen) ?? (seen.Status is 408 or >= 500 ? Repeat.Yes : Repeat.Never),
            (AttemptEnd.Cut, OperationKind.Download) => seen.Status > 0 ? Repeat.Once : Repeat.Yes,
            (AttemptEnd.Cut, _) => Repeat.Yes,
            (AttemptEnd.Unreadable, OperationKind.Query) => Repeat.Yes,
            (AttemptEnd.Stalled or AttemptEnd.Empty or AttemptEnd.Contradictory, _) => Repeat.Once,
            _ => Repeat.Never,
        };
        return (gone ? RequestOutcome.Unknown : RequestOutcome.Accepted, repeat);
    }
}
