using ImageApi.Client.Diagnostics;
using Microsoft.Extensions.Logging;

namespace ImageApi.Client.Media;

/// <summary>Uploads large reference images before a request, each content once, and gives the links to send in their place.</summary>
/// <param name="from">The size in bytes from which they are uploaded.</param>
/// <param name="memory">Knows what was uploaded already.</param>
/// <param name="upload">Uploads bytes under a file name and a media type.</param>
/// <param name="logger">Is told when the server gives no link.</param>
internal sealed class ReferenceUploads(
    long from, LinkMemory memory, Func<MediaSource, string, string, CancellationToken, Task<UploadedLink>> upload, ILogger logger)
{
    /// <summary>Finds a link for the bytes, by uploading them if need be.</summary>
    /// <returns>The link; null when the bytes are to travel inside the request. The source is left open, to be rewound.</returns>
    public async ValueTask<string?> FindLinkAsync(MediaSource source, string mimeType, CancellationToken cancellationToken)
    {
        if (!source.CanRepeat || !(source.Length >= from))
        {
            return null;
        }

        using var hashed = await HashedSource.ReadAsync(source, cancellationToken).ConfigureAwait(false);

        // under a name of no meaning: inside a request a file has none either, and the same bytes may have several
        var link = await memory.GetAsync(hashed.Hash, token => upload(hashed, "reference" + MimeTypes.ExtensionOf(mimeType), mimeType, token), cancellationToken).ConfigureAwait(false);
        if (link.Url is null)
        {
            logger.UploadWithoutLink(source.Length.GetValueOrDefault());
        }

        return link.Url;
    }

    /// <summary>Forgets a link that may no longer work.</summary>
    public void Forget(string url) => memory.Forget(url);
}
