using ImageApi.Client.Media.Formats;

namespace ImageApi.Client.Media.Sources;

/// <summary>A stream, from the position where it stood. A stream of the caller's is left open.</summary>
internal class StreamSource : ContentSource
{
    private readonly byte[] _head = new byte[FileSignature.HeadLength];
    private readonly bool _leaveOpen;
    private readonly long _start;
    private int _headLength;
    private int _headPosition;
    private bool _consumed;

    protected StreamSource(Stream stream, long start, bool leaveOpen)
    {
        Stream = stream;
        _leaveOpen = leaveOpen;
        _start = start;
        Length = stream.CanSeek ? Math.Max(0, stream.Length - _start) : null;
    }

    public override bool CanReplay => Stream.CanSeek;

    public override long? Length { get; }

    public override bool IsEmpty => _headLength == 0;

    protected Stream Stream { get; }

    /// <summary>
    /// Takes a stream of the caller's as it stands now. Every call that opens it begins where it stood; one that cannot
    /// go back is opened once: a second call would send nothing, and be paid for.
    /// </summary>
    public static Func<CancellationToken, ValueTask<ContentSource>> From(Stream stream)
    {
        var start = stream.CanSeek ? stream.Position : 0;
        var used = 0;
        return async cancellationToken =>
        {
            if (stream.CanSeek)
            {
                stream.Position = start;
            }
            else if (Interlocked.Exchange(ref used, 1) != 0)
            {
                throw new InvalidOperationException("The stream cannot seek, and was read for an earlier call.");
            }

            var source = new StreamSource(stream, start, leaveOpen: true);
            await source.ReadHeadAsync(cancellationToken).ConfigureAwait(false);
            return source;
        };
    }

    public override ValueTask RewindAsync(CancellationToken cancellationToken)
    {
        if (Stream.CanSeek)
        {
            Stream.Position = _start;
            _headPosition = _headLength;
        }
        else if (_consumed)
        {
            throw new InvalidOperationException("The stream cannot seek, and has been read already.");
        }

        return default;
    }

    protected async ValueTask ReadHeadAsync(CancellationToken cancellationToken)
    {
        int count;
        while (_headLength < _head.Length
            && (count = await Stream.ReadAsync(_head.AsMemory(_headLength), cancellationToken).ConfigureAwait(false)) > 0)
        {
            _headLength += count;
        }

        DetectedMimeType = FileSignature.Detect(_head.AsSpan(0, _headLength));
    }

    protected internal override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        _consumed = true;
        if (_headPosition < _headLength)
        {
            var count = Math.Min(buffer.Length, _headLength - _headPosition);
            _head.AsMemory(_headPosition, count).CopyTo(buffer);
            _headPosition += count;
            return count;
        }

        return await Stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_leaveOpen)
        {
            Stream.Dispose();
        }

        base.Dispose(disposing);
    }
}
