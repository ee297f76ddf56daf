using System.Buffers;
using System.Text;
using ImageApi.Client.Http;

namespace ImageApi.Client.Media;

/// <summary>
/// Takes an answer in pieces of any size. Base64 texts (members named <c>b64_json</c> and <c>data_base64</c>, and
/// <c>data:…;base64,</c> texts anywhere) are decoded as they come; everything else is kept as it is and parsed at the end,
/// so that the whole document is still validated.
/// </summary>
internal sealed class MediaLifter : IDisposable
{
    public const int MaxMedia = 1000;
    private const int LargeChunk = 128 * 1024;
    private const int SmallChunk = 16 * 1024;
    private const int LongestName = 32;
    private const int LongestDataPrefix = 256;

    /// <summary>All media together may be as large as this many of the largest, or as many as were asked for: without a bound a thousand could fill the memory.</summary>
    private const int LargestMedia = 10;

    private readonly long _maxMediaBytes;
    private readonly long? _contentLength;
    private readonly int _expectedMedia;
    private readonly IMediaStore _store;
    private readonly PooledText _text;
    private readonly List<LiftedMedia> _media = [];
    private readonly byte[] _word = ArrayPool<byte>.Shared.Rent(LongestDataPrefix);

    private EchoWatch _echo = new();
    private JsonEscapes _escapes = new();
    private State _state;
    private Base64Decoder? _decoder;
    private LiftedMedia? _medium;
    private bool _mediumEnded;
    private bool _isEcho;
    private int _wordLength;
    private bool _wordEscaped;
    private bool _mayBeData;
    private byte _last;
    private bool _nameIsBase64;
    private bool _isBase64Member;
    private long _received;
    private long _decoded;

    public MediaLifter(int maxTextBytes, long maxMediaBytes, long? contentLength, int expectedMedia, IMediaStore store)
    {
        _store = store;
        _maxMediaBytes = maxMediaBytes;
        _contentLength = contentLength;
        _expectedMedia = Math.Max(1, expectedMedia);
        _text = new PooledText(maxTextBytes);
    }

    private enum State
    {
        Structure,

        /// <summary>In a text, at whose beginning it is not yet clear whether it is to be lifted.</summary>
        Beginning,
        Text,
        TextEscape,
        Base64,

        /// <summary>In base64 that is none: it is passed over, so that what else the answer says is not lost with it.</summary>
        Broken,
        BrokenEscape,
    }

    /// <summary>Gets a buffer size that fits the answer.</summary>
    public int ChunkSize => _contentLength is null or > SmallChunk ? LargeChunk : SmallChunk;

    private static ReadOnlySpan<byte> DataScheme => "data:"u8;

    /// <summary>Gets what has been kept so far of the answer beside its media.</summary>
    public ReadOnlySpan<byte> KeptText => _text.Span;

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
        while (!rest.IsEmpty && !_mediumEnded);

