using ImageApi.Client.Exceptions.Internal;

namespace ImageApi.Client.Media.Destinations;

/// <summary>Where a download is written to.</summary>
internal interface IMediaTarget
{
    /// <summary>Gets a value indicating whether what was written can be thrown away.</summary>
    bool CanReset { get; }

    /// <summary>Throws away what was written, if anything was.</summary>
    /// <returns>False when that cannot be done.</returns>
    bool TryReset();

    /// <summary>Writes a piece. Errors of the target's own are thrown as <see cref="CallerIOException"/>.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken);
}
