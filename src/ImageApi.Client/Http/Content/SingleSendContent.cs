using System.Net;
using ImageApi.Client.Diagnostics.Internal;
using ImageApi.Client.Exceptions.Internal;
using ImageApi.Client.Http.Handlers;
using ImageApi.Client.Http.Timeouts;

namespace ImageApi.Client.Http.Content;

/// <summary>
/// Content that is written once and refuses a second time, so that no handler outside of this library can send a request
/// again; and that knows whether writing has begun, which is the only proof of non-delivery there is.
/// </summary>
internal sealed class SingleSendContent : HttpContent
{
    private const string SecondSendMessage = "A handler outside of this library tried to send the request a second time, which was refused: it might be carried out twice.";
    private const string BufferedMessage =
        "A handler of the HttpClient read the request's body, which was refused: the copy that is kept then could be sent a second time. "
        + "Take the handler out, or register the client with AddImageApiClient, which guards the sending.";

    private readonly ReplayableContent _body;
    private readonly ResettableTimeout? _sendTimeout;
    private readonly ClientTelemetry _telemetry;
    private readonly CancellationToken _cancellationToken;
    private readonly bool _mayBeBuffered;
    private int _started;
    private int _forwarded;

    /// <summary>Initializes content.</summary>
    /// <param name="body">What to write.</param>
    /// <param name="sendTimeout">Restarts after every chunk that was written.</param>
    /// <param name="mayBeBuffered">Whether a <see cref="SingleSendHandler"/> sees to it that a copy of the body is not sent again.</param>
    /// <param name="telemetry">Counts the bytes.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    public SingleSendContent(ReplayableContent body, ResettableTimeout? sendTimeout, bool mayBeBuffered, ClientTelemetry telemetry, CancellationToken cancellationToken)
    {
        _body = body;
        _sendTimeout = sendTimeout;
        _mayBeBuffered = mayBeBuffered;
        _telemetry = telemetry;
        _cancellationToken = cancellationToken;
        Headers.ContentType = body.MediaType;
    }

    /// <summary>Gets a value indicating whether the transport began to write the body.</summary>
    public bool Started => Volatile.Read(ref _started) != 0;

    /// <summary>Gets what a handler tried that was refused; null when it tried nothing.</summary>
    public string? RefusalMessage { get; private set; }

    /// <summary>Gets what went wrong with a source of the caller's.</summary>
    public Exception? SourceError { get; private set; }

    /// <summary>Is called when the request leaves the outermost place from which it can be sent again.</summary>
    /// <returns>What to send: where a copy of the body is kept, content that gives it away once.</returns>
    public static HttpContent? Forward(HttpContent? content)
    {
        if ((content as SingleSendContent ?? (content as BufferedCopy)?.Original) is not { } body)
        {
            return content;
        }

        if (Interlocked.Exchange(ref body._forwarded, 1) != 0)
        {
            throw body.Refuse(SecondSendMessage);
        }

        return body.Started ? new BufferedCopy(body) : body;
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        if (!_mayBeBuffered && stream.GetType().DeclaringType == typeof(HttpContent))
        {
            throw Refuse(BufferedMessage);
        }

        if (Interlocked.Exchange(ref _started, 1) != 0)
        {
            throw Refuse(SecondSendMessage);
        }

        try
        {
            await _body.WriteAsync(_sendTimeout is null && !ClientTelemetry.CountsBytes ? stream : new ProgressWriteStream(stream, _sendTimeout, _telemetry), _cancellationToken).ConfigureAwait(false);
        }
        catch (CallerIOException e)
        {
            SourceError = e.Cause;
            throw;
        }
    }

    /// <summary>The stream would be kept, and the body could be sent again from it.</summary>
    protected override Task<Stream> CreateContentReadStreamAsync() => _mayBeBuffered ? base.CreateContentReadStreamAsync() : throw Refuse(BufferedMessage);

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length.GetValueOrDefault();
        return _body.Length is not null;
    }

    private InvalidOperationException Refuse(string refusal)
    {
        RefusalMessage = refusal;
        return new InvalidOperationException(refusal);
    }

    /// <summary>The copy of a body that a handler has read. The platform sends it as well where it follows a redirect: it must not twice.</summary>
    private sealed class BufferedCopy : HttpContent
    {
        private int _sent;

        public BufferedCopy(SingleSendContent original)
        {
            Original = original;
            foreach (var header in original.Headers)
            {
                Headers.Add(header.Key, header.Value);
            }
        }

        public SingleSendContent Original { get; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            Interlocked.Exchange(ref _sent, 1) == 0 ? Original.CopyToAsync(stream) : throw Original.Refuse(SecondSendMessage);

        protected override bool TryComputeLength(out long length)
        {
            length = Original.Headers.ContentLength.GetValueOrDefault();
            return Original.Headers.ContentLength is not null;
        }
    }
}
