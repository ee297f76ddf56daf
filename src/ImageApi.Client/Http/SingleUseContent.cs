using System.Net;
using ImageApi.Client.Diagnostics;

namespace ImageApi.Client.Http;

/// <summary>
/// Content that is written once and refuses a second time, so that no handler outside of this library can send a request
/// again; and that knows whether writing has begun, which is the only proof of non-delivery there is.
/// </summary>
internal sealed class SingleUseContent : HttpContent
{
    private const string SecondTime = "A handler outside of this library tried to send the request a second time, which was refused: it might be carried out twice.";
    private const string Buffered =
        "A handler of the HttpClient read the request's body, which was refused: the copy that is kept then could be sent a second time. "
        + "Take the handler out, or register the client with AddImageApiClient, which guards the sending.";

    private readonly RequestBody _body;
    private readonly Countdown? _watch;
    private readonly ClientTelemetry _telemetry;
    private readonly CancellationToken _cancellationToken;
    private readonly bool _mayBeBuffered;
    private int _started;
    private int _forwarded;

    /// <summary>Initializes content.</summary>
    /// <param name="body">What to write.</param>
    /// <param name="watch">Is told of every piece that was written.</param>
    /// <param name="mayBeBuffered">Whether a <see cref="SingleSendHandler"/> sees to it that a copy of the body is not sent again.</param>
    /// <param name="telemetry">Counts the bytes.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    public SingleUseContent(RequestBody body, Countdown? watch, bool mayBeBuffered, ClientTelemetry telemetry, CancellationToken cancellationToken)
    {
        _body = body;
        _watch = watch;
        _mayBeBuffered = mayBeBuffered;
        _telemetry = telemetry;
        _cancellationToken = cancellationToken;
        Headers.ContentType = body.MediaType;
    }

    /// <summary>Gets a value indicating whether the transport began to write the body.</summary>
    public bool Started => Volatile.Read(ref _started) != 0;

    /// <summary>Gets what a handler tried that was refused; null when it tried nothing.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Gets what went wrong with a source of the caller's.</summary>
    public Exception? SourceError { get; private set; }

    /// <summary>Is called when the request leaves the outermost place from which it can be sent again.</summary>
    /// <returns>What to send: where a copy of the body is kept, content that gives it away once.</returns>
    public static HttpContent? Forward(HttpContent? content)
    {
        if ((content as SingleUseContent ?? (content as KeptBody)?.Kept) is not { } body)
        {
            return content;
        }

        if (Interlocked.Exchange(ref body._forwarded, 1) != 0)
        {
            throw body.Refuse(SecondTime);
        }

        return body.Started ? new KeptBody(body) : body;
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        if (!_mayBeBuffered && stream.GetType().DeclaringType == typeof(HttpContent))
        {
            throw Refuse(Buffered);
        }

        if (Interlocked.Exchange(ref _started, 1) != 0)
        {
            throw Refuse(SecondTime);
        }

        try
        {
            await _body.WriteAsync(_watch is null && !ClientTelemetry.CountsBytes ? stream : new WatchedStream(stream, _watch, _telemetry), _cancellationToken).ConfigureAwait(false);
        }
        catch (CallerStreamException e)
        {
            SourceError = e.Cause;
            throw;
        }
    }

    /// <summary>The stream would be kept, and the body could be sent again from it.</summary>
    protected override Task<Stream> CreateContentReadStreamAsync() => _mayBeBuffered ? base.CreateContentReadStreamAsync() : throw Refuse(Buffered);

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Length.GetValueOrDefault();
        return _body.Length is not null;
    }

    private InvalidOperationException Refuse(string refusal)
    {
        Refusal = refusal;
        return new InvalidOperationException(refusal);
    }

    /// <summary>The copy of a body that a handler has read. The platform sends it as well where it follows a redirect: it must not twice.</summary>
    private sealed class KeptBody : HttpContent
    {
        private int _sent;

        public KeptBody(SingleUseContent kept)
        {
            Kept = kept;
            foreach (var header in kept.Headers)
            {
                Headers.Add(header.Key, header.Value);
            }
        }

        public SingleUseContent Kept { get; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            Interlocked.Exchange(ref _sent, 1) == 0 ? Kept.CopyToAsync(stream) : throw Kept.Refuse(SecondTime);

        protected override bool TryComputeLength(out long length)
        {
            length = Kept.Headers.ContentLength.GetValueOrDefault();
            return Kept.Headers.ContentLength is not null;
        }
    }
}
