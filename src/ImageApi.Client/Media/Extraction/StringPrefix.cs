using System.Buffers;
using System.Text;

namespace ImageApi.Client.Media.Extraction;

/// <summary>The first bytes of a JSON string, held back until it is clear whether the string is a medium.</summary>
internal struct StringPrefix()
{
    private const int MaxNameLength = 32;
    private const int MaxLength = 256;
    private readonly byte[] _bytes = ArrayPool<byte>.Shared.Rent(MaxLength);
    private int _length;
    private bool _mayBeData;

    /// <summary>Gets the bytes that were held back.</summary>
    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, _length);

    /// <summary>Gets a value indicating whether the next byte is escaped by a backslash.</summary>
    public bool IsEscaped { get; private set; }

    private static ReadOnlySpan<byte> DataScheme => "data:"u8;

    public void Clear()
    {
        _length = 0;
        IsEscaped = false;
        _mayBeData = true;
    }

    /// <summary>Returns whether the string can still be a <c>data:</c> URL when it continues with a byte.</summary>
    public bool MayBeData(byte next) => _mayBeData && _length < MaxLength && (_length >= DataScheme.Length || Lower(next) == DataScheme[_length]);

    /// <summary>Returns whether the string, which is no base64 member, is longer than a name that matters or a <c>data:</c> prefix.</summary>
    public bool IsPlainText(byte next) => _length == MaxLength || (!MayBeData(next) && _length >= MaxNameLength);

    /// <summary>Holds back one more byte.</summary>
    /// <returns>The media type when the byte completes a <c>data:…;base64,</c> prefix; else null.</returns>
    public string? Append(byte next)
    {
        _mayBeData = MayBeData(next);
        IsEscaped = next == (byte)'\\' && !IsEscaped;
        _bytes[_length++] = next;
        return next == (byte)',' && _mayBeData ? DataType(Span) : null;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);

    private static string? DataType(ReadOnlySpan<byte> prefixBytes)
    {
        var prefix = Encoding.UTF8.GetString(prefixBytes.Slice(DataScheme.Length, prefixBytes.Length - DataScheme.Length - 1))
            .Replace("\\", string.Empty);
        return prefix.EndsWith(";base64", StringComparison.OrdinalIgnoreCase) ? prefix.Split(';')[0] : null;
    }

    private static byte Lower(byte character) => character is >= (byte)'A' and <= (byte)'Z' ? (byte)(character | 0x20) : character;
}
