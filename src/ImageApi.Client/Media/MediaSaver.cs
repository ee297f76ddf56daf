using ImageApi.Client.Http;

namespace ImageApi.Client.Media;

/// <summary>Saves several media at once, and says what was saved when one of them fails.</summary>
internal sealed class MediaSaver(MediaFetcher fetcher)
{
    /// <summary>Saves them, in the order given; links are downloaded several at once.</summary>
    public async Task<IReadOnlyList<SavedMedia>> SaveAllAsync(
        ApiOperation operation, IReadOnlyList<GeneratedMedia> media, SavePattern pattern, SaveOptions options, SharedProgress progress, CancellationToken cancellationToken)
    {
        using var places = new SemaphoreSlim(options.MaxParallelDownloads);
        var saved = new SavedMedia[media.Count];
        try
        {
            await Task.WhenAll(Enumerable.Range(0, media.Count).Select(SaveAsync)).ConfigureAwait(false);
            return saved;
        }
        catch (Exception e)
        {
            SavedPaths.Add(
                e, [.. saved.Where(static item => item is not null).Select(static item => item.Path)], GeneratedMedia.LinksOf(media.Where((_, i) => saved[i] is null)));
            throw;
        }

        async Task SaveAsync(int i)
        {
            var medium = media[i];
            if (medium.Sink is FileSink sink)
            {
                var type = sink.DetectedType ?? medium.MimeType;
                Saved(pattern.Place(sink.File, medium, i + 1, type, options.Overwrite), sink.Length, type);
                return;
            }

            GeneratedMedia.ThrowIfNothing(operation, medium);
            await places.WaitAsync(CancellationToken.None).ConfigureAwait(false); // a cancelled download ends at once, and knows more to say
            try
            {
                using var file = AtomicFile.CreateIn(pattern.Directory);
                var (bytes, mimeType) = await fetcher.FetchAsync(operation, medium, file, options.Timeout, progress.Part(), cancellationToken).ConfigureAwait(false);
                Saved(pattern.Place(file, medium, i + 1, mimeType, options.Overwrite), bytes, mimeType);
            }
            finally
            {
                places.Release();
            }

            void Saved(string path, long bytes, string? type) => saved[i] = new SavedMedia { Path = path, Bytes = bytes, MimeType = type, Media = medium with { Sink = null } };
        }
    }
}
