using System.Text;
using ImageApi.Client.Buffers;
using ImageApi.Client.Http;
using ImageApi.Client.Media.Destinations;

namespace ImageApi.Client.Media.Extraction;

/// <summary>
/// Reads a response in chunks of any size. Base64 strings (members named <c>b64_json</c> and <c>data_base64</c>, and
/// <c>data:…;base64,</c> strings anywhere) are decoded as they arrive; all other JSON is kept unchanged and parsed at the end,
/// so that the whole document is still validated.
/// </summary>
internal sealed class Base64MediaExtractor : IDisposable
{
    public const int MaxMedia = 1000;

    private readonly long _maxMediaBytes;
    private readonly IMediaStore _store;
    private readonly PooledBufferWriter _text;
    private readonly List<ExtractedMedia> _media = [];

    private EchoedInputTracker _echoedInput = new();
    private MediaSizeLimits _limits;
    private StringPrefix _prefix = new();
    private State _state;
    private Base64StringDecoder _decoder;
    private ExtractedMedia? _current;
    private bool _isCurrentEnded;
    private bool _isEchoedInput;
    private byte _last;
    private bool _nameIsBase64;
    private bool _isBase64Member;
    private long _received;

    public Base64MediaExtractor(int maxTextBytes, long maxMediaBytes, long? contentLength, int expectedMedia, IMediaStore store)
    {
        _store = store;
        _maxMediaBytes = maxMediaBytes;
        _limits = new MediaSizeLimits(maxMediaBytes, contentLength, expectedMedia);
        _text = PooledBufferWriter.Rent(maxTextBytes);
    }

    private enum State
    {
        Structure,

        /// <summary>At the start of a string, before it is clear whether it is base64.</summary>
        StringStart,
        Text,
        TextEscape,
        Base64,
    }

    /// <summary>Gets a buffer size that fits the response.</summary>
    public int ChunkSize => _limits.ChunkSize;

    /// <summary>Gets the JSON that was read so far, without the media.</summary>
    public ReadOnlySpan<byte> RemainingJson => _text.Span;

    /// <summary>Reads the next chunk, up to its end or to that of a medium. Call <see cref="FlushAsync"/> before feeding the rest.</summary>
    /// <returns>How many bytes were consumed.</returns>
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

    /// <summary>Writes the decoded bytes of the current medium to its destination, and completes the medium if its string has ended.</summary>
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
        // parsing fails on a string that was never closed
        var document = ApiResponse.Parse(_text.Memory);
        return new ExtractedJson(document, _media, _text.Detach(), _text.Length);
    }

    public void Dispose()
    {
        _text.Dispose();
        _prefix.Dispose();
    }

    private int Step(ReadOnlySpan<byte> piece) => _state switch
    {
        State.Structure => Structure(piece),
        State.StringStart => StringStart(piece),
        State.Text => Text(piece),
        State.TextEscape => Keep(piece, 1, State.Text),
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
        _prefix.Clear();
        return Keep(piece, quote + 1, State.StringStart);
    }

    /// <summary>Holds back the first bytes of a string until it is clear what it is.</summary>
    private int StringStart(ReadOnlySpan<byte> piece)
    {
        var next = piece[0];
        if (next == (byte)'"' && !_prefix.IsEscaped)
        {
            return EndShortString(piece);
        }

        if (_isBase64Member && !_prefix.MayBeData(next))
        {
            return StartMedia(null, _prefix.Span, piece.Length);
        }

        if (_prefix.IsPlainText(next))
        {
            _nameIsBase64 = false;
            _text.Append(_prefix.Span);
            _state = _prefix.IsEscaped ? State.TextEscape : State.Text;
            return 0;
        }

        if (_prefix.Append(next) is { } type)
        {
            StartMedia(type, default, piece.Length);
        }

        return 1;
    }

    /// <summary>Handles a string that ended while it was held back: a name, a short value, or very short base64.</summary>
    private int EndShortString(ReadOnlySpan<byte> piece)
    {
        var held = _prefix.Span;
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

        _current = new ExtractedMedia(_isEchoedInput ? new NullSink() : _store.Open(_limits.CapacityFor(_media.Count, _received - pieceLength), type), type, _isEchoedInput);
        _decoder = new Base64StringDecoder(_current.Sink, _maxMediaBytes);
        _decoder.Start(held, _prefix.IsEscaped);
        _state = State.Base64;
        return 0;
    }

    private int Extract(ReadOnlySpan<byte> piece)
    {
        var count = _decoder.Feed(piece, out var isEnded);
        if (isEnded)
        {
            EndMedia(isWhole: !_decoder.IsInvalid);
        }

        return count;
    }

    private void EndMedia(bool isWhole)
    {
        if (!_isEchoedInput)
        {
            _limits.Add(_current!.Sink.Length);
        }

        _text.Append(Encoding.UTF8.GetBytes(ExtractedJson.Placeholder(_media.Count) + "\""));
        _current!.IsInvalid = !isWhole;
        _media.Add(_current);
        _isCurrentEnded = true;
        _decoder = default;
        _nameIsBase64 = false;
        _state = State.Structure;
    }

    private int Text(ReadOnlySpan<byte> piece)
    {
        var end = piece.IndexOfAny((byte)'"', (byte)'\\');
        return end < 0 ? Keep(piece, piece.Length, State.Text) : Keep(piece, end + 1, piece[end] == (byte)'"' ? State.Structure : State.TextEscape);
    }
}
