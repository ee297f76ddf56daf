using System.Buffers;
using ImageApi.Client.Media.Formats;

namespace ImageApi.Client.Media.Destinations;

/// <summary>Takes the bytes of one medium while they are decoded out of an answer.</summary>
internal abstract class MediaSink : IBufferWriter<byte>
{
    private readonly byte[] _head = new byte[FileSignature.HeadLength];
    private int _headLength;

    /// <summary>Gets how many bytes it has taken.</summary>
    public long Length { get; private set; }

    /// <summary>Gets a value indicating whether the medium is whole: all of it was decoded and put away.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Gets the bytes, where they are kept in memory.</summary>
    public virtual ReadOnlyMemory<byte>? Bytes => null;

    /// <summary>Gets the media type that the first bytes show; null for one that is not known.</summary>
    public string? DetectedType => FileSignature.Detect(_head.AsSpan(0, _headLength));

    /// <summary>Makes media of those among sinks that are whole, for an answer that was not read to its end.</summary>
    public static IReadOnlyList<GeneratedMedia> WholeOf(IEnumerable<MediaSink>? sinks) => sinks is null ? [] :
    [
        .. sinks.Where(static sink => sink is { IsWhole: true, Length: > 0 } and not StreamedSink { Failure: not null }).Select(static sink => new GeneratedMedia
        {
            Kind = MediaTypes.KindOf(sink.DetectedType) ?? MediaKind.Image,
            Data = sink.Bytes,
            MimeType = sink.DetectedType,
            StreamIndex = (sink as StreamSink)?.Index,
        }),
    ];

    public void Advance(int count)
    {
        if (_headLength < _head.Length && count > 0)
        {
            var piece = Written(count);
            var head = piece.Slice(0, Math.Min(piece.Length, _head.Length - _headLength));
            head.CopyTo(_head.AsSpan(_headLength));
            _headLength += head.Length;
        }

        Length += count;
        Commit(count);
    }

    public abstract Span<byte> GetSpan(int sizeHint = 0);

    public Memory<byte> GetMemory(int sizeHint = 0) => throw new NotSupportedException();

    /// <summary>Puts away what has been taken since the last time.</summary>
    public virtual ValueTask FlushAsync(CancellationToken cancellationToken) => default;

    /// <summary>Ends the medium; what is not whole is thrown away where that can be done.</summary>
    public async ValueTask CompleteAsync(bool isWhole, CancellationToken cancellationToken)
    {
        await EndAsync(isWhole, cancellationToken).ConfigureAwait(false);
        IsWhole = isWhole;
    }

    /// <summary>Gets what was written into the last span.</summary>
    protected abstract ReadOnlySpan<byte> Written(int count);

    protected abstract void Commit(int count);

    protected virtual ValueTask EndAsync(bool isWhole, CancellationToken cancellationToken) => default;
}
