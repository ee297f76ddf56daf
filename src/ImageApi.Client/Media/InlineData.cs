using System.Text;
using ImageApi.Client.Http;

namespace ImageApi.Client.Media;

/// <summary>Media whose bytes are at hand: they came with an answer, or in a <c>data:</c> link.</summary>
internal static class InlineData
{
    /// <summary>Gets the bytes of a medium that needs no download.</summary>
    /// <exception cref="ImageApiProtocolException">A <c>data:</c> link is not one of a picture, video or sound in valid base64.</exception>
    /// <exception cref="ImageApiLimitException">It is larger than the limit.</exception>
    public static (ReadOnlyMemory<byte> Bytes, string? MimeType)? Find(GeneratedMedia media, string operation, long maxBytes)
    {
        if (media.Data is { } data)
        {
            return (data, media.MimeType);
        }

        if (!Links.IsData(media.Url))
        {
            return null;
        }

        try
        {
            return Decode(media.Url!, maxBytes);
        }
        catch (AnswerException e)
        {
            throw e.End == AttemptEnd.TooLarge
                ? new ImageApiLimitException($"{operation}: {e.Message}", e) { Operation = operation, JobId = media.JobId, Outcome = RequestOutcome.Accepted }
                : new ImageApiProtocolException($"{operation}: {e.Message}", e) { Operation = operation, JobId = media.JobId, Outcome = RequestOutcome.Accepted };
        }
    }

    private static (ReadOnlyMemory<byte> Bytes, string? MimeType) Decode(string url, long maxBytes)
    {
        var comma = url.IndexOf(',');
        var prefix = comma < 0 ? string.Empty : url.Substring(5, comma - 5);
        var type = prefix.Split(';')[0];
        if (!prefix.EndsWith(";base64", StringComparison.OrdinalIgnoreCase) || MimeTypes.KindOf(type) is null)
        {
            throw AnswerException.Unreadable("The data: link does not hold a picture, video or sound as base64.");
        }

        var sink = new MemorySink((int)Math.Min((url.Length - comma) / 4L * 3, maxBytes) + 3, maxBytes);
        var decoder = new Base64Decoder(sink, maxBytes);
        return decoder.TryAppend(Encoding.UTF8.GetBytes(url.Substring(comma + 1))) && decoder.TryComplete()
            ? (sink.Bytes!.Value, type)
            : throw AnswerException.Unreadable("The data: link is not valid base64.");
    }
}
