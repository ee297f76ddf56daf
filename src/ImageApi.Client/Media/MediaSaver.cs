using System.Runtime.ExceptionServices;
using ImageApi.Client.Http;

namespace ImageApi.Client.Media;

/// <summary>Saves several media at once, and says what was saved when one of them fails.</summary>
internal sealed class MediaSaver(MediaFetcher fetcher)
{
    /// <summary>Saves them, in the order given; links are downloaded several at once.</summary>
    /// <param name="operation">The call that saves.</param>
    /// <param name="media">What to save.</param>
    /// <param name="pattern">Names for the files.</param>
    /// <param name="options">Whether to overwrite, and how many downloads at once.</param>
    /// <param name="progress">Is told of all of them together.</param>
    /// <param name="facts">What an error is to tell of the purchase that they come from.</param>
    /// <param name="cancellationToken">Cancels the downloads.</param>
    public async Task<IReadOnlyList<SavedMedia>> SaveAllAsync(
        ApiOperation operation,
        IReadOnlyList<GeneratedMedia> media,
        SavePattern pattern,
        SaveOptions options,
        SharedProgress progress,
        PurchaseFacts facts,
        CancellationToken cancellationToken)
    {
        using var places = new SemaphoreSlim(options.MaxParallelDownloads);
        var saved = new SavedMedia[media.Count];
        var kept = new string?[media.Count];
        try
        {
            await Task.WhenAll(Enumerable.Range(0, media.Count).Select(SaveAsync)).ConfigureAwait(false);
            progress.Failure?.Throw();
            return saved;
        }
        catch (Exception e)
        {
            PurchaseFacts.Tell(e, facts with
            {
                SavedPaths = [.. kept.OfType<string>()],
                UnsavedLinks = GeneratedMedia.LinksOf(media.Where((_, i) => kept[i] is null)),
            });
            throw;
        }

        async Task SaveAsync(int i)
        {
            var medium = media[i];
            if (medium.Sink is FileSink sink)
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

            GeneratedMedia.ThrowIfNothing(operation, medium);
            await places.WaitAsync(CancellationToken.None).ConfigureAwait(false); // a cancelled download ends at once, and knows more to say
            try
            {
                using var file = AtomicFile.CreateIn(pattern.Directory);
                var (bytes, mimeType) = await fetcher.FetchAsync(operation, medium, file, options.Timeout, progress.Part(), cancellationToken).ConfigureAwait(false);
                Saved(Place(file, mimeType, GeneratedMedia.HoldsBytes(medium)), bytes, mimeType);
            }
            finally
            {
                places.Release();
            }

            string Place(AtomicFile file, string? type, bool hasOnlyCopy)
            {
                try
                {
                    return pattern.Place(file, medium, i + 1, type, options.Overwrite);
                }
                catch (Exception) when (hasOnlyCopy)
                {
                    kept[i] = file.Keep();
                    throw;
                }
            }

            void Saved(string path, long bytes, string? type)
            {
                kept[i] = path;
                saved[i] = new SavedMedia { Path = path, Bytes = bytes, MimeType = type, Media = medium with { Sink = null } };
            }
        }
    }
}
