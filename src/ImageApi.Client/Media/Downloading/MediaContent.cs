using ImageApi.Client.Http;
using ImageApi.Client.Http.Failures;
using ImageApi.Client.Redaction;

namespace ImageApi.Client.Media.Downloading;

/// <summary>Finds out where the content of media is: behind a URL, or in the medium itself.</summary>
internal static class MediaContent
{
    /// <summary>Lists the URLs of media.</summary>
    public static IReadOnlyList<string> UrlsOf(IEnumerable<GeneratedMedia> media) => [.. media.Select(static item => item.Url).OfType<string>()];

    /// <summary>Returns whether a medium contains its bytes, which cannot be downloaded again.</summary>
    public static bool IsInline(GeneratedMedia media) => media.Data is not null || UriText.IsData(media.Url);

    /// <summary>Throws when a medium has neither a URL nor bytes.</summary>
    public static void ThrowIfEmpty(ApiOperation operation, GeneratedMedia media)
    {
        if (media.Url is not null || media.Data is not null)
        {
            return;
        }

        if (media.Error is not { } error)
        {
            throw new ArgumentException("The medium has neither a link nor bytes.", nameof(media));
        }

        throw ExceptionFactory.GenerationFailed(operation, media.JobId, error);
    }
}
