using System.Diagnostics.CodeAnalysis;
using ImageApi.Client.Extensions.AI.Internal;
using Microsoft.Extensions.AI;

namespace ImageApi.Client.Extensions.AI.Generation;

/// <summary>Makes reference images of the original images, of every one.</summary>
[Experimental(ExperimentalDiagnostic.DiagnosticId, UrlFormat = ExperimentalDiagnostic.UrlFormat)]
internal static class ReferenceImageMapper
{
    public static IReadOnlyList<ReferenceImage>? ToReferences(IEnumerable<AIContent>? images) =>
        images?.Select(ToReference).ToList() is { Count: > 0 } referenceImages ? referenceImages : null;

    private static ReferenceImage ToReference(AIContent image) => image switch
    {
        DataContent data => FromData(data),
        UriContent uriContent => FromUrl(uriContent),
        HostedFileContent file => FromFile(file),
        null => throw Throw.InvalidRequest("The original images must not hold null."),
        _ => throw Throw.InvalidRequest($"An original image cannot be a {image.GetType().Name}: give DataContent, UriContent or HostedFileContent."),
    };

    private static ReferenceImage FromData(DataContent data)
    {
        ThrowIfNotImage(data.MediaType);
        return ReferenceImage.FromBytes(data.Data, MediaTypes.SpecificOrNull(data.MediaType));
    }

    private static ReferenceImage FromUrl(UriContent uriContent)
    {
        ThrowIfNotImage(uriContent.MediaType);

        // UriContent is meant for web links, but takes any.
        return uriContent.Uri is { IsAbsoluteUri: true, Scheme: "data" } uri
            ? FromData(new DataContent(uri, uriContent.MediaType))
            : ReferenceImage.FromUrl(uriContent.Uri);
    }

    private static ReferenceImage FromFile(HostedFileContent file)
    {
        ThrowIfNotImage(file.MediaType);
        return HostedFileId.IsUrl(file.FileId) ? ReferenceImage.FromUrl(file.FileId)
            : file.RawRepresentation is UploadedFile upload ? upload.ToReference()
            : throw new InvalidOperationException(
                $"The hosted file {file.FileId.Split('?')[0]} is an id without a link, and reference images take links. Send the file itself as DataContent.");
    }

    /// <summary>Rejects only media types that are certainly no image, because the media type of a URL may be a guess.</summary>
    private static void ThrowIfNotImage(string? mediaType)
    {
        if (mediaType is not null && Array.Exists(["video/", "audio/", "text/"], prefix => mediaType.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
        {
            throw Throw.InvalidRequest($"An original image cannot be of the media type {mediaType}.");
        }
    }
}
