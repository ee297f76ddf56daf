namespace ImageApi.Client.Http.Errors;

/// <summary>The server's words that change what an error means.</summary>
internal static class KnownErrorCodes
{
    private static readonly HashSet<string> Billing = new(StringComparer.OrdinalIgnoreCase)
    {
        "insufficient_quota", "insufficient_balance", "insufficient_user_quota", "insufficient_credits",
    };

    private static readonly HashSet<string> Unprocessed = new(StringComparer.OrdinalIgnoreCase)
    {
        "overloaded", "overloaded_error", "queue_full", "rate_limited", "not_processed",
    };

    private static readonly HashSet<string> Policy = new(StringComparer.OrdinalIgnoreCase)
    {
        "content_policy_violation", "moderation_blocked", "content_filter", "safety_violation",
    };

    /// <summary>Waiting does not fill an account.</summary>
    public static bool IsBilling(string? code) =>
        code is not null && (Billing.Contains(code) || code.StartsWith("billing_", StringComparison.OrdinalIgnoreCase));

    /// <summary>The server names a state in which it has not begun.</summary>
    public static bool IsUnprocessed(string? code) => code is not null && Unprocessed.Contains(code);

    public static bool IsPolicy(string? code) => code is not null && Policy.Contains(code);
}
