using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ImageApi.Client.Buffers;
using ImageApi.Client.Http.Errors;
using ImageApi.Client.Http.Retries;
using ImageApi.Client.Http.Timeouts;
using ImageApi.Client.Parsing;
using ImageApi.Client.Redaction;

namespace ImageApi.Client.Http;

/// <summary>A success answer whose body has not been read yet.</summary>
internal sealed class ApiResponse(HttpResponseMessage httpResponse, TransportSettings settings, TimeProvider time, string apiKey)
{
    private const int InitialBufferSize = 4 * 1024;
    private static readonly string[] RequestIdHeaders = ["x-request-id", "request-id", "x-oneapi-request-id"];
    private static readonly JsonDocumentOptions StrictOptions = new() { MaxDepth = 64 };

    public HttpStatusCode StatusCode => httpResponse.StatusCode;

    public TransportSettings Settings => settings;

    /// <summary>Gets the length that the server announced.</summary>
    public long? ContentLength => httpResponse.Content.Headers.ContentLength;

    public EntityTagHeaderValue? EntityTag => httpResponse.Headers.ETag;

    /// <summary>Gets which part of the whole the body is, where the server tells it.</summary>
    public ContentRangeHeaderValue? ContentRange => httpResponse.Content.Headers.ContentRange;

    /// <summary>Gets the request id of the headers; the body's, where it has one, goes first.</summary>
    public string? RequestId { get; } = HeaderRequestId(httpResponse);

    /// <summary>Gets how long the server asks to wait, as it may do with "still processing".</summary>
    public TimeSpan? RetryAfter => RetryAfterParser.Parse(httpResponse.Headers, time);

    /// <summary>Gets the media type of the body as the server calls it.</summary>
    public string? MediaType => httpResponse.Content.Headers.ContentType?.MediaType;

    /// <summary>Gets a value indicating whether somebody else disposes the answer.</summary>
    public bool IsDetached { get; private set; }

    /// <summary>Gets or sets the beginning of the body, for the error that is about to be thrown.</summary>
    public string? Excerpt { get; set; }

    /// <summary>Gets the id of the job that was found in what came of an answer that could not be read.</summary>
    public string? RecoveredJobId { get; private set; }

    /// <summary>Gets the links to media that stood whole in what came of it.</summary>
    public IReadOnlyList<string> RecoveredUrls { get; private set; } = [];

    public static string? HeaderRequestId(HttpResponseMessage httpResponse)
    {
        foreach (var name in RequestIdHeaders)
        {
            if (FirstOf(httpResponse.Headers, name) is { Length: > 0 } id)
            {
                return id;
            }
        }

        return null;
    }

    /// <summary>Makes a text of the body fit to be shown.</summary>
    public string? Redact(string? text) => SecretRedactor.Redact(text, apiKey);

    /// <summary>Keeps what is of use of an answer that could not be read: what was bought must stay within reach.</summary>
    public void Recover(ReadOnlySpan<byte> body)
    {
        Excerpt = SecretRedactor.RawExcerpt(body);
        RecoveredJobId = PartialJobId.Find(body);
        RecoveredUrls = PartialMediaUrls.Find(body, settings.BaseAddress);
    }

    /// <summary>Opens the body; a silence longer than the limit fails a read.</summary>
    public async ValueTask<Stream> OpenBodyAsync(CancellationToken cancellationToken)
    {
        var stream = await httpResponse.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
#if NETSTANDARD2_0 // on .NET Framework an answer that was cut looks like one that ended; 304 says how long its body would have been
        var announced = StatusCode == HttpStatusCode.NotModified ? null : ContentLength;
#else // the platform looks after that, and a handler of the application's may have changed the body without its length
        long? announced = null;
#endif
        return new ReadTimeoutStream(stream, announced, settings.IdleTimeout, time, settings.Telemetry);
    }

    /// <summary>Takes the answer out of the attempt that got it: whoever calls this disposes what it returns.</summary>
    public IDisposable Detach()
    {
        IsDetached = true;
        return httpResponse;
    }

    /// <summary>Reads a small JSON body and makes something of it. The document lives no longer than the call of <paramref name="read"/>.</summary>
    public async ValueTask<T> ReadJsonAsync<T>(Func<JsonElement, ApiResponse, T> read, CancellationToken cancellationToken)
    {
        var stream = await OpenBodyAsync(cancellationToken).ConfigureAwait(false);
        using var _ = stream;
        var buffer = ArrayPool<byte>.Shared.Rent(InitialBufferSize);
        var filled = 0;
        try
        {
            int count;
            while ((count = await stream.ReadAsync(buffer.AsMemory(filled), cancellationToken).ConfigureAwait(false)) > 0)
            {
                filled += count;
                if (filled > settings.MaxJsonBytes)
                {
                    throw new SizeLimitException($"The answer is longer than {settings.MaxJsonBytes} bytes (Limits.MaxJsonBytes).");
                }

                if (filled == buffer.Length)
                {
                    buffer = Grow(buffer, filled);
                }
            }

            using var document = Parse(buffer.AsMemory(0, filled));
            return read(document.RootElement, this);
        }
        catch (Exception)
        {
            Excerpt = SecretRedactor.RawExcerpt(buffer.AsSpan(0, filled));
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Parses a body, whatever charset its header claims: it is read as UTF-8.</summary>
    public static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        if (body.Length >= 3 && body.Span[0] == 0xEF && body.Span[1] == 0xBB && body.Span[2] == 0xBF)
        {
            body = body.Slice(3);
        }

        if (IsBlank(body.Span))
        {
            throw new InvalidResponseException(FailureKind.EmptyBody, "The answer has no content.");
        }

        try
        {
            return JsonDocument.Parse(body, StrictOptions);
        }
        catch (JsonException e)
        {
            throw InvalidResponseException.Invalid("The answer is not the JSON that was expected.", e);
        }
    }

#if NETSTANDARD2_0 // headers can only be read there by making lists of their values
    private static string? FirstOf(HttpResponseHeaders headers, string name) => headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
#else
    private static string? FirstOf(HttpResponseHeaders headers, string name)
    {
        if (headers.NonValidated.TryGetValues(name, out var values))
        {
            foreach (var value in values)
            {
                return value;
            }
        }

        return null;
    }
#endif

    private static bool IsBlank(ReadOnlySpan<byte> text) => text.TrimStart(" \t\r\n\0"u8).IsEmpty;

    private static byte[] Grow(byte[] buffer, int filled)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, filled).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
