using System.Text;

namespace ImageApi.Client.Files.Internal;

/// <summary>The rules for names in a multipart form, as <c>curl -F</c> keeps them.</summary>
internal static class MultipartFileName
{
    private const string DefaultName = "file";

    /// <summary>Takes the last segment of a path, whichever separators it has; control characters but line breaks go.</summary>
    public static string LastSegment(string path)
    {
        var name = path.Substring(path.LastIndexOfAny(['/', '\\']) + 1);
        var sanitized = new string([.. name.Where(static c => !char.IsControl(c) || c is '\r' or '\n')]);
        return string.IsNullOrWhiteSpace(sanitized) || sanitized is "." or ".." ? DefaultName : sanitized;
    }

    /// <summary>Escapes what would end a quoted name.</summary>
    public static string Escape(string name)
    {
        var text = new StringBuilder(name.Length);
        foreach (var character in name)
        {
            _ = character switch
            {
                '"' => text.Append("%22"),
                '\r' => text.Append("%0D"),
                '\n' => text.Append("%0A"),
                _ => text.Append(character),
            };
        }

        return text.ToString();
    }
}
