using System.Buffers;
using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Text.Json;
using ImageApi.Client.Buffers;
using ImageApi.Client.Http.Content;
using ImageApi.Client.Media.Formats;
using ImageApi.Client.Media.Sources;

namespace ImageApi.Client.Media.References;

/// <summary>
/// A JSON request with holes in which sources are streamed as base64: the text around them is fixed before the first
/// attempt, the bytes are encoded while they are sent.
/// </summary>
internal sealed class JsonRequestContent : ReplayableContent
{
    private static readonly MediaTypeHeaderValue ApplicationJson = new("application/json");

    private readonly List<(int Offset, ContentSource Source)> _segments = [];
    private List<string>? _uploaded;
    private readonly ReferenceImageUploader? _uploads;
    private PooledBufferWriter? _jsonWriter = PooledBufferWriter.Rent();
    private byte[]? _text;

    /// <summary>Initializes an empty request.</summary>
    /// <param name="uploads">Uploads large references instead of sending them inside; null to send all inside.</param>
    public JsonRequestContent(ReferenceImageUploader? uploads) => _uploads = uploads;

    /// <summary>Gets the writer of the text, until somebody asks for the text.</summary>
    public Utf8JsonWriter Writer => _jsonWriter!.Json;

    /// <summary>Gets the text, which is written to its end when somebody asks for it.</summary>
    private byte[] Text => _text ??= ToText();

    public override bool CanReplay => _segments.TrueForAll(static segment => segment.Source.CanReplay);

    public override MediaTypeHeaderValue MediaType => ApplicationJson;

    public override long? Length
    {
        get
        {
            long length = Text.Length;
            foreach (var (_, source) in _segments)
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
    public async ValueTask WriteReferenceImageAsync(ReferenceImage image, CancellationToken cancellationToken)
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

        var mimeType = image.MimeType ?? source.DetectedMimeType ?? image.FallbackMimeType ?? MediaTypes.Unknown;
        if (await UploadAsync(source, mimeType, cancellationToken).ConfigureAwait(false) is { } uploadedUrl)
        {
            source.Dispose();
            (_uploaded ??= []).Add(uploadedUrl);
            Writer.WriteStringValue(uploadedUrl);
            return;
        }

        Writer.WriteStartObject();
        Writer.WriteString("mime_type", mimeType);
        Writer.WriteString("data_base64", string.Empty);
        _segments.Add(((int)(Writer.BytesCommitted + Writer.BytesPending) - 1, source)); // before the closing quote
        Writer.WriteEndObject();
    }

    /// <inheritdoc cref="WriteReferenceImageAsync"/>
    public async ValueTask WriteReferenceImagesAsync(string name, IEnumerable<ReferenceImage> images, CancellationToken cancellationToken)
    {
        Writer.WriteStartArray(name);
        foreach (var image in images)
        {
            await WriteReferenceImageAsync(image, cancellationToken).ConfigureAwait(false);
        }

        Writer.WriteEndArray();
    }

    /// <summary>Writes an open word, unless it is the default one, which is empty.</summary>
    public void WriteEnumIfSet(string name, string? value) => WriteTextIfSet(name, value?.Length == 0 ? null : value);

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
        foreach (var (_, source) in _segments)
        {
            await source.RewindAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public override async Task WriteAsync(Stream target, CancellationToken cancellationToken)
    {
        var text = Text.AsMemory();
        var written = 0;
        foreach (var (offset, source) in _segments)
        {
            await target.WriteAsync(text.Slice(written, offset - written), cancellationToken).ConfigureAwait(false);
            await WriteBase64Async(source, target, cancellationToken).ConfigureAwait(false);
            written = offset;
        }

        await target.WriteAsync(text.Slice(written), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The fault that the server found with the request may be the link of an upload that has died.</summary>
    public override void OnRejected() => _uploaded?.ForEach(uploadedUrl => _uploads!.Remove(uploadedUrl));

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            ReturnWriter();
            foreach (var (_, source) in _segments)
            {
                source.Dispose();
            }
        }

        base.Dispose(disposing);
    }

    private byte[] ToText()
    {
        var text = _jsonWriter!.ToArray();
        ReturnWriter(); // the answer may take minutes
        return text;
    }

    private void ReturnWriter()
    {
        _jsonWriter?.Dispose();
        _jsonWriter = null;
    }

    private async ValueTask<string?> UploadAsync(ContentSource source, string mimeType, CancellationToken cancellationToken)
    {
        try
        {
            return _uploads is null ? null : await _uploads.GetUrlAsync(source, mimeType, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception)
        {
            source.Dispose();
            throw;
        }
    }

    private static async Task WriteBase64Async(ContentSource source, Stream target, CancellationToken cancellationToken)
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
