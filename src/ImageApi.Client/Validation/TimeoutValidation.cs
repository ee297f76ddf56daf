namespace ImageApi.Client.Validation;

/// <summary>The rules for time limits. What timers take at most is just under 50 days.</summary>
internal static class TimeoutValidation
{
    public static readonly TimeSpan MaxTimeout = TimeSpan.FromDays(45);

    public static void ThrowIfOutOfRange(TimeSpan? value, string paramName)
    {
        if (value is { } limit)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero, paramName);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, MaxTimeout, paramName);
        }
    }
}
