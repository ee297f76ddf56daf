using ImageApi.Client.Http;
using ImageApi.Client.Images.Internal;
using ImageApi.Client.Media.Destinations;
using ImageApi.Client.Media.Downloading;
using ImageApi.Client.Media.References;
using ImageApi.Client.Media.Saving;

namespace ImageApi.Client;

/// <summary>Generates images synchronously: <c>POST /v1/images/generations</c>.</summary>
/// <remarks>Instances are thread-safe.</remarks>
public class ImagesClient
{
    private readonly ApiTransport _transport;
    private readonly MediaDownloader _downloader;
    private readonly ImageGenerator _generator;

    internal ImagesClient(ApiTransport transport, TimeSpan timeout, MediaDownloader downloader, ReferenceImageUploader? uploads)
    {
        _transport = transport;
        _downloader = downloader;
        _generator = new ImageGenerator(transport, timeout, uploads);
    }

    /// <summary>Initializes an instance for mocking.</summary>
    protected ImagesClient()
    {
        _transport = null!;
        _downloader = null!;
        _generator = null!;
    }

    /// <summary>Generates images and returns them when the server has finished.</summary>
    /// <param name="request">The images to generate.</param>
    /// <param name="options">Time limit, idempotency key and headers of this call.</param>
    /// <param name="cancellationToken">Cancels the call. A generation that the server has started may still be billed.</param>
    /// <returns>At least one image, with its URL or its bytes.</returns>
    /// <exception cref="ArgumentException"><paramref name="request"/> is incomplete or cannot be sent; nothing was sent.</exception>
    /// <exception cref="IOException">The file or stream of a reference image failed.</exception>
    /// <exception cref="ImageApiResponseException">The server returned an error.</exception>
    /// <exception cref="ImageApiException">No response arrived, or it was not usable; <see cref="ImageApiException.Outcome"/> says whether
    /// the call may have been billed, and <see cref="RequestInfo.ReceivedMedia"/> contains the images that arrived complete before the
    /// response ended early.</exception>
    /// <exception cref="ImageApiCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    /// <example>
    /// <code>
    /// var result = await client.Images.GenerateAsync(new ImageRequest { Prompt = "a red fox in the snow" });
    /// await client.Media.SaveAsync(result.Images[0], "fox.png");
    /// </code>
    /// </example>
    public virtual async Task<ImageResult> GenerateAsync(ImageRequest request, RequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        ImageRequestWriter.ThrowIfInvalid(request);

        var store = new MemoryStore(_transport.Settings.MaxMediaBytes) { Expected = request.Count ?? 1 };
        var parsed = await _generator.SendAsync(request, store, options, options?.IdempotencyKey, cancellationToken).ConfigureAwait(false);
        return parsed.Result;
    }

    /// <inheritdoc cref="GenerateToFilesAsync(ImageRequest, string, SaveOptions?, RequestOptions?, CancellationToken)"/>
    /// <example>
    /// <code>
    /// var request = new ImageRequest { Prompt = "a red fox in the snow", ResponseFormat = ImageResponseFormat.Base64, Count = 2 };
    /// var files = await client.Images.GenerateToFilesAsync(request, "foxes/fox-{index}.{ext}");
    /// </code>
    /// </example>
    public virtual Task<IReadOnlyList<SavedMedia>> GenerateToFilesAsync(
        ImageRequest request, string directoryOrPattern, SaveOptions? options = null, CancellationToken cancellationToken = default) =>
        GenerateToFilesAsync(request, directoryOrPattern, options, requestOptions: null, cancellationToken);

