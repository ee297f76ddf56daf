using Microsoft.Extensions.AI;

namespace ImageApi.Client.Extensions.AI.Generation;

/// <summary>Makes contents of generated media: links, bytes, or the error of one that failed beside others.</summary>
internal static class MediaContents
{
    public static AIContent From(GeneratedMedia media, string? answerType, bool preferLinks)
    {
        var mediaType = MediaTypes.Valid(media.MimeType) ?? answerType;
        var content = media switch
        {
            { Data: { } data } when !preferLinks || media.Url is null => new DataContent(data, mediaType ?? MediaTypes.Any(media.Kind)),
            { Url: { } url } => FromLink(url, mediaType, media.Kind),
            { Error: { } error } => new ErrorContent(error.Message ?? "The server could not make this one.") { ErrorCode = error.Code, Details = error.Type },
            _ => new AIContent(),
        };

        content.RawRepresentation = media;
        content.AdditionalProperties = Describe(media);
        return content;
    }

    private static AIContent FromLink(string url, string? mediaType, MediaKind kind)
    {
        if (url.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            return FromDataLink(url, mediaType, kind);
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri))
        {
            // Some links are longer than a Uri takes: the raw representation has it.
            return new AIContent();
        }

        var content = new UriContent(uri, mediaType!); // without a type the name of the link tells it
        if (content.MediaType == MediaTypes.Unknown)
        {
            content.MediaType = MediaTypes.Any(kind);
        }

        return content;
    }

    private static AIContent FromDataLink(string url, string? mediaType, MediaKind kind)
    {
        try
        {
            return new DataContent(url, mediaType ?? (url.StartsWith("data:,", StringComparison.OrdinalIgnoreCase) ? MediaTypes.Any(kind) : null));
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            return new AIContent(); // as the server sent it, in the raw representation
        }
    }

    private static AdditionalPropertiesDictionary? Describe(GeneratedMedia media)
    {
        var properties = new AdditionalPropertiesDictionary();
        foreach (var member in media.AdditionalProperties)
        {
            properties[member.Key] = member.Value;
        }

        Add(properties, "revised_prompt", media.RevisedPrompt);
        Add(properties, "width", media.Width);
        Add(properties, "height", media.Height);
        Add(properties, "duration", media.Duration?.TotalSeconds);
        Add(properties, "expires_at", media.ExpiresAt);
        Add(properties, "job_id", media.JobId);
        return properties.Count > 0 ? properties : null;
    }

    private static void Add(AdditionalPropertiesDictionary properties, string name, object? value)
    {
        if (value is not null)
        {
            properties[name] = value;
        }
    }
}
