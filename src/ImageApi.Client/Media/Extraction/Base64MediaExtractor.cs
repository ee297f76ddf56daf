using System.Buffers;
using System.Text;
using ImageApi.Client.Buffers;
using ImageApi.Client.Http;
using ImageApi.Client.Media.Destinations;

namespace ImageApi.Client.Media.Extraction;

/// <summary>
/// Takes an answer in pieces of any size. Base64 texts (members named <c>b64_json</c> and <c>data_base64</c>, and
/// <c>data:…;base64,</c> texts anywhere) are decoded as they come; everything else is kept as it is and parsed at the end,
/// so that the whole document is still validated.
/// </summary>
internal sealed class Base64MediaExtractor : IDisposable
{
    public const int MaxMedia = 1000;
    private const int LargeChunk = 128 * 1024;
    private const int SmallChunk = 16 * 1024;
    private const int MaxNameLength = 32;
    private const int MaxDataPrefixLength = 256;

    /// <summary>All media together may be as large as this many of the largest, or as many as were asked for: without a bound a thousand could fill the memory.</summary>
    private const int MinTotalFactor = 10;

    private readonly long _maxMediaBytes;
    private readonly long? _contentLength;
    private readonly int _expectedMedia;
    private readonly IMediaStore _store;
    private readonly PooledByteBuffer _text;
    private readonly List<ExtractedMedia> _media = [];
    private readonly byte[] _held = ArrayPool<byte>.Shared.Rent(MaxDataPrefixLength);

    private EchoedInputTracker _echoedInput = new();
    private JsonEscapeDecoder _escapes = new();
    private State _state;
    private StreamingBase64Decoder? _decoder;
    private ExtractedMedia? _current;
    private bool _isCurrentEnded;
    private bool _isEchoedInput;
    private int _heldLength;
    private bool _isHeldEscaped;
    private bool _mayBeData;
    private byte _last;
    private bool _nameIsBase64;
    private bool _isBase64Member;
    private long _received;
    private long _decoded;

    public Base64MediaExtractor(int maxTextBytes, long maxMediaBytes, long? contentLength, int expectedMedia, IMediaStore store)
    {
        _store = store;
        _maxMediaBytes = maxMediaBytes;
        _contentLength = contentLength;
        _expectedMedia = Math.Max(1, expectedMedia);
        _text = new PooledByteBuffer(maxTextBytes);
    }

    private enum State
    {
        Structure,

        /// <summary>In a text, at whose beginning it is not yet clear whether it is to be lifted.</summary>
        StringStart,
        Text,
        TextEscape,
        Base64,

        /// <summary>In base64 that is none: it is passed over, so that what else the answer says is not lost with it.</summary>
        Invalid,
        InvalidEscape,
    }

    /// <summary>Gets a buffer size that fits the answer.</summary>
    public int ChunkSize => _contentLength is null or > SmallChunk ? LargeChunk : SmallChunk;

    private static ReadOnlySpan<byte> DataScheme => "data:"u8;

    /// <summary>Gets what has been kept so far of the answer beside its media.</summary>
    public ReadOnlySpan<byte> RemainingJson => _text.Span;

    /// <summary>Takes the next piece of the answer, whole or up to the end of a medium. <see cref="FlushAsync"/> is to be called before the rest is fed.</summary>
    /// <returns>How many bytes were taken.</returns>
    public int Feed(ReadOnlySpan<byte> piece)
    {
        _received += piece.Length;
        var rest = piece;
        do
        {
            rest = rest.Slice(Step(rest));
        }
        while (!rest.IsEmpty && !_isCurrentEnded);

        _received -= rest.Length;
        return piece.Length - rest.Length;
    }

    /// <summary>Puts away what was decoded of the medium at hand, and ends it if its text has ended.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_current is not { } medium)
        {
            return;
        }

        if (!_isCurrentEnded)
        {
            await medium.Sink.FlushAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        _isCurrentEnded = false;
        _current = null;
        await medium.Sink.CompleteAsync(!medium.IsInvalid, cancellationToken).ConfigureAwait(false);
    }

