using System.Text;
using System.Text.Json;
using Xunit.Sdk;

namespace ImageApi.Client.Tests.Support;

/// <summary>The forms that a key may have in a text, and a search for them.</summary>
internal static class KeyForms
{
    /// <summary>As it is, in base64, escaped for a URL, and escaped for JSON in two ways.</summary>
    public static IReadOnlyList<string> Of(string key) =>
    [
        key,
        Convert.ToBase64String(Encoding.UTF8.GetBytes(key)),
        Uri.EscapeDataString(key),
        JsonEncodedText.Encode(key).Value,
        string.Concat(key.Select(static c => $"\\u{(int)c:x4}")),
    ];

    /// <summary>Fails when a text holds the key in any form. What it says must not show the key either, but where it was found.</summary>
    public static void AssertNowhere(string key, IEnumerable<(string Place, string? Text)> texts)
    {
        var forms = Of(key);
        foreach (var (place, text) in texts)
        {
            for (var form = 0; form < forms.Count; form++)
            {
                if (text?.Contains(forms[form], StringComparison.OrdinalIgnoreCase) == true)
                {
                    throw new XunitException($"{place} shows the key in form {form}: {text}");
                }
            }
        }
    }
}
