using System.Buffers;
using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Text.Json;
using ImageApi.Client.Http;

namespace ImageApi.Client.Media;

/// <summary>
/// A JSON request with holes in which sources are streamed as base64: the text around them is fixed before the first
/// attempt, the bytes are encoded while they are sent.
/// </summary>
internal sealed class JsonBody : RequestBody
{
    private static readonly MediaTypeHeaderValue ApplicationJson = new("application/json");

    private readonly List<(int Offset, MediaSource Source)> _holes = [];
    private List<string>? _uploaded;
    private readonly ReferenceUploads? _uploads;
    private PooledWriter? _writing = PooledWriter.Take();
    private byte[]? _text;

    /// <summary>Initializes an empty request.</summary>
    /// <param name="uploads">Uploads large references instead of sending them inside; null to send all inside.</param>
    public JsonBody(ReferenceUploads? uploads) => _uploads = uploads;

    /// <summary>Gets the writer of the text, until somebody asks for the text.</summary>
    public Utf8JsonWriter Writer => _writing!.Json;

    /// <summary>Gets the text, which is written to its end when somebody asks for it.</summary>
    private byte[] Text => _text ??= Written();

    public override bool CanRepeat => _holes.TrueForAll(static hole => hole.Source.CanRepeat);

    public override MediaTypeHeaderValue MediaType => ApplicationJson;

    public override long? Length
    {
        get
        {
            long length = Text.Length;
            foreach (var (_, source) in _holes)
            {
                if (source.Length is not { } bytes)
                {
                    return null;
                }

                length += (bytes + 2) / 3 * 4;
            }

            return length;
        }
    }

    /// <summary>Writes a reference image as the API takes it: a link as a text, bytes as <c>{ mime_type, data_base64 }</c>.</summary>
    public async ValueTask WriteReferenceAsync(ReferenceImage image, CancellationToken cancellationToken)
    {
        if (image.Url is { } url)
        {
            Writer.WriteStringValue(url);
            return;
        }

        var source = await image.OpenAsync(cancellationToken).ConfigureAwait(false);
        if (source.IsEmpty)
        {
            source.Dispose();
            throw new ArgumentException($"The reference image ({image}) has no bytes.", nameof(image));
        }

        var mimeType = image.MimeType ?? source.DetectedMimeType ?? image.FallbackMimeType ?? MimeTypes.Unknown;
        if (await FindLinkAsync(source, mimeType, cancellationToken).ConfigureAwait(false) is { } link)
        {
            source.Dispose();
            (_uploaded ??= []).Add(link);
            Writer.WriteStringValue(link);
            return;
        }

        Writer.WriteStartObject();
        Writer.WriteString("mime_type", mimeType);
        Writer.WriteString("data_base64", string.Empty);
        _holes.Add(((int)(Writer.BytesCommitted + Writer.BytesPending) - 1, source)); // before the closing quote
        Writer.WriteEndObject();
    }

    /// <inheritdoc cref="WriteReferenceAsync"/>
    public async ValueTask WriteReferencesAsync(string name, IEnumerable<ReferenceImage> images, CancellationToken cancellationToken)
    {
        Writer.WriteStartArray(name);
        foreach (var image in images)
        {
            await WriteReferenceAsync(image, cancellationToken).ConfigureAwait(false);
        }

        Writer.WriteEndArray();
    }

    /// <summary>Writes an open word, unless it is the default one, which is empty.</summary>
    public void WriteWordIfSet(string name, string? word) => WriteTextIfSet(name, word?.Length == 0 ? null : word);

    public void WriteTextIfSet(string name, string? value)
    {
        if (value is not null)
        {
            Writer.WriteString(name, value);
        }
    }

    public void WriteNumberIfSet(string name, int? value)
    {
        if (value is { } number)
        {
            Writer.WriteNumber(name, number);
        }
    }

    public void WriteMembers(IReadOnlyDictionary<string, JsonElement> members)
    {
        foreach (var member in members)
        {
            Writer.WritePropertyName(member.Key);
            member.Value.WriteTo(Writer);
        }
    }

    public override async ValueTask PrepareAsync(CancellationToken cancellationToken)
    {
        foreach (var (_, source) in _holes)
        {
            await source.RewindAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public override async Task WriteAsync(Stream target, CancellationToken cancellationToken)
    {
        var text = Text.AsMemory();
        var written = 0;
        foreach (var (offset, source) in _holes)
        {
            await target.WriteAsync(text.Slice(written, offset - written), cancellationToken).ConfigureAwait(false);
            await WriteBase64Async(source, target, cancellationToken).ConfigureAwait(false);
            written = offset;
        }

        await target.WriteAsync(text.Slice(written), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The fault that the server found with the request may be the link of an upload that has died.</summary>
    public override void OnRefused() => _uploaded?.ForEach(link => _uploads!.Forget(link));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            GiveBackWriter();
            foreach (var (_, source) in _holes)
            {
                source.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    private byte[] Written()
    {
        var text = _writing!.ToArray();
        GiveBackWriter(); // the answer may take minutes
        return text;
    }

    private void GiveBackWriter()
    {
        _writing?.GiveBack();
        _writing = null;
    }

    private async ValueTask<string?> FindLinkAsync(MediaSource source, string mimeType, CancellationToken cancellationToken)
    {
        try
        {
            return _uploads is null ? null : await _uploads.FindLinkAsync(source, mimeType, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception)
        {
            source.Dispose();
            throw;
        }
    }

    private static async Task WriteBase64Async(MediaSource source, Stream target, CancellationToken cancellationToken)
    {
        var encoded = Array.Empty<byte>();
        try
        {
            await source.CopyToAsync(
                async (bytes, token) =>
                {
                    var length = Base64.GetMaxEncodedToUtf8Length(bytes.Length);
                    if (encoded.Length < length)
                    {
                        Return(encoded);
                        encoded = ArrayPool<byte>.Shared.Rent(length);
                    }

                    Base64.EncodeToUtf8(bytes.Span, encoded, out _, out var written);
                    await target.WriteAsync(encoded.AsMemory(0, written), token).ConfigureAwait(false);
                },
                cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Return(encoded);
        }
    }

    private static void Return(byte[] buffer)
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
