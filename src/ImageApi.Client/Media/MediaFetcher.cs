using System.Buffers;
using System.Net;
using ImageApi.Client.Http;

namespace ImageApi.Client.Media;

/// <summary>Fetches media, whatever form they came in; an expired link is renewed once where somebody can renew it.</summary>
/// <param name="transport">The way to the wire.</param>
/// <param name="timeout">The limit for a download that names none.</param>
/// <param name="renew">Asks for the same medium anew; null when it is not to be had.</param>
internal sealed class MediaFetcher(ApiTransport transport, TimeSpan timeout, Func<GeneratedMedia, CancellationToken, Task<GeneratedMedia?>>? renew)
{
    private const int BufferSize = 256 * 1024;

    public TimeProvider Time => transport.Time;

    /// <summary>Writes a medium into a file that is not in its place yet.</summary>
    public async Task<(long Bytes, string? MimeType)> SaveAsync(
        ApiOperation operation, GeneratedMedia media, AtomicFile file, SaveOptions? options, CancellationToken cancellationToken)
    {
        ThrowIfCanceled(operation, media, cancellationToken);
        if (InlineData.Find(media, operation.Name, transport.Settings.MaxMediaBytes) is { } inline)
        {
            return await WriteInlineAsync(inline.Bytes, inline.MimeType, file, options?.Progress).ConfigureAwait(false);
        }

        return await WithRenewalAsync(media, current => transport.SendAsync(Request(operation, current, options?.Timeout), ToFileAsync, cancellationToken), cancellationToken)
            .ConfigureAwait(false);

        async ValueTask<(long, string?)> ToFileAsync(ApiAnswer answer, CancellationToken token)
        {
            file.Truncate();
            var inspector = Inspect(answer);
            var body = await answer.OpenAsync(token).ConfigureAwait(false);
            var meter = new TransferMeter(options?.Progress, answer.ContentLength, transport.Time);
            using var inspected = new InspectedStream(body, body, inspector, meter, static e => e);
            await CopyAsync(inspected, file.WriteAsync, BufferFor(answer.ContentLength), token).ConfigureAwait(false);
            return (inspector.Length, inspector.MimeType);
        }
    }

    /// <summary>Opens a medium as a stream.</summary>
    public async Task<Stream> OpenAsync(ApiOperation operation, GeneratedMedia media, TransferOptions? options, CancellationToken cancellationToken)
    {
        ThrowIfCanceled(operation, media, cancellationToken);
        if (InlineData.Find(media, operation.Name, transport.Settings.MaxMediaBytes) is { } inline)
        {
            return new ReadOnlyMemoryStream(inline.Bytes);
        }

        return await WithRenewalAsync<Stream>(media, current => transport.SendAsync(Request(operation, current, options?.Timeout), ToStreamAsync, cancellationToken), cancellationToken)
            .ConfigureAwait(false);

        async ValueTask<Stream> ToStreamAsync(ApiAnswer answer, CancellationToken token)
        {
            var body = await answer.OpenAsync(token).ConfigureAwait(false);
            var meter = new TransferMeter(options?.Progress, answer.ContentLength, transport.Time);
            return new InspectedStream(body, answer.TakeOver(), Inspect(answer), meter, e => Translate(e, operation, media));
        }
    }

    /// <summary>Copies a medium into a stream of the caller's. Errors of that stream come out as they are.</summary>
    public async Task CopyAsync(ApiOperation operation, GeneratedMedia media, Stream target, TransferOptions? options, CancellationToken cancellationToken)
    {
        var limit = options?.Timeout ?? timeout;
        var startedAt = transport.Time.GetTimestamp();
        var source = await OpenAsync(operation, media, options, cancellationToken).ConfigureAwait(false);
        using var _ = source;

        // an open stream is under no limit but that of silence: one that trickles would go on for ever
        var left = limit - transport.Time.GetElapsedTime(startedAt);
        using var watch = new IdleWatch(left > TimeSpan.Zero ? left : TimeSpan.Zero, transport.Time, cancellationToken);
        watch.Restart();
        try
        {
            await CopyAsync(source, target.WriteAsync, BufferSize, watch.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            ThrowIfCanceled(operation, media, cancellationToken);
            throw;
        }
        catch (OperationCanceledException e) when (watch.Expired)
        {
            throw new ImageApiTimeoutException($"{operation.Name}: the medium was not copied within {limit}.", e)
            {
                Operation = operation.Name,
                JobId = media.JobId,
                Outcome = RequestOutcome.Accepted,
            };
        }
    }

    private static async ValueTask<(long Bytes, string? MimeType)> WriteInlineAsync(
        ReadOnlyMemory<byte> bytes, string? mimeType, AtomicFile file, IProgress<TransferProgress>? progress)
    {
        try
        {
            await file.WriteAsync(bytes, CancellationToken.None).ConfigureAwait(false);
        }
        catch (CallerStreamException e)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e.Cause).Throw();
        }

