namespace ImageApi.Client.Http.Retries;

/// <summary>How long to wait before the next attempt, or that there is none: pure.</summary>
internal static class RetryDelay
{
    /// <summary>Decides the wait after a failed attempt.</summary>
    /// <param name="settings">The numbers.</param>
    /// <param name="retry">What the rules allow.</param>
    /// <param name="retriesDone">How many retries there were already.</param>
    /// <param name="maxRetries">How many there may be.</param>
    /// <param name="retryAfter">The server's wish: a minimum.</param>
    /// <param name="remaining">What is left of the call's time.</param>
    /// <param name="random">A random number from 0 to 1.</param>
    /// <returns>The wait, or null when the call ends here.</returns>
    public static TimeSpan? Next(
        RetrySettings settings, RetryAllowance retry, int retriesDone, int maxRetries, TimeSpan? retryAfter, TimeSpan remaining, double random)
    {
        var allowed = retry switch
        {
            RetryAllowance.UpToMaxRetries => maxRetries,
            RetryAllowance.Once => Math.Min(1, maxRetries),
            _ => 0,
        };
        if (retriesDone >= allowed || retryAfter > settings.MaxRetryAfter)
        {
            return null;
        }

        var delay = Backoff(settings, retriesDone, random);
        if (retryAfter > delay)
        {
            delay = retryAfter.Value;
        }

        return delay < remaining ? delay : null;
    }

    /// <summary>Full jitter: anything from nothing to a limit that doubles with every retry, up to a cap.</summary>
    public static TimeSpan Backoff(RetrySettings settings, int retriesDone, double random)
    {
        var limit = Math.Min(settings.BaseDelay.TotalMilliseconds * Math.Pow(2, retriesDone), settings.MaxDelay.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(limit * random);
    }
}
