using ImageApi.Client.Buffers;

namespace ImageApi.Client.Media.Destinations;

/// <summary>Keeps a medium in one array of its size.</summary>
/// <param name="capacity">The size that is likely; 0 where nothing tells it.</param>
/// <param name="maxBytes">The maximum size; the buffer does not grow beyond it.</param>
internal sealed class MemorySink(int capacity, long maxBytes) : MediaSink
{
    /// <summary>What an array may hold; below it, so that the last group of a text that ends early still fits.</summary>
    private const int MaxArrayLength = int.MaxValue - 64;

    private byte[] _bytes = capacity > 0 ? new byte[capacity] : [];
    private int _length;

    public override ReadOnlyMemory<byte>? Bytes => _bytes.AsMemory(0, _length);

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        var needed = (long)_length + sizeHint;
        if (needed > MaxArrayLength)
        {
            throw new SizeLimitException($"A medium in the answer is larger than the {MaxArrayLength} bytes that fit into memory at once.");
        }

        if (needed > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)Math.Max(needed, Math.Min(Math.Min(_bytes.Length * 2L, maxBytes + 3), MaxArrayLength)));
        }

        return _bytes.AsSpan(_length);
    }

    protected override ReadOnlySpan<byte> Written(int count) => _bytes.AsSpan(_length, count);

    protected override void Commit(int count) => _length += count;

    protected override ValueTask EndAsync(bool isWhole, CancellationToken cancellationToken)
    {
        if (!isWhole)
        {
            _bytes = [];
            _length = 0;
        }
        else if (_length < _bytes.Length / 2)
        {
            // a length that was announced for more than this medium would be held on to as long as it lives
            Array.Resize(ref _bytes, _length);
        }

        return default;
    }
}
