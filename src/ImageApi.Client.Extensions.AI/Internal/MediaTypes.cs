using System.Net.Http.Headers;

namespace ImageApi.Client.Extensions.AI.Internal;

/// <summary>Maps media types of Microsoft.Extensions.AI to values of the API.</summary>
internal static class MediaTypes
{
    public const string Unknown = "application/octet-stream";

    private const string ImagePrefix = "image/";

    /// <summary>Returns the format of a media type: <c>image/png</c> is <c>png</c>. Unknown values are passed on.</summary>
    public static ImageOutputFormat? ToOutputFormat(string? mediaType)
    {
        if (mediaType is null)
        {
            return null;
        }

        var subtype = mediaType.StartsWith(ImagePrefix, StringComparison.OrdinalIgnoreCase) ? mediaType.Substring(ImagePrefix.Length) : string.Empty;
        if (subtype.Length == 0 || !subtype.All(static character => character is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '-' or '+' or '.'))
        {
            throw Throw.InvalidOptions("ImageGenerationOptions.MediaType must be that of an image, such as image/png.");
        }

        return string.Equals(subtype, "jpg", StringComparison.OrdinalIgnoreCase) ? ImageOutputFormat.Jpeg : new ImageOutputFormat(subtype.ToLowerInvariant());
    }

    /// <summary>The media type of a format that the server names.</summary>
    public static string? FromOutputFormat(ImageOutputFormat? format) =>
        format is { Value.Length: > 0 } outputFormat ? ValidOrNull(ImagePrefix + (outputFormat == "jpg" ? "jpeg" : outputFormat.Value.ToLowerInvariant())) : null;

    /// <summary>A type that says what the bytes are, without parameters; null for one that leaves it open.</summary>
    public static string? SpecificOrNull(string? mediaType)
    {
        var type = mediaType?.Split(';')[0].Trim();
        return type is null or Unknown || type.EndsWith("/*", StringComparison.Ordinal) ? null : type;
    }

    /// <summary>Accepts an invalid media type of the server, because a billed result must not be lost for it.</summary>
    public static string? ValidOrNull(string? mediaType) =>
        MediaTypeHeaderValue.TryParse(mediaType, out var parsed) ? parsed.MediaType : null;

    /// <summary>All that is known of a medium without a type of its own.</summary>
    public static string WildcardOf(MediaKind kind) => kind switch
    {
        MediaKind.Video => "video/*",
        MediaKind.Audio => "audio/*",
        _ => "image/*",
    };

    public static FileKind ToFileKind(string? mediaType) =>
        mediaType is null ? FileKind.Image
        : mediaType.StartsWith("video/", StringComparison.OrdinalIgnoreCase) ? FileKind.Video
        : mediaType.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) ? FileKind.Audio
        : FileKind.Image;
}
