namespace ImageApi.Client;

/// <summary>The caller's own token canceled the call.</summary>
/// <remarks>
/// Cancellation stops the wait on this side; it does not cancel a job at the server, since the API documents no way to do that.
/// <see cref="OperationCanceledException.CancellationToken"/> is the caller's token.
/// </remarks>
public sealed class ImageApiCanceledException : OperationCanceledException
{
    private RequestInfo _info = new();

    /// <summary>Initializes an exception. The library throws its own; this constructor is for test doubles.</summary>
    /// <param name="message">What was canceled, without secrets; null for the message of the platform.</param>
    /// <param name="innerException">The cause; null for none.</param>
    /// <param name="token">The caller's token.</param>
    public ImageApiCanceledException(string? message = null, Exception? innerException = null, CancellationToken token = default)
        : base(message, innerException, token)
    {
    }

    /// <inheritdoc cref="ImageApiException.Info"/>
    public RequestInfo Info { get => _info; init => _info = value; }

    /// <inheritdoc cref="ImageApiException.Outcome"/>
    public RequestOutcome Outcome => Info.Outcome;

    /// <inheritdoc cref="ImageApiException.JobId"/>
    public string? JobId => Info.JobId;

    /// <inheritdoc cref="ImageApiException.RequestId"/>
    public string? RequestId => Info.RequestId;

    internal void SetInfo(RequestInfo info) => _info = info;
}
