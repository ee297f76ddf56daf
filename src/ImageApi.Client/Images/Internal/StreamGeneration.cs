using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using ImageApi.Client.Media.Destinations;
using ImageApi.Client.Media.Downloading;

namespace ImageApi.Client.Images.Internal;

/// <summary>One generation whose images are written to streams of the caller: base64 while the response is read, URLs afterwards.</summary>
internal sealed class StreamGeneration(
    ImageGenerator generator,
    MediaDownloader downloader,
    Func<MediaStreamContext, CancellationToken, ValueTask<Stream>> openStream,
    TransferOptions? options,
    TimeProvider time,
    CancellationToken cancellationToken) : IAsyncDisposable
{
    private readonly AggregateProgress _progress = new(options?.Progress, time);
    private StreamStore? _store;

    [SuppressMessage("Design", "CA1031", Justification = "It is thrown when the other images have been tried.")]
    public async Task<ImageResult> RunAsync(ImageRequest request, RequestOptions? requestOptions)
    {
        var store = _store = new StreamStore(openStream, _progress, time) { Expected = request.Count ?? 1 };
        var idempotencyKey = generator.IdempotencyKeyFor(requestOptions);
        var (result, sinks) = await generator.SendAsync(request, store, requestOptions, idempotencyKey, cancellationToken, () => store.IsStarted)
            .ConfigureAwait(false);
        var images = result.Images.Select((image, i) => image with { StreamIndex = (sinks[i] as StreamSink)?.Index }).ToArray();
        var failed = images.Where((_, i) => sinks[i] is StreamSink { Failure: not null }).ToList();
        var remaining = Enumerable.Range(0, images.Length).Where(i => sinks[i] is null).ToList();
        var failure = store.Failure;
        foreach (var i in remaining.ToList())
        {
            try
            {
                images[i] = images[i] with { StreamIndex = await DownloadAsync(store, images[i]).ConfigureAwait(false) };
                remaining.Remove(i);
            }
            catch (Exception e)
            {
                failure ??= e; // the other images were billed as well, and only this call knows their URLs
                if (cancellationToken.IsCancellationRequested)
                {
                    break;
                }
            }
        }

        failure ??= _progress.Failure?.SourceException;
        if (failure is null)
        {
            return result with { Images = images };
        }

        RequestInfo.Attach(failure, ImageGenerator.InfoFor(result, idempotencyKey) with
        {
            PendingUrls = MediaContent.UrlsOf([.. failed, .. remaining.Select(i => images[i])]),
            ReceivedMedia = [.. images.Where(static image => image.StreamIndex is not null).Except(failed)],
        });
        ExceptionDispatchInfo.Capture(failure).Throw();
        return result;
    }

    public ValueTask DisposeAsync() => _store?.DisposeAsync() ?? default;

    private async Task<int> DownloadAsync(StreamStore store, GeneratedMedia image)
    {
        MediaContent.ThrowIfEmpty(ImageGenerator.Download, image);
        var index = store.TakeIndex();
        var stream = await store.OpenStreamAsync(index, image.MimeType, image.Url, cancellationToken).ConfigureAwait(false);
        try
        {
            var target = new StreamTarget(stream);
            await downloader.DownloadAsync(ImageGenerator.Download, image, target, options?.Timeout, _progress.CreatePart(), cancellationToken)
                .ConfigureAwait(false);
        }
        finally
        {
            await stream.DisposeAsync().ConfigureAwait(false);
        }

        return index;
    }
}
