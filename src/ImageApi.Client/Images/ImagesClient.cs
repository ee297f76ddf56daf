using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using ImageApi.Client.Diagnostics.Internal;
using ImageApi.Client.Http;
using ImageApi.Client.Images.Internal;
using ImageApi.Client.Media.Destinations;
using ImageApi.Client.Media.Downloading;
using ImageApi.Client.Media.Extraction;
using ImageApi.Client.Media.References;
using ImageApi.Client.Media.Saving;

namespace ImageApi.Client;

/// <summary>Generates pictures in the same call: <c>POST /v1/images/generations</c>.</summary>
/// <remarks>Instances can be used by many threads at once.</remarks>
public class ImagesClient
{
    private const string Path = "v1/images/generations";
    private static readonly ApiOperation Generate = new("images.generate", OperationKind.Paid, "Timeouts.Generation, or RequestOptions.Timeout");
    private static readonly ApiOperation Download = new("images.generate.download", OperationKind.Download, "Timeouts.Download, or SaveOptions.Timeout");

    private readonly ApiTransport _transport;
    private readonly TimeSpan _timeout;
    private readonly MediaDownloader _downloader;
    private readonly ReferenceImageUploader? _uploads;

    internal ImagesClient(ApiTransport transport, TimeSpan timeout, MediaDownloader downloader, ReferenceImageUploader? uploads)
    {
        _transport = transport;
        _timeout = timeout;
        _downloader = downloader;
        _uploads = uploads;
    }

    /// <summary>Initializes an instance for mocking.</summary>
    protected ImagesClient()
    {
        _transport = null!;
        _downloader = null!;
    }

    /// <summary>Generates pictures and waits for them.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="options">Time limit, idempotency key and headers of this call.</param>
    /// <param name="cancellationToken">Cancels it. What the server has begun by then may still be billed.</param>
    /// <returns>At least one picture: as a link, or as bytes.</returns>
    /// <exception cref="ArgumentException"><paramref name="request"/> is incomplete or cannot be sent; nothing was.</exception>
    /// <exception cref="IOException">A reference image's file or stream failed.</exception>
    /// <exception cref="ImageApiResponseException">The server said no.</exception>
    /// <exception cref="ImageApiException">No answer came, or not a usable one; <see cref="ImageApiException.Outcome"/> says whether it may have been billed,
    /// and <see cref="GeneratedMedia.ReceivedBefore"/> finds the pictures that arrived whole before the answer broke off.</exception>
    /// <exception cref="ImageApiCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <example>
    /// <code>
    /// var result = await client.Images.GenerateAsync(new ImageRequest { Prompt = "a red fox in the snow" });
    /// await client.Media.SaveAsync(result.Images[0], "fox.png");
    /// </code>
    /// </example>
    public virtual async Task<ImageResult> GenerateAsync(ImageRequest request, RequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        ImageRequestWriter.ThrowIfInvalid(request);

        return await SendAsync(request, new MemoryStore(_transport.Settings.MaxMediaBytes) { Expected = request.Count ?? 1 }, options, options?.IdempotencyKey, cancellationToken).ConfigureAwait(false);
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

    /// <summary>Generates pictures straight into files: memory does not grow with their size. Each file appears whole or not at all.</summary>
    /// <param name="request">What is wanted. Base64 is written to the disk as it arrives; links are downloaded, several at once.</param>
    /// <param name="directoryOrPattern">An existing directory, or a path that ends with a separator, in which the files get names after their links,
    /// the extension of their real type, and a number where a name is taken; or a file name in which <c>{index}</c> stands for the position, from 1 on,
    /// and <c>{ext}</c> for the extension of the real type. Without <c>{index}</c> the number follows the name from the second file on. Missing directories are made.</param>
    /// <param name="options">Whether to overwrite, progress, how many downloads at once, and the time limit of each download.</param>
    /// <param name="requestOptions">Time limit, idempotency key and headers of the generation.</param>
    /// <param name="cancellationToken">Cancels it. What the server has begun by then may still be billed; what arrived whole stays.</param>
    /// <returns>Where the pictures lie, in the order of the answer; at least one.</returns>
    /// <exception cref="ArgumentException"><paramref name="request"/> is incomplete or cannot be sent, or <paramref name="directoryOrPattern"/> is empty; nothing was sent.</exception>
    /// <exception cref="IOException">A file exists and is not to be overwritten, or none can be made there (nothing was sent then), the disk failed, or a reference image's file or stream did;
    /// <see cref="RequestInfo.FromException"/> says which it was. Of a disk that failed all other pictures were tried, and <see cref="RequestInfo.SavedFiles"/> names the files.</exception>
    /// <exception cref="ImageApiResponseException">The server said no.</exception>
    /// <exception cref="ImageApiException">No answer came, or not a usable one, or a download failed; <see cref="ImageApiException.Outcome"/> says whether it may have been billed,
    /// <see cref="RequestInfo.SavedFiles"/> names the files of what arrived whole, and <see cref="RequestInfo.PendingUrls"/> the links of the rest.</exception>
    /// <exception cref="ImageApiCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <remarks>
    /// A picture whose name is taken meanwhile gets a number behind it, and one whose name the disk refuses gets a plainer one: see <see cref="SavedMedia.Path"/>.
    /// When no name can be given, it stays under that of an unfinished file (<c>.partial-…</c>), and the error tells that one.
    /// An error of the progress listener comes out when all is saved.
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
            RequestInfo.Attach(e, new() { Operation = Generate.Name, Outcome = RequestOutcome.NotSent });
            throw;
        }

