using System.Text.Json;
using ImageApi.Client.Redaction;

namespace ImageApi.Client.Parsing;

/// <summary>Finds links to media in the beginning of an answer that could not be read to its end: they were paid for.</summary>
internal static class PartialMediaUrls
{
    private static readonly string[] Names = ["url", "image_url"];

    /// <summary>What a server repeats of the request holds links as well, which are nobody's pictures.</summary>
    private static readonly string[] EchoedFields = ["input", "reference_images", "reference_image_urls"];

    /// <summary>Finds the links that are whole.</summary>
    /// <param name="text">What was kept of the answer.</param>
    /// <param name="baseAddress">The address that relative links are resolved against.</param>
    public static IReadOnlyList<string> Find(ReadOnlySpan<byte> text, Uri baseAddress)
    {
        var urls = new List<string>();
        var reader = new Utf8JsonReader(text, isFinalBlock: false, state: default);
        try
        {
            string? name = null;
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName)
                {
                    name = reader.GetString();
                    if (Array.IndexOf(EchoedFields, name) >= 0 && !reader.TrySkip())
                    {
                        break;
                    }

                    continue;
                }

                if (reader.TokenType == JsonTokenType.String && Array.IndexOf(Names, name) >= 0
                    && reader.GetString() is { } url && !string.IsNullOrWhiteSpace(url) && Uri.TryCreate(baseAddress, url.Trim(), out var uri) && UriText.IsHttp(uri.AbsoluteUri) && !urls.Contains(uri.AbsoluteUri, StringComparer.Ordinal))
                {
                    urls.Add(uri.AbsoluteUri);
                }

                name = null;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // what comes behind that is no JSON
        }

        return urls;
    }
}