    public ExtractedJson Complete()
    {
        // a text that was never closed: parsing will say so
        var document = ApiResponse.Parse(_text.Memory);
        return new ExtractedJson(document, _media, _text.Detach(), _text.Length);
    }

    public void Dispose()
    {
        _text.Dispose();
        ArrayPool<byte>.Shared.Return(_held);
    }

    private int Step(ReadOnlySpan<byte> piece) => _state switch
    {
        State.Structure => Structure(piece),
        State.StringStart => StringStart(piece),
        State.Text => Text(piece),
        State.TextEscape => Keep(piece, 1, State.Text),
        State.Invalid => SkipInvalid(piece),
        State.InvalidEscape => Skip(1, State.Invalid),
        _ => Extract(piece),
    };

    private int Keep(ReadOnlySpan<byte> piece, int count, State next)
    {
        _text.Append(piece.Slice(0, count));
        _state = next;
        return count;
    }

    private int Structure(ReadOnlySpan<byte> piece)
    {
        var quote = piece.IndexOf((byte)'"');
        var before = quote < 0 ? piece : piece.Slice(0, quote);
        _echoedInput.OnStructure(before);
        var trimmed = before.TrimEnd(" \t\r\n"u8);
        if (!trimmed.IsEmpty)
        {
            _last = trimmed[trimmed.Length - 1];
        }

        if (quote < 0)
        {
            return Keep(piece, piece.Length, State.Structure);
        }

        _isBase64Member = _last == (byte)':' && _nameIsBase64;
        _isEchoedInput = _echoedInput.IsInsideEcho;
        _echoedInput.OnString(default);
        _last = (byte)'"';
        _heldLength = 0;
        _isHeldEscaped = false;
        _mayBeData = true;
        return Keep(piece, quote + 1, State.StringStart);
    }

    /// <summary>Holds back the first bytes of a text until it is clear what it is.</summary>
    private int StringStart(ReadOnlySpan<byte> piece)
    {
        var next = piece[0];
        var held = _held.AsSpan(0, _heldLength);
        if (next == (byte)'"' && !_isHeldEscaped)
        {
            return EndShortString(piece, held);
        }

        var continuesData = _mayBeData && (_heldLength >= DataScheme.Length || Lower(next) == DataScheme[_heldLength]);
        if (_isBase64Member && (!continuesData || _heldLength == MaxDataPrefixLength))
        {
            return StartMedia(null, held, piece.Length);
        }

        if (_heldLength == MaxDataPrefixLength || (!continuesData && _heldLength >= MaxNameLength))
        {
            _nameIsBase64 = false;
            _text.Append(held);
            _state = _isHeldEscaped ? State.TextEscape : State.Text;
            return 0;
        }

        _mayBeData = continuesData;
        _isHeldEscaped = next == (byte)'\\' && !_isHeldEscaped;
        _held[_heldLength++] = next;
        if (next == (byte)',' && _mayBeData && DataType(_held.AsSpan(0, _heldLength)) is { } type)
        {
            StartMedia(type, default, piece.Length);
        }

        return 1;
    }

    /// <summary>A text that ended while it was held back: a name, a short value, or a very short base64 text.</summary>
    private int EndShortString(ReadOnlySpan<byte> piece, ReadOnlySpan<byte> held)
    {
        if (_isBase64Member && !held.IsEmpty)
        {
            return StartMedia(null, held, piece.Length);
        }

        _nameIsBase64 = held.SequenceEqual("b64_json"u8) || held.SequenceEqual("data_base64"u8);
        _echoedInput.OnString(held);
        _text.Append(held);
        return Keep(piece, 1, State.Structure);
    }

