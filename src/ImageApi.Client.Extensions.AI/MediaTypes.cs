using System.Net.Http.Headers;

namespace ImageApi.Client.Extensions.AI;

/// <summary>Media types of Microsoft.Extensions.AI against the words of the API.</summary>
internal static class MediaTypes
{
    public const string Unknown = "application/octet-stream";

    private const string Image = "image/";

    /// <summary>The format of a media type: <c>image/png</c> is <c>png</c>, and words that this version does not know pass.</summary>
    public static ImageOutputFormat? ToOutputFormat(string? mediaType)
    {
        if (mediaType is null)
        {
            return null;
        }

        var word = mediaType.StartsWith(Image, StringComparison.OrdinalIgnoreCase) ? mediaType.Substring(Image.Length) : string.Empty;
        if (word.Length == 0 || !word.All(static letter => letter is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-' or '+' or '.'))
        {
            throw Refusal.OfOptions("ImageGenerationOptions.MediaType must be that of an image, such as image/png.");
        }

        return string.Equals(word, "jpg", StringComparison.OrdinalIgnoreCase) ? ImageOutputFormat.Jpeg : new ImageOutputFormat(word.ToLowerInvariant());
    }

    /// <summary>The media type of a format that the server names.</summary>
    public static string? FromOutputFormat(ImageOutputFormat? format) =>
        format is { Value.Length: > 0 } word ? Valid(Image + (word == "jpg" ? "jpeg" : word.Value.ToLowerInvariant())) : null;

    /// <summary>A type that says what the bytes are, without parameters; null for one that leaves it open.</summary>
    public static string? Definite(string? mediaType)
    {
        var type = mediaType?.Split(';')[0].Trim();
        return type is null or Unknown || type.EndsWith("/*", StringComparison.Ordinal) ? null : type;
    }

    /// <summary>What the server calls a media type may be none, and must not cost what was paid for.</summary>
    public static string? Valid(string? mediaType) =>
        MediaTypeHeaderValue.TryParse(mediaType, out var parsed) ? parsed.MediaType : null;

    /// <summary>All that is known of a medium without a type of its own.</summary>
    public static string Any(MediaKind kind) => kind switch
    {
        MediaKind.Video => "video/*",
        MediaKind.Audio => "audio/*",
        _ => "image/*",
    };

    public static FileKind KindOf(string? mediaType) =>
        mediaType is null ? FileKind.Image
        : mediaType.StartsWith("video/", StringComparison.OrdinalIgnoreCase) ? FileKind.Video
        : mediaType.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) ? FileKind.Audio
        : FileKind.Image;
}
