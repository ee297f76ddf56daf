using System.Text;

namespace ImageApi.Client.Http.Failures;

/// <summary>Words the message of every exception: what happened, what it means for money, what to do.</summary>
internal static class FailureMessage
{
    private const string Terminators = ".!?…。！？";

    /// <summary>Joins sentences and facts. Sentences are ended properly, whatever a server wrote.</summary>
    public static string Create(string? operation, string happened, RequestInfo info, string? money)
    {
        var text = new StringBuilder(operation).Append(operation is null ? string.Empty : ": ").Append(EndSentence(happened));
        if (info.Attempts > 1)
        {
            text.Append(" Attempts: ").Append(info.Attempts).Append('.');
        }

        Append(text, "Error code: ", info.ErrorCode);
        Append(text, "Job: ", info.JobId);
        Append(text, "Request id: ", info.RequestId);
        if (money is not null)
        {
            text.Append(' ').Append(money);
        }

        return text.ToString();
    }

    /// <summary>Gets what an outcome means for money, and what to do.</summary>
    public static string Money(RequestInfo info) => info.Outcome switch
    {
        RequestOutcome.NotSent => "Nothing was sent, and you have not been charged; it is safe to retry.",
        RequestOutcome.Rejected => "You have not been charged.",
        RequestOutcome.Accepted => "The request was accepted and counts as billed; do not send it again.",
        _ => "The request may have been billed; do not retry automatically. The API has no list to look it up in: ask its support before you send it again."
            + (info.IdempotencyKey is { } idempotencyKey ? $" Idempotency key: {idempotencyKey}." : string.Empty),
    };

    /// <summary>Formats a duration; all messages use this format.</summary>
    public static string Format(TimeSpan duration) =>
        duration == TimeSpan.MaxValue ? "longer than any timeout" : FormattableString.Invariant($"{duration.TotalSeconds:0.###} s");

    public static string EndSentence(string text)
    {
        text = text.Trim().TrimEnd('.', ',', ';', ':', ' ');
        return text.Length > 0 && Terminators.IndexOf(text[text.Length - 1]) >= 0 ? text : text + ".";
    }

    private static void Append(StringBuilder text, string label, string? value)
    {
        if (value is not null)
        {
            text.Append(' ').Append(label).Append(value).Append('.');
        }
    }
}
