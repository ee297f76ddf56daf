namespace ImageApi.Client.Diagnostics.Internal;

/// <summary>Receives the events of the attempts of one call.</summary>
internal interface IAttemptObserver
{
    /// <summary>Records the sanitized request id of the response.</summary>
    void OnResponse(string? requestId);

    /// <summary>Records a retry.</summary>
    /// <param name="attempt">The number of the attempt that failed.</param>
    /// <param name="delay">The delay before the next attempt.</param>
    /// <param name="reason">The reason for the retry.</param>
    void OnRetry(int attempt, TimeSpan delay, string reason);
}