        _received -= rest.Length;
        return piece.Length - rest.Length;
    }

    /// <summary>Puts away what was decoded of the medium at hand, and ends it if its text has ended.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_medium is not { } medium)
        {
            return;
        }

        if (!_mediumEnded)
        {
            await medium.Sink.FlushAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        _mediumEnded = false;
        _medium = null;
        await medium.Sink.CompleteAsync(!medium.IsBroken, cancellationToken).ConfigureAwait(false);
    }

    public LiftedJson Complete()
    {
        // a text that was never closed: parsing will say so
        var document = ApiAnswer.Parse(_text.Memory);
        return new LiftedJson(document, _media, _text.Detach(), _text.Length);
    }

    public void Dispose()
    {
        _text.Dispose();
        ArrayPool<byte>.Shared.Return(_word);
    }

    private int Step(ReadOnlySpan<byte> piece) => _state switch
    {
        State.Structure => Structure(piece),
        State.Beginning => Beginning(piece),
        State.Text => Text(piece),
        State.TextEscape => Keep(piece, 1, State.Text),
        State.Broken => PassOver(piece),
        State.BrokenEscape => Skip(1, State.Broken),
        _ => Lift(piece),
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
        _echo.Structure(before);
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
        _isEcho = _echo.IsInside;
        _echo.Word(default);
        _last = (byte)'"';
        _wordLength = 0;
        _wordEscaped = false;
        _mayBeData = true;
        return Keep(piece, quote + 1, State.Beginning);
    }

    /// <summary>Holds back the first bytes of a text until it is clear what it is.</summary>
    private int Beginning(ReadOnlySpan<byte> piece)
    {
        var next = piece[0];
        var word = _word.AsSpan(0, _wordLength);
        if (next == (byte)'"' && !_wordEscaped)
        {
            return EndOfWord(piece, word);
        }

        var continuesData = _mayBeData && (_wordLength >= DataScheme.Length || Lower(next) == DataScheme[_wordLength]);
        if (_isBase64Member && (!continuesData || _wordLength == LongestDataPrefix))
        {
            return StartLifting(null, word, piece.Length);
        }

        if (_wordLength == LongestDataPrefix || (!continuesData && _wordLength >= LongestName))
        {
            _nameIsBase64 = false;
            _text.Append(word);
            _state = _wordEscaped ? State.TextEscape : State.Text;
            return 0;
        }

        _mayBeData = continuesData;
        _wordEscaped = next == (byte)'\\' && !_wordEscaped;
        _word[_wordLength++] = next;
        if (next == (byte)',' && _mayBeData && DataType(_word.AsSpan(0, _wordLength)) is { } type)
        {
            StartLifting(type, default, piece.Length);
        }

        return 1;
    }

    /// <summary>A text that ended while it was held back: a name, a short value, or a very short base64 text.</summary>
    private int EndOfWord(ReadOnlySpan<byte> piece, ReadOnlySpan<byte> word)
    {
        if (_isBase64Member && !word.IsEmpty)
        {
            return StartLifting(null, word, piece.Length);
        }

        _nameIsBase64 = word.SequenceEqual("b64_json"u8) || word.SequenceEqual("data_base64"u8);
        _echo.Word(word);
        _text.Append(word);
        return Keep(piece, 1, State.Structure);
    }

    private int StartLifting(string? type, ReadOnlySpan<byte> word, int pieceLength)
    {
        if (_media.Count == MaxMedia)
        {
            throw AnswerException.TooLarge($"The answer holds more than {MaxMedia} media.");
        }

        _medium = new LiftedMedia(_isEcho ? new NullSink() : _store.Open(CapacityFor(pieceLength), type), type, _isEcho);
        _decoder = new Base64Decoder(_medium.Sink, _maxMediaBytes);
        _state = _decoder.TryAppend(word) ? State.Base64 : _wordEscaped ? State.BrokenEscape : State.Broken;
        return 0;
    }

    private int Lift(ReadOnlySpan<byte> piece)
    {
        if (_escapes.IsOpen)
        {
            var closed = _escapes.Feed(piece[0], out var character);
            if (closed ? !_decoder!.TryAppend([character]) : !_escapes.IsOpen)
            {
                _state = State.Broken;
            }

            return 1;
        }

        var end = piece.IndexOfAny((byte)'"', (byte)'\\');
        if (!_decoder!.TryAppend(end < 0 ? piece : piece.Slice(0, end)))
        {
            return Skip(0, State.Broken);
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

        EndMedium(isWhole: _decoder.TryComplete());
        return end + 1;
    }

    private int PassOver(ReadOnlySpan<byte> piece)
    {
        var end = piece.IndexOfAny((byte)'"', (byte)'\\');
        if (end < 0)
        {
            return piece.Length;
        }

        if (piece[end] == (byte)'\\')
        {
            return Skip(end + 1, State.BrokenEscape);
        }

        EndMedium(isWhole: false);
        return end + 1;
    }

    private int Skip(int count, State next)
    {
        _state = next;
        return count;
    }

    private void EndMedium(bool isWhole)
    {
        _decoded += _isEcho ? 0 : _medium!.Sink.Length;
        var most = (decimal)_maxMediaBytes * Math.Max(_expectedMedia, LargestMedia);
        if (_decoded > most)
        {
            throw AnswerException.TooLarge($"The media in the answer are larger than {most} bytes together (Limits.MaxMediaBytes).");
        }

        _text.Append(Encoding.UTF8.GetBytes(LiftedJson.Mark(_media.Count) + "\""));
        _medium!.IsBroken = !isWhole;
        _media.Add(_medium);
        _mediumEnded = true;
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

        var left = Math.Max(0, length - _received + pieceLength) / (_expectedMedia - _media.Count);
        return (int)Math.Min((left / 4 * 3) + 3, Math.Min(_maxMediaBytes + 3, int.MaxValue - 64));
    }

    private static string? DataType(ReadOnlySpan<byte> word)
    {
        var prefix = Encoding.UTF8.GetString(word.Slice(DataScheme.Length, word.Length - DataScheme.Length - 1)).Replace("\\", string.Empty);
        return prefix.EndsWith(";base64", StringComparison.OrdinalIgnoreCase) ? prefix.Split(';')[0] : null;
    }

    private static byte Lower(byte character) => character is >= (byte)'A' and <= (byte)'Z' ? (byte)(character | 0x20) : character;
}
