using System.Buffers;
using System.Buffers.Text;

namespace ImageApi.Client.Buffers;

/// <summary>Decodes a base64 text that comes in pieces. White space is passed over.</summary>
internal sealed class StreamingBase64Decoder(IBufferWriter<byte> target, long maxBytes)
{
    private readonly byte[] _pending = new byte[4];
    private long _length;
    private int _pendingCount;
    private bool _isPadded;

    /// <summary>Decodes a piece.</summary>
    /// <returns>False when the text is not base64.</returns>
    public bool TryAppend(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            if (_pendingCount == 0 && !_isPadded && text.Length >= 4)
            {
                // whole groups of four up to the next white space; anything unusual is left for the slow way
                var blank = text.IndexOfAny(WhiteSpace);
                var groups = text.Slice(0, (blank < 0 ? text.Length : blank) & ~3);
                Base64.DecodeFromUtf8(groups, Reserve(groups.Length / 4 * 3), out var consumed, out var written, isFinalBlock: false);
                Advance(written);
                text = text.Slice(consumed);
                if (text.IsEmpty)
                {
                    return true;
                }
            }

            if (!TryAppendOne(text[0]))
            {
                return false;
            }

            text = text.Slice(1);
        }

        return true;
    }

    /// <summary>Ends the text.</summary>
    /// <returns>False when it ends in the middle.</returns>
    public bool TryComplete()
    {
        // a text without padding is completed: some encoders leave it out
        while (_pendingCount is > 1 and < 4)
        {
            _pending[_pendingCount++] = (byte)'=';
        }

        if (_pendingCount > 0 && !TryDecodePending())
        {
            return false;
        }

        if (_length > maxBytes)
        {
            throw TooLarge();
        }

        return true;
    }

    private static ReadOnlySpan<byte> WhiteSpace => " \t\r\n"u8;

    private bool TryAppendOne(byte character)
    {
        if (WhiteSpace.IndexOf(character) >= 0)
        {
            return true;
        }

        if (_isPadded)
        {
            return false;
        }

        _pending[_pendingCount++] = character;
        return _pendingCount < _pending.Length || TryDecodePending();
    }

    private bool TryDecodePending()
    {
        if (_pendingCount < _pending.Length || Base64.DecodeFromUtf8(_pending, Reserve(3), out _, out var written) != OperationStatus.Done)
        {
            return false;
        }

        Advance(written);
        _pendingCount = 0;
        _isPadded = written < 3;
        return true;
    }

    private Span<byte> Reserve(int count) => _length + count > maxBytes + 3 ? throw TooLarge() : target.GetSpan(count);

    private void Advance(int count)
    {
        target.Advance(count);
        _length += count;
    }

    private SizeLimitException TooLarge() => new($"A medium in the answer is larger than {maxBytes} bytes (Limits.MaxMediaBytes).");
}
