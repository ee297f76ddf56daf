namespace ImageApi.Client.Diagnostics;

/// <summary>What the way to the wire tells to whoever watches a call.</summary>
internal interface ICallWatch
{
    /// <summary>Takes the id of the request's answer, cleaned.</summary>
    void Answered(string? requestId);

    /// <summary>Takes note that the request is to be sent again.</summary>
    /// <param name="attempt">The number of the attempt that failed.</param>
    /// <param name="wait">How long to wait before the next.</param>
    /// <param name="reason">Why.</param>
    void Retrying(int attempt, TimeSpan wait, string reason);
}
