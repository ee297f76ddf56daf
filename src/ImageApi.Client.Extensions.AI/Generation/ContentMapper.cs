using ImageApi.Client.Extensions.AI.Internal;
using Microsoft.Extensions.AI;

namespace ImageApi.Client.Extensions.AI.Generation;

/// <summary>Makes contents of generated media: links, bytes, or the error of one that failed beside others.</summary>
internal static class ContentMapper
{
    public static AIContent Map(GeneratedMedia media, string? defaultMediaType, bool preferUrls)
    {
        var mediaType = MediaTypes.ValidOrNull(media.MimeType) ?? defaultMediaType;
        var content = media switch
        {
            { Data: { } data } when !preferUrls || media.Url is null => new DataContent(data, mediaType ?? MediaTypes.WildcardOf(media.Kind)),
            { Url: { } url } => FromUrl(url, mediaType, media.Kind),
            { Error: { } error } => new ErrorContent(error.Message ?? "The server could not make this one.") { ErrorCode = error.Code, Details = error.Type },
            _ => new AIContent(),
        };

        content.RawRepresentation = media;
        content.AdditionalProperties = ToAdditionalProperties(media);
        return content;
    }

    private static AIContent FromUrl(string url, string? mediaType, MediaKind kind)
    {
        if (url.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            return FromDataUrl(url, mediaType, kind);
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri))
        {
            // Some links are longer than a Uri takes: the raw representation has it.
            return new AIContent();
        }

        var content = new UriContent(uri, mediaType!); // without a type the name of the link tells it
        if (content.MediaType == MediaTypes.Unknown)
        {
            content.MediaType = MediaTypes.WildcardOf(kind);
        }

        return content;
    }

    private static AIContent FromDataUrl(string url, string? mediaType, MediaKind kind)
    {
        try
        {
            return new DataContent(url, mediaType ?? (url.StartsWith("data:,", StringComparison.OrdinalIgnoreCase) ? MediaTypes.WildcardOf(kind) : null));
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            return new AIContent(); // as the server sent it, in the raw representation
        }
    }

    private static AdditionalPropertiesDictionary? ToAdditionalProperties(GeneratedMedia media)
    {
        var properties = new AdditionalPropertiesDictionary();
        foreach (var member in media.AdditionalProperties)
        {
            properties[member.Key] = member.Value;
        }

        AddIfNotNull(properties, "revised_prompt", media.RevisedPrompt);
        AddIfNotNull(properties, "width", media.Width);
        AddIfNotNull(properties, "height", media.Height);
        AddIfNotNull(properties, "duration", media.Duration?.TotalSeconds);
        AddIfNotNull(properties, "expires_at", media.ExpiresAt);
        AddIfNotNull(properties, "job_id", media.JobId);
        return properties.Count > 0 ? properties : null;
    }

    private static void AddIfNotNull(AdditionalPropertiesDictionary properties, string name, object? value)
    {
        if (value is not null)
        {
            properties[name] = value;
        }
    }
}
