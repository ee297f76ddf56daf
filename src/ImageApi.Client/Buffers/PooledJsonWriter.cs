using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ImageApi.Client.Buffers;

/// <summary>Takes JSON while it is written, in a pooled array, and gives it out as one of its own: a pooled one must not be on its way to the wire when it is given back. It is used again itself.</summary>
internal sealed class PooledJsonWriter : IBufferWriter<byte>
{
    private const int FirstBuffer = 1024;

    // non-ASCII stays as it is: escaped, a Chinese prompt doubles in size
    private static readonly JsonWriterOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = false };
    private static readonly InstancePool<PooledJsonWriter> Pool = new();
    private byte[] _bytes = [];
    private int _length;

    private PooledJsonWriter() => Json = new Utf8JsonWriter(this, Unescaped);

    /// <summary>Gets what writes into it.</summary>
    public Utf8JsonWriter Json { get; }

    /// <summary>Gets an empty one. Whoever takes it gives it back.</summary>
    public static PooledJsonWriter Rent()
    {
        var writer = Pool.Rent() ?? new PooledJsonWriter();
        writer._bytes = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        return writer;
    }

    public void Return()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _length = 0;
        Json.Reset();
        Pool.Return(this);
    }

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        if (_bytes.Length - _length <= sizeHint)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, checked(_length + sizeHint + 1)));
            _bytes.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        return _bytes.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public byte[] ToArray()
    {
        Json.Flush();
        return _bytes.AsSpan(0, _length).ToArray();
    }
}
