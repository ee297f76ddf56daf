using ImageApi.Client.Http;
using ImageApi.Client.Media.Destinations;
using ImageApi.Client.Media.Downloading;
using ImageApi.Client.Media.Formats;
using ImageApi.Client.Media.Saving;

namespace ImageApi.Client;

/// <summary>Fetches what was generated: to files, streams, or as a stream to read from.</summary>
/// <remarks>
/// Links, bytes that came with an answer, and <c>data:</c> links are all handled alike. The API key is not sent to links.
/// Memory does not grow with the size of what is fetched. Instances can be used by many threads at once.
/// </remarks>
public class MediaClient
{
    private static readonly ApiOperation Save = new("media.save", OperationKind.Download, "Timeouts.Download, or SaveOptions.Timeout");
    private static readonly ApiOperation CopyTo = new("media.copy", OperationKind.Download, "Timeouts.Download, or TransferOptions.Timeout");
    private static readonly ApiOperation OpenRead = new("media.open", OperationKind.Download, "Timeouts.Download, or TransferOptions.Timeout");

    private readonly MediaDownloader _downloader;

    internal MediaClient(MediaDownloader downloader) => _downloader = downloader;

    /// <summary>Initializes an instance for mocking.</summary>
    protected MediaClient()
    {
        _downloader = null!;
    }

    /// <summary>Saves a medium to a file, which appears whole or not at all.</summary>
    /// <param name="media">What to save.</param>
    /// <param name="path">A file; or an existing directory, or a path that ends with a separator, in which the file gets a name after its
    /// link, the extension of its real type, and a number where the name is taken. Missing directories are made.</param>
    /// <param name="options">Whether to overwrite, progress, and the time limit.</param>
    /// <param name="cancellationToken">Cancels it; nothing stays on the disk then.</param>
    /// <returns>Where it lies.</returns>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty, or <paramref name="media"/> has neither link nor bytes.</exception>
    /// <exception cref="IOException">The file exists and is not to be overwritten, or the disk failed. Bytes that came with an answer and were refused under this
    /// name only are kept beside it; <see cref="RequestInfo.SavedFiles"/> names the file.</exception>
    /// <exception cref="ImageApiException">The download failed. The reason is <see cref="ImageApiFailureReason.Download"/> when the server generated none
    /// (its <see cref="GeneratedMedia.Error"/>), or the URL did not return a complete image, video or audio file.</exception>
    /// <exception cref="ImageApiCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <example>
    /// <code>
    /// var result = await client.Images.GenerateAsync(new ImageRequest { Prompt = "a red fox in the snow" });
    /// var saved = await client.Media.SaveAsync(result.Images[0], "images/");
    /// Console.WriteLine(saved.Path);
    /// </code>
    /// </example>
    public virtual async Task<SavedMedia> SaveAsync(GeneratedMedia media, string path, SaveOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(media);
        MediaContent.ThrowIfEmpty(Save, media);
        var target = SavePath.Parse(path);
        var overwrite = options?.Overwrite ?? false;

        string? keptPath = null;
        try
        {
            target.Prepare(overwrite);
            using var file = AtomicFileWriter.CreateIn(target.Directory);
            var (bytes, mimeType) = await _downloader.DownloadAsync(Save, media, file, options?.Timeout, options?.Progress, cancellationToken).ConfigureAwait(false);
            return new SavedMedia { Path = Place(file, mimeType), SizeInBytes = bytes, MimeType = mimeType, Media = media };
        }
        catch (Exception e)
        {
            RequestInfo.AttachIfExternal(e, InfoFor([media]) with { SavedFiles = keptPath is null ? [] : [keptPath], PendingUrls = keptPath is null ? MediaContent.UrlsOf([media]) : [] });
            throw;
        }

        string Place(AtomicFileWriter file, string? mimeType)
        {
            try
            {
                if (target.FilePath is not { } path)
                {
                    return file.MoveInto(target.Directory, FileNameSanitizer.FromMedia(media), MediaTypes.ExtensionOf(mimeType) ?? ".bin", FileNameSanitizer.FallbackName(media.Kind), overwrite);
                }

                file.MoveTo(path, overwrite);
                return path;
            }
            catch (Exception) when (MediaContent.IsInline(media))
            {
                keptPath = KeepUnplaced(file, target, media);
                throw;
            }
        }
    }

