namespace ImageApi.Client.Diagnostics.Internal;

/// <summary>What the way to the wire tells to whoever watches a call.</summary>
internal interface IAttemptObserver
{
    /// <summary>Takes the id of the request's answer, cleaned.</summary>
    void OnResponse(string? requestId);

    /// <summary>Takes note that the request is to be sent again.</summary>
    /// <param name="attempt">The number of the attempt that failed.</param>
    /// <param name="delay">How long to wait before the next.</param>
    /// <param name="reason">Why.</param>
    void OnRetry(int attempt, TimeSpan delay, string reason);
}
