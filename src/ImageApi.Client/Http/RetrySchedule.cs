namespace ImageApi.Client.Http;

/// <summary>How long to wait before the next attempt, or that there is none: pure.</summary>
internal static class RetrySchedule
{
    /// <summary>Decides the wait after a failed attempt.</summary>
    /// <param name="settings">The numbers.</param>
    /// <param name="repeat">What the rules allow.</param>
    /// <param name="retriesDone">How many retries there were already.</param>
    /// <param name="maxRetries">How many there may be.</param>
    /// <param name="retryAfter">The server's wish: a minimum.</param>
    /// <param name="left">What is left of the call's time.</param>
    /// <param name="random">A random number from 0 to 1.</param>
    /// <returns>The wait, or null when the call ends here.</returns>
    public static TimeSpan? NextWait(
        RetrySettings settings, Repeat repeat, int retriesDone, int maxRetries, TimeSpan? retryAfter, TimeSpan left, double random)
    {
        var allowed = repeat switch
        {
            Repeat.Yes => maxRetries,
            Repeat.Once => Math.Min(1, maxRetries),
            _ => 0,
        };
        if (retriesDone >= allowed || retryAfter > settings.MaxRetryAfter)
        {
            return null;
        }

        var wait = Backoff(settings, retriesDone, random);
        if (retryAfter > wait)
        {
            wait = retryAfter.Value;
        }

        return wait < left ? wait : null;
    }

    /// <summary>Full jitter: anything from nothing to a limit that doubles with every retry, up to a cap.</summary>
    public static TimeSpan Backoff(RetrySettings settings, int retriesDone, double random)
    {
        var limit = Math.Min(settings.BaseDelay.TotalMilliseconds * Math.Pow(2, retriesDone), settings.MaxDelay.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(limit * random);
    }
}
