using ImageApi.Client.Validation;

namespace ImageApi.Client.Media.Formats;

/// <summary>The media types that the library knows, with their file extensions.</summary>
internal static class MediaTypes
{
    public const string Png = "image/png";
    public const string Apng = "image/apng";
    public const string Jpeg = "image/jpeg";
    public const string Webp = "image/webp";
    public const string Gif = "image/gif";
    public const string Bmp = "image/bmp";
    public const string Avif = "image/avif";
    public const string Heic = "image/heic";
    public const string Mp4 = "video/mp4";
    public const string Mov = "video/quicktime";
    public const string Webm = "video/webm";
    public const string Wav = "audio/wav";
    public const string Mp3 = "audio/mpeg";
    public const string Ogg = "audio/ogg";
    public const string Flac = "audio/flac";
    public const string M4a = "audio/mp4";
    public const string Unknown = "application/octet-stream";

    private static readonly Dictionary<string, string> ByExtension = new(StringComparer.OrdinalIgnoreCase)
    {
        [".png"] = Png, [".apng"] = Apng, [".jpg"] = Jpeg, [".jpeg"] = Jpeg, [".webp"] = Webp, [".gif"] = Gif, [".bmp"] = Bmp,
        [".avif"] = Avif, [".heic"] = Heic, [".mp4"] = Mp4, [".mov"] = Mov, [".webm"] = Webm,
        [".wav"] = Wav, [".mp3"] = Mp3, [".ogg"] = Ogg, [".flac"] = Flac, [".m4a"] = M4a,
    };

    private static readonly Dictionary<string, string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        [Png] = ".png", [Apng] = ".apng", [Jpeg] = ".jpg", [Webp] = ".webp", [Gif] = ".gif", [Bmp] = ".bmp",
        [Avif] = ".avif", [Heic] = ".heic", [Mp4] = ".mp4", [Mov] = ".mov", [Webm] = ".webm",
        [Wav] = ".wav", [Mp3] = ".mp3", [Ogg] = ".ogg", [Flac] = ".flac", [M4a] = ".m4a",
    };

    /// <summary>Finds the type by the extension. Not with <see cref="Path"/>, which refuses some characters on .NET Framework.</summary>
    public static string? FromFileName(string name) =>
        name.LastIndexOf('.') is >= 0 and var dot && ByExtension.TryGetValue(name.Substring(dot), out var mimeType) ? mimeType : null;

    public static string? ExtensionOf(string? mimeType) =>
        mimeType is not null && Extensions.TryGetValue(mimeType.Split(';')[0].Trim(), out var extension) ? extension : null;

    /// <summary>Guards a type that the caller gives: <c>type/subtype</c> of token characters.</summary>
    public static void ThrowIfNot(string? mimeType, string paramName)
    {
        if (mimeType is null)
        {
            return;
        }

        var parts = mimeType.Split('/');
        if (parts.Length != 2 || !parts.All(static part => part.Length is > 0 and < 128 && part.All(HeaderValidation.IsTokenCharacter)))
        {
            throw new ArgumentException("A media type must have the form type/subtype, such as image/png.", paramName);
        }
    }

    public static MediaKind? KindOf(string? mimeType) =>
        mimeType is null ? null
        : mimeType.StartsWith("image/", StringComparison.OrdinalIgnoreCase) ? MediaKind.Image
        : mimeType.StartsWith("video/", StringComparison.OrdinalIgnoreCase) ? MediaKind.Video
        : mimeType.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) ? MediaKind.Audio
        : null;
}