        progress?.Report(new TransferProgress { BytesTransferred = bytes.Length, TotalBytes = bytes.Length });
        return (bytes.Length, MediaSignature.Detect(bytes.Span.Slice(0, Math.Min(bytes.Length, MediaSignature.HeadLength))) ?? mimeType);
    }

    /// <summary>A thousand small downloads at once must not hold a thousand large buffers.</summary>
    private static int BufferFor(long? length) => (int)Math.Min(Math.Max(length ?? BufferSize, 1), BufferSize);

    private static async Task CopyAsync(
        Stream source, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> write, int bufferSize, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(bufferSize);
        try
        {
            int count;
            while ((count = await source.ReadAsync(buffer.AsMemory(), cancellationToken).ConfigureAwait(false)) > 0)
            {
                await write(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static ImageApiException Translate(Exception exception, ApiOperation operation, GeneratedMedia media)
    {
        var message = $"{operation.Name}: {exception.Message}";
        return exception switch
        {
            AnswerException { End: AttemptEnd.TooLarge } => new ImageApiLimitException(message, exception) { Operation = operation.Name, JobId = media.JobId, Outcome = RequestOutcome.Accepted },
            StalledException => new ImageApiTimeoutException(message, exception) { Operation = operation.Name, JobId = media.JobId, Outcome = RequestOutcome.Accepted },
            _ => new MediaDownloadException(message, exception) { Operation = operation.Name, JobId = media.JobId, Outcome = RequestOutcome.Accepted },
        };
    }

    private async Task<T> WithRenewalAsync<T>(GeneratedMedia media, Func<GeneratedMedia, Task<T>> fetch, CancellationToken cancellationToken)
    {
        try
        {
            return await fetch(media).ConfigureAwait(false);
        }
        catch (MediaDownloadException e) when (media.JobId is not null && renew is not null && IsGone(e.StatusCode))
        {
            GeneratedMedia? renewed = null;
            try
            {
                renewed = await renew(media, cancellationToken).ConfigureAwait(false);
            }
            catch (ImageApiException)
            {
                // the link that does not work is what the caller is to hear of
            }

            if (renewed?.Url is null || renewed.Url == media.Url)
            {
                throw;
            }

            return await fetch(renewed).ConfigureAwait(false);
        }
    }

    private static void ThrowIfCanceled(ApiOperation operation, GeneratedMedia media, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            throw new ImageApiCanceledException($"{operation.Name} was cancelled.", innerException: null, cancellationToken)
            {
                Operation = operation.Name,
                JobId = media.JobId,
                Outcome = RequestOutcome.Accepted,
            };
        }
    }

    private static bool IsGone(HttpStatusCode? status) =>
        status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.Gone;

    private MediaInspector Inspect(ApiAnswer answer)
    {
        // 206 and its like were not asked for: they are not the whole
        return answer.StatusCode == HttpStatusCode.OK
            ? new MediaInspector(answer.MediaType, answer.ContentLength, transport.Settings.MaxMediaBytes)
            : throw AnswerException.Unreadable($"The link gave an answer with status {(int)answer.StatusCode} instead of 200.");
    }

    private ApiRequest Request(ApiOperation operation, GeneratedMedia media, TimeSpan? limit) => new()
    {
        Operation = operation,
        Method = HttpMethod.Get,
        Link = Uri.TryCreate(media.Url, UriKind.Absolute, out var link) && Links.IsHttp(media.Url!)
            ? link
            : throw new ArgumentException("The medium's link is no absolute http or https link.", nameof(media)),
        Timeout = limit ?? timeout,
        SendIdleTimeout = transport.Settings.IdleTimeout,
        JobId = media.JobId,
    };
}
