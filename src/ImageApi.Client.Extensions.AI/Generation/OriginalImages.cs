using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace ImageApi.Client.Extensions.AI.Generation;

/// <summary>Makes reference images of the original images, of every one.</summary>
[Experimental(Experiment.Id, UrlFormat = Experiment.UrlFormat)]
internal static class OriginalImages
{
    public static IReadOnlyList<ReferenceImage>? ToReferences(IEnumerable<AIContent>? images) =>
        images?.Select(ToReference).ToList() is { Count: > 0 } references ? references : null;

    private static ReferenceImage ToReference(AIContent image) => image switch
    {
        DataContent data => FromData(data),
        UriContent link => FromLink(link),
        HostedFileContent file => FromFile(file),
        null => throw Refusal.OfRequest("The original images must not hold null."),
        _ => throw Refusal.OfRequest($"An original image cannot be a {image.GetType().Name}: give DataContent, UriContent or HostedFileContent."),
    };

    private static ReferenceImage FromData(DataContent data)
    {
        ThrowIfNoImage(data.MediaType);
        return ReferenceImage.FromBytes(data.Data, MediaTypes.Definite(data.MediaType));
    }

    private static ReferenceImage FromLink(UriContent link)
    {
        ThrowIfNoImage(link.MediaType);

        // UriContent is meant for web links, but takes any.
        return link.Uri is { IsAbsoluteUri: true, Scheme: "data" } uri
            ? FromData(new DataContent(uri, link.MediaType))
            : ReferenceImage.FromUrl(link.Uri);
    }

    private static ReferenceImage FromFile(HostedFileContent file)
    {
        ThrowIfNoImage(file.MediaType);
        return HostedFiles.IsLink(file.FileId) ? ReferenceImage.FromUrl(file.FileId)
            : file.RawRepresentation is UploadedFile upload ? upload.ToReference()
            : throw new InvalidOperationException(
                $"The hosted file {file.FileId.Split('?')[0]} is an id without a link, and reference images take links. Send the file itself as DataContent.");
    }

    /// <summary>The media type of a link may be a guess after its name: only what is surely no image is refused.</summary>
    private static void ThrowIfNoImage(string? mediaType)
    {
        if (mediaType is not null && Array.Exists(["video/", "audio/", "text/"], top => mediaType.StartsWith(top, StringComparison.OrdinalIgnoreCase)))
        {
            throw Refusal.OfRequest($"An original image cannot be of the media type {mediaType}.");
        }
    }
}
