using System.Text;
using System.Text.Json;
using Xunit.Sdk;

namespace ImageApi.Client.Tests.Support;

/// <summary>The forms that a key may have in a text, and a search for them.</summary>
internal static class ApiKeyEncodings
{
    /// <summary>As it is, in base64, escaped for a URL, and escaped for JSON in two ways.</summary>
    public static IReadOnlyList<string> AllOf(string apiKey) =>
    [
        apiKey,
        Convert.ToBase64String(Encoding.UTF8.GetBytes(apiKey)),
        Uri.EscapeDataString(apiKey),
        JsonEncodedText.Encode(apiKey).Value,
        string.Concat(apiKey.Select(static c => $"\\u{(int)c:x4}")),
    ];

    /// <summary>Fails when a text holds the key in any form. What it says must not show the key either, but where it was found.</summary>
    public static void AssertAbsent(string apiKey, IEnumerable<(string Place, string? Text)> texts)
    {
        var encodings = AllOf(apiKey);
        foreach (var (place, text) in texts)
        {
            for (var index = 0; index < encodings.Count; index++)
            {
                if (text?.Contains(encodings[index], StringComparison.OrdinalIgnoreCase) == true)
                {
                    throw new XunitException($"{place} shows the key in form {index}: {text}");
                }
            }
        }
    }
}