        var idempotencyKey = IdempotencyKeyFor(requestOptions);
        var progress = new AggregateProgress(options.Progress, _transport.Time);
        using var store = new FileStore(template.Directory, progress, _transport.Time) { Expected = request.Count ?? 1 };
        ImageResult result;
        try
        {
            result = await SendAsync(request, store, requestOptions, idempotencyKey, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            PartialResults.KeepFiles(e, store, template, options.Overwrite);
            throw;
        }

        return await new MediaSaver(_downloader).SaveAllAsync(Download, result.Images, template, options, progress, InfoFor(result, idempotencyKey), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Generates pictures straight into streams of the caller's: memory does not grow with their size. What has been written when an error comes is not taken back.</summary>
    /// <param name="request">What is wanted. Base64 is written as it arrives; links are downloaded one after another.</param>
    /// <param name="openStream">Opens a writable stream for a picture, when its first bytes are there. The call disposes it when the picture is whole, or with the error.</param>
    /// <param name="options">Progress, and the time limit of each download.</param>
    /// <param name="requestOptions">Time limit, idempotency key and headers of the generation.</param>
    /// <param name="cancellationToken">Cancels it. What the server has begun by then may still be billed.</param>
    /// <returns>What was generated, in the order of the answer; <see cref="GeneratedMedia.StreamIndex"/> tells which stream each was written into. Pictures that came as base64 have neither link nor bytes here.</returns>
    /// <exception cref="ArgumentException"><paramref name="request"/> is incomplete or cannot be sent; nothing was.</exception>
    /// <exception cref="ImageApiResponseException">The server said no.</exception>
    /// <exception cref="ImageApiException">No answer came, or not a usable one, or a download failed, and all others were tried; <see cref="ImageApiException.Outcome"/> says whether it may have been billed.</exception>
    /// <exception cref="ImageApiCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <remarks>
    /// Errors of <paramref name="openStream"/>, of its streams and of the progress listener come out as they are, when all other pictures were tried;
    /// <see cref="RequestInfo.FromException"/> says of them what was bought. Once a stream was asked for the request is not sent again,
    /// not even with <see cref="ImageApiRetryOptions.ServerHonorsIdempotencyKeys"/>: its picture would come twice.
    /// </remarks>
    /// <example>
    /// <code>
    /// var request = new ImageRequest { Prompt = "a red fox in the snow", ResponseFormat = ImageResponseFormat.Base64 };
    /// await client.Images.GenerateToFilesAsync(request, (picture, token) => new(bucket.OpenWriteAsync($"fox-{picture.Index}", token)));
    /// </code>
    /// </example>
    [SuppressMessage("Design", "CA1031", Justification = "It goes out when the others have been tried.")]
    public virtual async Task<ImageResult> GenerateToFilesAsync(
        ImageRequest request,
        Func<MediaStreamContext, CancellationToken, ValueTask<Stream>> openStream,
        TransferOptions? options = null,
        RequestOptions? requestOptions = null,
        CancellationToken cancellationToken = default)
    {
        ImageRequestWriter.ThrowIfInvalid(request);
        ArgumentNullException.ThrowIfNull(openStream);

        var progress = new AggregateProgress(options?.Progress, _transport.Time);
        var store = new StreamStore(openStream, progress, _transport.Time) { Expected = request.Count ?? 1 };
        await using var _ = store.ConfigureAwait(false);
        var idempotencyKey = IdempotencyKeyFor(requestOptions);
        var result = await SendAsync(request, store, requestOptions, idempotencyKey, cancellationToken, () => store.IsStarted).ConfigureAwait(false);
        var images = result.Images.Select(static image => image with { Sink = null, StreamIndex = (image.Sink as StreamSink)?.Index }).ToArray();
        var remaining = Enumerable.Range(0, images.Length).Where(i => result.Images[i].Sink is null).ToList();
        var failed = images.Where((_, i) => result.Images[i].Sink is StreamSink { Failure: not null }).ToList();
        var failure = store.Failure;
        foreach (var i in remaining.ToList())
        {
            try
            {
                images[i] = images[i] with { StreamIndex = await CopyAsync(images[i]).ConfigureAwait(false) };
                remaining.Remove(i);
            }
            catch (Exception e)
            {
                failure ??= e; // the others were paid for as well, and their links stand nowhere else
                if (cancellationToken.IsCancellationRequested)
                {
                    break;
                }
            }
        }

        failure ??= progress.Failure?.SourceException;
        if (failure is not null)
        {
            RequestInfo.Attach(failure, InfoFor(result, idempotencyKey) with
            {
                PendingUrls = GeneratedMedia.UrlsOf([.. failed, .. remaining.Select(i => images[i])]),
            });
            ReceivedMedia.Attach(failure, [.. images.Where(static image => image.StreamIndex is not null).Except(failed)]);
            ExceptionDispatchInfo.Capture(failure).Throw();
        }

        return result with { Images = images };

        async Task<int> CopyAsync(GeneratedMedia image)
        {
            GeneratedMedia.ThrowIfEmpty(Download, image);
            var index = store.TakeIndex();
            var stream = await store.OpenStreamAsync(index, image.MimeType, image.Url, cancellationToken).ConfigureAwait(false);
            try
            {
                await _downloader.DownloadAsync(Download, image, new StreamTarget(stream), options?.Timeout, progress.CreatePart(), cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                await stream.DisposeAsync().ConfigureAwait(false);
            }

            return index;
        }
    }

#if !NETSTANDARD2_0 // it has no pool for the states of waiting methods
    [System.Runtime.CompilerServices.AsyncMethodBuilder(typeof(System.Runtime.CompilerServices.PoolingAsyncValueTaskMethodBuilder<>))]
#endif
    private async ValueTask<ImageResult> SendAsync(
        ImageRequest request, IMediaStore store, RequestOptions? options, string? idempotencyKey, CancellationToken cancellationToken, Func<bool>? isResponseCommitted = null)
    {
        using var scope = Begin(request, _transport.Settings.Telemetry);
        try
        {
            var (prepared, remaining) = await RequestPreparation.RunAsync(
                Generate, new RequestDraft<ImageRequest>(request, _uploads), static (draft, token) => ImageRequestWriter.WriteAsync(draft.Request, draft.Uploads, token), options?.Timeout, _transport.Time, cancellationToken).ConfigureAwait(false);
            using var body = prepared;
            var result = await _transport.SendAsync(
                new ApiRequest
                {
                    Operation = Generate,
                    Observer = scope,
                    Method = HttpMethod.Post,
                    Path = Path,
                    Body = body,
                    Timeout = remaining ?? _timeout,
                    ConfiguredTimeout = options?.Timeout,
                    IdempotencyKey = idempotencyKey,
                    Headers = options?.Headers,
                    IsResponseCommitted = isResponseCommitted,
                },
                store,
                static (store, response, token) =>
                {
                    store.Response = response;
                    return ExtractedJson.ReadAsync(
                        response, store, static (json, response) => ImageResultParser.Parse(json, response.RequestId, response.Settings.BaseAddress), token);
                },
                cancellationToken).ConfigureAwait(false);
            scope?.Succeed(result.Usage?.InputTokens, result.Usage?.OutputTokens);
            return result;
        }
        catch (Exception e)
        {
            if (((store as MemoryStore)?.Whole ?? (store as StreamStore)?.Whole) is { Count: > 0 } received)
            {
                ReceivedMedia.Attach(e, received);
            }

            if (RequestInfo.FromException(e) is { Outcome: RequestOutcome.Unknown or RequestOutcome.Accepted } info
                && store.Response?.RecoveredUrls is { Count: > 0 } urls)
            {
                RequestInfo.Attach(e, info with { PendingUrls = urls });
            }

            scope?.Fail(e);
            throw;
        }
    }

    /// <summary>Makes a key for a call that may fail when its answer has been read: the error is to name it.</summary>
    private string? IdempotencyKeyFor(RequestOptions? options) => options?.IdempotencyKey ?? _transport.NewIdempotencyKey();

    private static RequestInfo InfoFor(ImageResult result, string? idempotencyKey) =>
        new() { Operation = Generate.Name, Outcome = RequestOutcome.Accepted, RequestId = result.RequestId, IdempotencyKey = idempotencyKey };

    private static OperationScope? Begin(ImageRequest request, ClientTelemetry telemetry) => telemetry.Begin(new OperationDescriptor(Generate.Name, TelemetryNames.GenerateContent)
    {
        Model = request.Model,
        OutputType = TelemetryNames.Image,
        Count = request.Count,
        Prompt = telemetry.IncludesPrompts ? request.Prompt : null,
    });
}