    /// <summary>Generates images and writes them to files. Memory use does not depend on their size. A file appears complete or not at all.</summary>
    /// <param name="request">The images to generate. Base64 is written to the disk as it arrives; URLs are downloaded in parallel.</param>
    /// <param name="directoryOrPattern">An existing directory, or a path that ends with a separator, in which each file is named after its URL,
    /// with the extension of its real type, and a number where the name is taken; or a file name in which <c>{index}</c> stands for the position,
    /// from 1 on, and <c>{ext}</c> for the extension of the real type. Without <c>{index}</c> the number follows the name from the second file on.
    /// Missing directories are created.</param>
    /// <param name="options">Whether to overwrite, progress, the maximum of parallel downloads, and the time limit of each download.</param>
    /// <param name="requestOptions">Time limit, idempotency key and headers of the generation.</param>
    /// <param name="cancellationToken">Cancels the call. A generation that the server has started may still be billed; files that are complete
    /// stay.</param>
    /// <returns>The files of the images, in the order of the response; at least one.</returns>
    /// <exception cref="ArgumentException"><paramref name="request"/> is incomplete or cannot be sent, or <paramref name="directoryOrPattern"/>
    /// is empty; nothing was sent.</exception>
    /// <exception cref="IOException">A file exists and must not be overwritten, or no file can be created there (nothing was sent then), the disk
    /// failed, or the file or stream of a reference image failed; <see cref="RequestInfo.FromException"/> says which. After a disk failure all
    /// other images were tried, and <see cref="RequestInfo.SavedFiles"/> names the files.</exception>
    /// <exception cref="ImageApiResponseException">The server returned an error.</exception>
    /// <exception cref="ImageApiException">No response arrived, or it was not usable, or a download failed;
    /// <see cref="ImageApiException.Outcome"/> says whether the call may have been billed, <see cref="RequestInfo.SavedFiles"/> names the
    /// files of the images that arrived complete, and <see cref="RequestInfo.PendingUrls"/> the URLs of the others.</exception>
    /// <exception cref="ImageApiCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    /// <remarks>
    /// A file whose name was taken meanwhile gets a number, and one whose name the disk refuses gets a simpler name: see
    /// <see cref="SavedMedia.Path"/>. When no name is possible, it keeps that of an unfinished file (<c>.partial-…</c>), which the exception
    /// names. An exception of the progress listener is thrown when all images are saved.
    /// </remarks>
    /// <example>
    /// <code>
    /// var request = new ImageRequest { Prompt = "a red fox in the snow", ResponseFormat = ImageResponseFormat.Base64 };
    /// var files = await client.Images.GenerateToFilesAsync(request, "foxes/", new SaveOptions { Overwrite = true }, new RequestOptions { Timeout = TimeSpan.FromMinutes(5) });
    /// </code>
    /// </example>
    public virtual async Task<IReadOnlyList<SavedMedia>> GenerateToFilesAsync(
        ImageRequest request, string directoryOrPattern, SaveOptions? options, RequestOptions? requestOptions, CancellationToken cancellationToken = default)
    {
        ImageRequestWriter.ThrowIfInvalid(request);
        var template = SavePathTemplate.Parse(directoryOrPattern);
        options ??= new SaveOptions();
        try
        {
            template.Prepare(options.Overwrite, request.Count ?? 1);
        }
        catch (Exception e)
        {
            RequestInfo.Attach(e, new() { Operation = ImageGenerator.Generate.Name, Outcome = RequestOutcome.NotSent });
            throw;
        }

        var idempotencyKey = _generator.IdempotencyKeyFor(requestOptions);
        var progress = new AggregateProgress(options.Progress, _transport.Time);
        using var store = new FileStore(template.Directory, progress, _transport.Time) { Expected = request.Count ?? 1 };
        ParsedImages parsed;
        try
        {
            parsed = await _generator.SendAsync(request, store, requestOptions, idempotencyKey, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            PartialResults.KeepFiles(e, store, template, options.Overwrite);
            throw;
        }

        var info = ImageGenerator.InfoFor(parsed.Result, idempotencyKey);
        return await new MediaSaver(_downloader)
            .SaveAllAsync(ImageGenerator.Download, parsed.Result.Images, parsed.Sinks, template, options, progress, info, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Generates images and writes them to streams of the caller. Memory use does not depend on their size. Bytes that were written before an exception stay in the stream.</summary>
    /// <param name="request">The images to generate. Base64 is written as it arrives; URLs are downloaded one after another.</param>
    /// <param name="openStream">Opens a writable stream for an image, when its first bytes have arrived. The call disposes the stream when the
    /// image is complete or has failed.</param>
    /// <param name="options">Progress, and the time limit of each download.</param>
    /// <param name="requestOptions">Time limit, idempotency key and headers of the generation.</param>
    /// <param name="cancellationToken">Cancels the call. A generation that the server has started may still be billed.</param>
    /// <returns>The images in the order of the response; <see cref="GeneratedMedia.StreamIndex"/> is the stream that each was written to. Images
    /// that arrived as base64 have neither URL nor bytes here.</returns>
    /// <exception cref="ArgumentException"><paramref name="request"/> is incomplete or cannot be sent; nothing was sent.</exception>
    /// <exception cref="ImageApiResponseException">The server returned an error.</exception>
    /// <exception cref="ImageApiException">No response arrived, or it was not usable, or a download failed and all other images were tried;
    /// <see cref="ImageApiException.Outcome"/> says whether the call may have been billed.</exception>
    /// <exception cref="ImageApiCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    /// <remarks>
    /// Exceptions of <paramref name="openStream"/>, of its streams and of the progress listener are thrown unchanged, when all other images were
    /// tried; <see cref="RequestInfo.FromException"/> says what was billed. Once a stream was requested, the request is not sent again,
    /// not even with <see cref="ImageApiRetryOptions.ServerHonorsIdempotencyKeys"/>: the same image would arrive twice.
    /// </remarks>
    /// <example>
    /// <code>
    /// var request = new ImageRequest { Prompt = "a red fox in the snow", ResponseFormat = ImageResponseFormat.Base64 };
    /// await client.Images.GenerateToStreamsAsync(request, (image, token) => new(bucket.OpenWriteAsync($"fox-{image.Index}", token)));
    /// </code>
    /// </example>
    public virtual async Task<ImageResult> GenerateToStreamsAsync(
        ImageRequest request,
        Func<MediaStreamContext, CancellationToken, ValueTask<Stream>> openStream,
        TransferOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default)
    {
        ImageRequestWriter.ThrowIfInvalid(request);
        ArgumentNullException.ThrowIfNull(openStream);

        var generation = new StreamGeneration(_generator, _downloader, openStream, options, _transport.Time, cancellationToken);
        await using var _ = generation.ConfigureAwait(false);
        return await generation.RunAsync(request, requestOptions).ConfigureAwait(false);
    }
}
