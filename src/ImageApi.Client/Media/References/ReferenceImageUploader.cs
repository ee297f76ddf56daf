using ImageApi.Client.Diagnostics.Internal;
using ImageApi.Client.Media.Formats;
using ImageApi.Client.Media.Sources;
using Microsoft.Extensions.Logging;

namespace ImageApi.Client.Media.References;

/// <summary>Uploads large reference images before a request, each content once, and gives the links to send in their place.</summary>
/// <param name="threshold">The size in bytes from which they are uploaded.</param>
/// <param name="cache">Knows what was uploaded already.</param>
/// <param name="upload">Uploads bytes under a file name and a media type.</param>
/// <param name="logger">Logs uploads whose response contains no URL.</param>
internal sealed class ReferenceImageUploader(
    long threshold, UploadCache cache, Func<ContentSource, string, string, CancellationToken, Task<CachedUpload>> upload, ILogger logger)
{
    /// <summary>Finds a link for the bytes, by uploading them if need be.</summary>
    /// <returns>The link; null when the bytes are to travel inside the request. The source is left open, to be rewound.</returns>
    public async ValueTask<string?> GetUrlAsync(ContentSource source, string mimeType, CancellationToken cancellationToken)
    {
        if (!source.CanReplay || !(source.Length >= threshold))
        {
            return null;
        }

        using var hashed = await HashingSource.ReadAsync(source, cancellationToken).ConfigureAwait(false);

        // under a name of no meaning: inside a request a file has none either, and the same bytes may have several
        var uploaded = await cache.GetAsync(hashed.Hash, token => upload(hashed, "reference" + MediaTypes.ExtensionOf(mimeType), mimeType, token), cancellationToken).ConfigureAwait(false);
        if (uploaded.Url is null)
        {
            logger.UploadWithoutUrl(source.Length.GetValueOrDefault());
        }

        return uploaded.Url;
    }

    /// <summary>Forgets a link that may no longer work.</summary>
    public void Remove(string url) => cache.Remove(url);
}
