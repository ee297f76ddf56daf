using System.Text;
using ImageApi.Client.Buffers;
using ImageApi.Client.Http.Errors;
using ImageApi.Client.Http.Failures;
using ImageApi.Client.Media.Destinations;
using ImageApi.Client.Media.Formats;
using ImageApi.Client.Redaction;

namespace ImageApi.Client.Media.Downloading;

/// <summary>Media whose bytes are at hand: they came with an answer, or in a <c>data:</c> link.</summary>
internal static class InlineMedia
{
    /// <summary>Gets the bytes of a medium that needs no download.</summary>
    /// <exception cref="ImageApiException">A <c>data:</c> URL does not contain an image, video or audio file in valid base64, or is larger than the limit.</exception>
    public static (ReadOnlyMemory<byte> Bytes, string? MimeType)? Decode(GeneratedMedia media, string operation, long maxBytes)
    {
        if (media.Data is { } data)
        {
            return (data, media.MimeType);
        }

        if (!UriText.IsData(media.Url))
        {
            return null;
        }

        try
        {
            return DecodeDataUri(media.Url!, maxBytes);
        }
        catch (Exception e) when (e is InvalidResponseException or SizeLimitException)
        {
            throw ExceptionFactory.MediaFailed(operation, media.JobId, e, ImageApiFailureReason.InvalidResponse);
        }
    }

    private static (ReadOnlyMemory<byte> Bytes, string? MimeType) DecodeDataUri(string url, long maxBytes)
    {
        var comma = url.IndexOf(',');
        var prefix = comma < 0 ? string.Empty : url.Substring(5, comma - 5);
        var type = prefix.Split(';')[0];
        if (!prefix.EndsWith(";base64", StringComparison.OrdinalIgnoreCase) || MediaTypes.KindOf(type) is null)
        {
            throw InvalidResponseException.Invalid("The data: link does not hold a picture, video or sound as base64.");
        }

        var sink = new MemorySink((int)Math.Min((url.Length - comma) / 4L * 3, maxBytes) + 3, maxBytes);
        var decoder = new StreamingBase64Decoder(sink, maxBytes);
        return decoder.TryAppend(Encoding.UTF8.GetBytes(url.Substring(comma + 1))) && decoder.TryComplete()
            ? (sink.Bytes!.Value, type)
            : throw InvalidResponseException.Invalid("The data: link is not valid base64.");
    }
}
