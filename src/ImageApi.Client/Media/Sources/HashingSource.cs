using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using ImageApi.Client.Exceptions.Internal;

namespace ImageApi.Client.Media.Sources;

/// <summary>
/// A source that was read once to know its SHA-256. When it is sent and other bytes come it fails before the last of them,
/// so that no server ever takes them for what the hash stands for. The source itself is left open.
/// </summary>
internal sealed class HashingSource : ContentSource
{
    private readonly ContentSource _inner;
    private readonly IncrementalHash _passing = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    private HashingSource(ContentSource inner)
    {
        _inner = inner;
        DetectedMimeType = inner.DetectedMimeType;
    }

    /// <summary>Gets the SHA-256 of the bytes, as text.</summary>
    public string Hash { get; private set; } = string.Empty;

    public override bool CanReplay => _inner.CanReplay;

    public override long? Length => _inner.Length;

    public override bool IsEmpty => _inner.IsEmpty;

    /// <summary>Reads a source that can be repeated to its end, in pieces.</summary>
    public static async ValueTask<HashingSource> ReadAsync(ContentSource source, CancellationToken cancellationToken)
    {
        var hashed = new HashingSource(source);
        try
        {
            await hashed.CopyToAsync(static (_, _) => default, cancellationToken).ConfigureAwait(false);
            return hashed;
        }
        catch (CallerIOException e)
        {
            hashed.Dispose();
            ExceptionDispatchInfo.Capture(e.Cause).Throw();
            throw;
        }
        catch (Exception)
        {
            hashed.Dispose();
            throw;
        }
    }

    public override ValueTask RewindAsync(CancellationToken cancellationToken)
    {
        _passing.GetHashAndReset();
        return _inner.RewindAsync(cancellationToken);
    }

    protected internal override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        var count = await _inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (count > 0)
        {
            _passing.AppendData(buffer.Span.Slice(0, count));
            return count;
        }

        var hash = Convert.ToBase64String(_passing.GetHashAndReset());
        if (Hash.Length > 0 && hash != Hash)
        {
            throw new IOException("The reference image was changed while it was uploaded.");
        }

        Hash = hash;
        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _passing.Dispose();
        }

        base.Dispose(disposing);
    }
}
