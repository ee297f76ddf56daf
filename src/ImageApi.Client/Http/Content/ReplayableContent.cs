using System.Net.Http.Headers;
using ImageApi.Client.Exceptions.Internal;

namespace ImageApi.Client.Http.Content;

/// <summary>What a request carries: fixed before the first attempt, written anew for each.</summary>
internal abstract class ReplayableContent : IDisposable
{
    /// <summary>Gets a value indicating whether the same bytes can be written again.</summary>
    public virtual bool CanReplay => true;

    /// <summary>Gets the exact length in bytes; null when it is not known.</summary>
    public abstract long? Length { get; }

    public abstract MediaTypeHeaderValue MediaType { get; }

    /// <summary>Makes ready before each attempt: opens, rewinds, and fails when a source has changed since the first.</summary>
    public virtual ValueTask PrepareAsync(CancellationToken cancellationToken) => default;

    /// <summary>Writes the body. Errors of a source of the caller's are thrown as <see cref="CallerIOException"/>.</summary>
    public abstract Task WriteAsync(Stream target, CancellationToken cancellationToken);

    /// <summary>Is called when the server found fault with what the body says.</summary>
    public virtual void OnRejected()
    {
    }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }
}
