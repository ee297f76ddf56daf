using System.Buffers;
using ImageApi.Client.Buffers;

namespace ImageApi.Client.Media.Extraction;

/// <summary>Decodes the base64 of a JSON string up to its closing quote. Invalid base64 is skipped, so that the rest of the response can be read.</summary>
internal struct Base64StringDecoder(IBufferWriter<byte> target, long maxBytes)
{
    private readonly StreamingBase64Decoder _decoder = new(target, maxBytes);
    private JsonEscapeDecoder _escapes = new();
    private bool _isSkippedEscape;

    /// <summary>Gets a value indicating whether the string is not base64.</summary>
    public bool IsInvalid { get; private set; }

    /// <summary>Decodes the first bytes of the string, which contain no closing quote.</summary>
    public void Start(ReadOnlySpan<byte> text, bool endsInEscape)
    {
        IsInvalid = !_decoder.TryAppend(text);
        _isSkippedEscape = IsInvalid && endsInEscape;
    }

    /// <summary>Decodes the next bytes of the string.</summary>
    /// <returns>How many bytes were consumed.</returns>
    public int Feed(ReadOnlySpan<byte> piece, out bool isEnded)
    {
        isEnded = false;
        if (_isSkippedEscape)
        {
            _isSkippedEscape = false;
            return 1;
        }

        if (_escapes.IsOpen)
        {
            var isClosed = _escapes.Feed(piece[0], out var character);
            IsInvalid = isClosed ? !_decoder.TryAppend([character]) : !_escapes.IsOpen;
            return 1;
        }

        var end = piece.IndexOfAny((byte)'"', (byte)'\\');
        IsInvalid = IsInvalid || !_decoder.TryAppend(end < 0 ? piece : piece.Slice(0, end));
        if (end < 0)
        {
            return piece.Length;
        }

        if (piece[end] == (byte)'"')
        {
            isEnded = true;
            IsInvalid = IsInvalid || !_decoder.TryComplete();
        }
        else if (IsInvalid)
        {
            _isSkippedEscape = true;
        }
        else
        {
            _escapes.Open();
        }

        return end + 1;
    }
}
