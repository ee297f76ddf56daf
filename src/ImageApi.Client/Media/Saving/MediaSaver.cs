using System.Runtime.ExceptionServices;
using ImageApi.Client.Http;
using ImageApi.Client.Media.Destinations;
using ImageApi.Client.Media.Downloading;

namespace ImageApi.Client.Media.Saving;

/// <summary>Saves several media at once, and says what was saved when one of them fails.</summary>
internal sealed class MediaSaver(MediaDownloader downloader)
{
    /// <summary>Saves them, in the order given; links are downloaded several at once.</summary>
    /// <param name="operation">The call that saves.</param>
    /// <param name="media">What to save.</param>
    /// <param name="sinks">The files that the media were written to while the response was read, by position.</param>
    /// <param name="template">Names for the files.</param>
    /// <param name="options">Whether to overwrite, and how many downloads at once.</param>
    /// <param name="progress">Is told of all of them together.</param>
    /// <param name="info">What an error is to tell of the purchase that they come from.</param>
    /// <param name="cancellationToken">Cancels the downloads.</param>
    public async Task<IReadOnlyList<SavedMedia>> SaveAllAsync(
        ApiOperation operation,
        IReadOnlyList<GeneratedMedia> media,
        IReadOnlyList<MediaSink?> sinks,
        SavePathTemplate template,
        SaveOptions options,
        AggregateProgress progress,
        RequestInfo info,
        CancellationToken cancellationToken)
    {
        using var slots = new SemaphoreSlim(options.MaxParallelDownloads);
        var saved = new SavedMedia[media.Count];
        var paths = new string?[media.Count];
        try
        {
            await Task.WhenAll(Enumerable.Range(0, media.Count).Select(SaveAsync)).ConfigureAwait(false);
            progress.Failure?.Throw();
            return saved;
        }
        catch (Exception e)
        {
            RequestInfo.Attach(e, info with
            {
                SavedFiles = [.. paths.OfType<string>()],
                PendingUrls = MediaContent.UrlsOf(media.Where((_, i) => paths[i] is null)),
            });
            throw;
        }

        async Task SaveAsync(int i)
        {
            var medium = media[i];
            if (i < sinks.Count && sinks[i] is FileSink sink)
            {
                if (sink.Failure is null)
                {
                    var type = sink.DetectedType ?? medium.MimeType;
                    Saved(Place(sink.File, type, hasOnlyCopy: true), sink.Length, type);
                    return;
                }

                if (medium.Url is null)
                {
                    ExceptionDispatchInfo.Capture(sink.Failure).Throw();
                }
            }

            MediaContent.ThrowIfEmpty(operation, medium);
            await slots.WaitAsync(CancellationToken.None).ConfigureAwait(false); // a cancelled download ends at once, and knows more to say
            try
            {
                using var file = AtomicFileWriter.CreateIn(template.Directory);
                var (bytes, mimeType) = await downloader.DownloadAsync(operation, medium, file, options.Timeout, progress.CreatePart(), cancellationToken).ConfigureAwait(false);
                Saved(Place(file, mimeType, MediaContent.IsInline(medium)), bytes, mimeType);
            }
            finally
            {
                slots.Release();
            }

            string Place(AtomicFileWriter file, string? type, bool hasOnlyCopy)
            {
                try
                {
                    return template.Place(file, medium, i + 1, type, options.Overwrite);
                }
                catch (Exception) when (hasOnlyCopy)
                {
                    paths[i] = file.KeepTemporary();
                    throw;
                }
            }

            void Saved(string path, long bytes, string? type)
            {
                paths[i] = path;
                saved[i] = new SavedMedia { Path = path, SizeInBytes = bytes, MimeType = type, Media = medium };
            }
        }
    }
}
