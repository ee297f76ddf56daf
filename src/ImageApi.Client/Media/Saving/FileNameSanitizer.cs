using System.Text;
using ImageApi.Client.Redaction;

namespace ImageApi.Client.Media.Saving;

/// <summary>Makes file names of what a server wrote: one segment, inside the directory, that every file system takes.</summary>
internal static class FileNameSanitizer
{
    private const int MaxBytes = 120;
    private const int MaxExtensionLength = 16;

    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$",
        "COM0", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9",
        "LPT0", "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9",
    };

    /// <summary>Names a medium, without an extension: after its link where that has a usable name.</summary>
    public static string FromMedia(GeneratedMedia media)
    {
        var fallback = FallbackName(media.Kind);
        if (media.Url is null || UriText.IsData(media.Url))
        {
            return fallback;
        }

        var path = UriText.WithoutQuery(media.Url);
        var segment = path.Substring(path.LastIndexOf('/') + 1);
        var name = Unescape(segment);
        return Sanitize(name.LastIndexOf('.') is >= 0 and var dot ? name.Substring(0, dot) : name, fallback); // Path refuses some characters on .NET Framework
    }

    /// <summary>Names a medium by what it is, as every file system takes it.</summary>
    public static string FallbackName(MediaKind kind) => kind switch { MediaKind.Video => "video", MediaKind.Audio => "audio", _ => "image" };

    /// <summary>Makes an extension that every file system takes, with its dot, of any that has one.</summary>
    public static string SanitizeExtension(string extension) => extension.Length == 0 ? extension : "." + (extension.Length <= MaxExtensionLength ? Sanitize(extension, "bin") : "bin");

    /// <summary>Makes a safe segment of any text.</summary>
    public static string Sanitize(string text, string fallback)
    {
        var safe = new StringBuilder(text.Length);
        var bytes = 0;
        foreach (var character in text)
        {
            if (IsSafe(character))
            {
                bytes += character < 0x80 ? 1 : 3;
                if (bytes > MaxBytes)
                {
                    break;
                }

                safe.Append(character);
            }
        }

        var name = safe.ToString().Trim('.', ' ', '-');
        return name.Length == 0 || Reserved.Contains(name.Split('.')[0]) ? fallback : name;
    }

    private static bool IsSafe(char character) => char.IsLetterOrDigit(character) || character is '-' or '_' or '.' or ' ' or '(' or ')';

    private static string Unescape(string segment)
    {
        var name = Uri.UnescapeDataString(segment);
        return name.Substring(name.LastIndexOfAny(['/', '\\']) + 1).Replace('\0', '_');
    }
}
