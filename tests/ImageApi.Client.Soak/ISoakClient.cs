namespace ImageApi.Client.Soak;

/// <summary>A client under trial.</summary>
internal interface ISoakClient : IDisposable
{
    /// <summary>Buys one picture and saves it.</summary>
    /// <param name="number">The number of the call.</param>
    /// <param name="prompt">A prompt of its own.</param>
    /// <param name="cancellationToken">The watchdog.</param>
    /// <returns>How it ended.</returns>
    Task<CallOutcome> CallAsync(int number, string prompt, CancellationToken cancellationToken);
}
