namespace ImageApi.Client.Http;

/// <summary>The rules for time limits. What timers take at most is just under 50 days.</summary>
internal static class TimeLimits
{
    public static readonly TimeSpan Longest = TimeSpan.FromDays(45);

    public static void ThrowIfNotPositive(TimeSpan? value, string paramName)
    {
        if (value is { } limit)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero, paramName);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, Longest, paramName);
        }
    }
}