    private int StartMedia(string? type, ReadOnlySpan<byte> held, int pieceLength)
    {
        if (_media.Count == MaxMedia)
        {
            throw new SizeLimitException($"The answer holds more than {MaxMedia} media.");
        }

        _current = new ExtractedMedia(_isEchoedInput ? new NullSink() : _store.Open(CapacityFor(pieceLength), type), type, _isEchoedInput);
        _decoder = new StreamingBase64Decoder(_current.Sink, _maxMediaBytes);
        _state = _decoder.TryAppend(held) ? State.Base64 : _isHeldEscaped ? State.InvalidEscape : State.Invalid;
        return 0;
    }

    private int Extract(ReadOnlySpan<byte> piece)
    {
        if (_escapes.IsOpen)
        {
            var closed = _escapes.Feed(piece[0], out var character);
            if (closed ? !_decoder!.TryAppend([character]) : !_escapes.IsOpen)
            {
                _state = State.Invalid;
            }

            return 1;
        }

        var end = piece.IndexOfAny((byte)'"', (byte)'\\');
        if (!_decoder!.TryAppend(end < 0 ? piece : piece.Slice(0, end)))
        {
            return Skip(0, State.Invalid);
        }

        if (end < 0)
        {
            return piece.Length;
        }

        if (piece[end] == (byte)'\\')
        {
            _escapes.Open();
            return end + 1;
        }

        EndMedia(isWhole: _decoder.TryComplete());
        return end + 1;
    }

    private int SkipInvalid(ReadOnlySpan<byte> piece)
    {
        var end = piece.IndexOfAny((byte)'"', (byte)'\\');
        if (end < 0)
        {
            return piece.Length;
        }

        if (piece[end] == (byte)'\\')
        {
            return Skip(end + 1, State.InvalidEscape);
        }

        EndMedia(isWhole: false);
        return end + 1;
    }

    private int Skip(int count, State next)
    {
        _state = next;
        return count;
    }

    private void EndMedia(bool isWhole)
    {
        _decoded += _isEchoedInput ? 0 : _current!.Sink.Length;
        var maxTotal = (decimal)_maxMediaBytes * Math.Max(_expectedMedia, MinTotalFactor);
        if (_decoded > maxTotal)
        {
            throw new SizeLimitException($"The media in the answer are larger than {maxTotal} bytes together (Limits.MaxMediaBytes).");
        }

        _text.Append(Encoding.UTF8.GetBytes(ExtractedJson.Placeholder(_media.Count) + "\""));
        _current!.IsInvalid = !isWhole;
        _media.Add(_current);
        _isCurrentEnded = true;
        _decoder = null;
        _nameIsBase64 = false;
        _state = State.Structure;
    }

    private int Text(ReadOnlySpan<byte> piece)
    {
        var end = piece.IndexOfAny((byte)'"', (byte)'\\');
        return end < 0 ? Keep(piece, piece.Length, State.Text) : Keep(piece, end + 1, piece[end] == (byte)'"' ? State.Structure : State.TextEscape);
    }

    /// <summary>An array of the medium's size, where the answer's length tells it: not for more media than were asked for, among which the rest cannot be shared out.</summary>
    private int CapacityFor(int pieceLength)
    {
        if (_contentLength is not { } length || _media.Count >= _expectedMedia)
        {
            return 0;
        }

        var remaining = Math.Max(0, length - _received + pieceLength) / (_expectedMedia - _media.Count);
        return (int)Math.Min((remaining / 4 * 3) + 3, Math.Min(_maxMediaBytes + 3, int.MaxValue - 64));
    }

    private static string? DataType(ReadOnlySpan<byte> prefixBytes)
    {
        var prefix = Encoding.UTF8.GetString(prefixBytes.Slice(DataScheme.Length, prefixBytes.Length - DataScheme.Length - 1)).Replace("\\", string.Empty);
        return prefix.EndsWith(";base64", StringComparison.OrdinalIgnoreCase) ? prefix.Split(';')[0] : null;
    }

    private static byte Lower(byte character) => character is >= (byte)'A' and <= (byte)'Z' ? (byte)(character | 0x20) : character;
}