    /// <summary>Saves several media, such as all of a job's output; links are downloaded several at once. Each file appears whole or not at all.</summary>
    /// <param name="media">What to save.</param>
    /// <param name="directoryOrPattern">An existing directory, or a path that ends with a separator, in which the files get names after their links,
    /// the extension of their real type, and a number where a name is taken; or a file name in which <c>{index}</c> stands for the position, from 1 on,
    /// and <c>{ext}</c> for the extension of the real type. Without <c>{index}</c> the number follows the name from the second file on. Missing directories are made.</param>
    /// <param name="options">Whether to overwrite, progress, how many at once, and the time limit of each download.</param>
    /// <param name="cancellationToken">Cancels it; what is saved by then stays.</param>
    /// <returns>Where they lie, in the order given.</returns>
    /// <exception cref="ArgumentException"><paramref name="directoryOrPattern"/> is empty, or one of <paramref name="media"/> has neither link nor bytes nor error.</exception>
    /// <exception cref="IOException">A file exists and is not to be overwritten, or the disk failed; all others were tried, and <see cref="RequestInfo.FromException"/> names the files
    /// that lie there. A file whose name the disk refuses gets a plainer one.</exception>
    /// <exception cref="ImageApiException">One could not be saved; all others were tried, and <see cref="RequestInfo.SavedFiles"/> names the files that lie there.</exception>
    /// <exception cref="ImageApiCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <example>
    /// <code>
    /// var job = await client.Jobs.RunAsync(new JobRequest { Input = new ImageJobInput { Prompt = "a red fox in the snow", Count = 4 } });
    /// await client.Media.SaveAllAsync(job.Output.Images, "foxes/fox-{index}.{ext}");
    /// </code>
    /// </example>
    public virtual async Task<IReadOnlyList<SavedMedia>> SaveAllAsync(
        IEnumerable<GeneratedMedia> media, string directoryOrPattern, SaveOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(media);
        var list = media.ToList();
        var template = SavePathTemplate.Parse(directoryOrPattern);
        options ??= new SaveOptions();
        try
        {
            template.Prepare(options.Overwrite, list.Count);
        }
        catch (Exception e)
        {
            RequestInfo.Attach(e, InfoFor(list) with { PendingUrls = MediaContent.UrlsOf(list) });
            throw;
        }

        return await new MediaSaver(_downloader).SaveAllAsync(Save, list, sinks: [], template, options, new AggregateProgress(options.Progress, _downloader.Time), InfoFor(list), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Copies a medium into a stream, which is left open. What has been copied when an error comes is not taken back.</summary>
    /// <param name="media">What to copy.</param>
    /// <param name="stream">A writable stream.</param>
    /// <param name="options">Progress and the time limit.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>A task that ends when all is copied and found whole.</returns>
    /// <exception cref="ArgumentException"><paramref name="stream"/> cannot be written, or <paramref name="media"/> has neither link nor bytes.</exception>
    /// <exception cref="ImageApiException">The download failed. The reason is <see cref="ImageApiFailureReason.Download"/> when the server generated none
    /// (its <see cref="GeneratedMedia.Error"/>), or the URL did not return a complete image, video or audio file.</exception>
    /// <exception cref="ImageApiCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <example>
    /// <code>
    /// var job = await client.Jobs.WaitAsync("job_example");
    /// await client.Media.CopyToAsync(job.Output.Images[0], response.Body);
    /// </code>
    /// </example>
    public virtual async Task CopyToAsync(GeneratedMedia media, Stream stream, TransferOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(media);
        ArgumentNullException.ThrowIfNull(stream);
        MediaContent.ThrowIfEmpty(CopyTo, media);
        if (!stream.CanWrite)
        {
            throw new ArgumentException("The stream cannot be written.", nameof(stream));
        }

        await _downloader.DownloadAsync(CopyTo, media, new StreamTarget(stream), options?.Timeout, options?.Progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens a medium for reading. The end of the stream is only reported when the medium is whole; else the last read throws.</summary>
    /// <param name="media">What to read.</param>
    /// <param name="options">Progress, and the time limit until the first byte.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    /// <returns>A stream that only goes forward. The caller disposes it.</returns>
    /// <exception cref="ArgumentException"><paramref name="media"/> has neither link nor bytes.</exception>
    /// <exception cref="ImageApiException">The download failed. The reason is <see cref="ImageApiFailureReason.Download"/> when the server generated none
    /// (its <see cref="GeneratedMedia.Error"/>), or the URL did not return a complete image, video or audio file.</exception>
    /// <exception cref="ImageApiCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <example>
    /// <code>
    /// var job = await client.Jobs.WaitAsync("job_example");
    /// await using var picture = await client.Media.OpenReadAsync(job.Output.Images[0]);
    /// await bucket.UploadAsync("fox.png", picture);
    /// </code>
    /// </example>
    public virtual Task<Stream> OpenReadAsync(GeneratedMedia media, TransferOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(media);
        MediaContent.ThrowIfEmpty(OpenRead, media);

        return _downloader.OpenReadAsync(OpenRead, media, options, cancellationToken);
    }

    private static RequestInfo InfoFor(IEnumerable<GeneratedMedia> media) =>
        new() { Operation = Save.Name, Outcome = RequestOutcome.Accepted, JobId = media.Select(static item => item.JobId).FirstOrDefault(static id => id is not null) };

    /// <summary>Keeps a file that did not get its name: under another one in the same directory, else under that of an unfinished file.</summary>
    private static string? KeepUnplaced(AtomicFileWriter file, SavePath target, GeneratedMedia media)
    {
        try
        {
            var extension = Path.GetExtension(target.FileName) ?? string.Empty;
            var name = target.FileName is { } own ? own.Substring(0, own.Length - extension.Length) : FileNameSanitizer.FromMedia(media);
            return file.MoveInto(target.Directory, name, extension, FileNameSanitizer.FallbackName(media.Kind), overwrite: false);
        }
        catch (Exception e) when (AtomicFileWriter.IsDiskError(e))
        {
            return file.KeepTemporary();
        }
    }
}
