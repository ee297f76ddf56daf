using System.Net;
using ImageApi.Client.Diagnostics;
using ImageApi.Client.Http;
using Microsoft.Extensions.Logging;

namespace ImageApi.Client.Media;

/// <summary>Fetches media, whatever form they came in; an expired link is renewed once where somebody can renew it.</summary>
/// <param name="transport">The way to the wire.</param>
/// <param name="timeout">The limit for a download that names none.</param>
/// <param name="renew">Asks for the same medium anew; null when it is not to be had.</param>
internal sealed class MediaFetcher(ApiTransport transport, TimeSpan timeout, Func<GeneratedMedia, CancellationToken, Task<GeneratedMedia?>>? renew)
{
    public TimeProvider Time => transport.Time;

    /// <summary>Writes a medium to where it is wanted.</summary>
    public async Task<(long Bytes, string? MimeType)> FetchAsync(
        ApiOperation operation, GeneratedMedia media, IMediaTarget target, TimeSpan? limit, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        ThrowIfCanceled(operation, media, cancellationToken);
        if (InlineData.Find(media, operation.Name, transport.Settings.MaxMediaBytes) is { } inline)
        {
            return await WriteInlineAsync(operation, media, inline.Bytes, inline.MimeType, target, progress, cancellationToken).ConfigureAwait(false);
        }

        return await WatchAsync(operation, media, DownloadAsync, cancellationToken).ConfigureAwait(false);

        Task<(long, string?)> DownloadAsync(GeneratedMedia current, OperationWatch? watch)
        {
            var download = new MediaDownload(target, transport.Settings.MaxMediaBytes, progress, transport.Time);
            return transport.SendAsync(Request(operation, current, limit, download.Position, watch), download.ReceiveAsync, cancellationToken).AsTask();
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

        return await WatchAsync<Stream>(
            operation,
            media,
            (current, watch) => transport.SendAsync(Request(operation, current, options?.Timeout, position: null, watch), ToStreamAsync, cancellationToken).AsTask(),
            cancellationToken).ConfigureAwait(false);

        async ValueTask<Stream> ToStreamAsync(ApiAnswer answer, CancellationToken token)
        {
            var inspector = MediaDownload.Inspect(answer, transport.Settings.MaxMediaBytes);
            var body = await answer.OpenAsync(token).ConfigureAwait(false);
            var meter = new TransferMeter(options?.Progress, answer.ContentLength, transport.Time);
            return new InspectedStream(body, answer.TakeOver(), inspector, meter, e => Translate(e, operation, media));
        }
    }

    private static async ValueTask<(long Bytes, string? MimeType)> WriteInlineAsync(
        ApiOperation operation, GeneratedMedia media, ReadOnlyMemory<byte> bytes, string? mimeType, IMediaTarget target, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        try
        {
            await target.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        }
        catch (CallerStreamException e)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e.Cause).Throw();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            ThrowIfCanceled(operation, media, cancellationToken);
        }

        progress?.Report(new TransferProgress { BytesTransferred = bytes.Length, TotalBytes = bytes.Length });
        return (bytes.Length, MediaSignature.Detect(bytes.Span.Slice(0, Math.Min(bytes.Length, MediaSignature.HeadLength))) ?? mimeType);
    }

    private static Exception Translate(Exception exception, ApiOperation operation, GeneratedMedia media)
    {
        var message = $"{operation.Name}: {exception.Message}";
        return exception switch
        {
            CallerStreamException caller => caller.Cause,
            AnswerException { End: AttemptEnd.TooLarge } => new ImageApiLimitException(message, exception) { Operation = operation.Name, JobId = media.JobId, Outcome = RequestOutcome.Accepted },
            StalledException => new ImageApiTimeoutException(message, exception) { Operation = operation.Name, JobId = media.JobId, Outcome = RequestOutcome.Accepted },
            _ => new MediaDownloadException(message, exception) { Operation = operation.Name, JobId = media.JobId, Outcome = RequestOutcome.Accepted },
        };
    }

    private Task<T> WatchAsync<T>(ApiOperation operation, GeneratedMedia media, Func<GeneratedMedia, OperationWatch?, Task<T>> fetch, CancellationToken cancellationToken) =>
        transport.Settings.Telemetry.IsLogged
            ? LoggedAsync(operation, media, fetch, cancellationToken)
            : WithRenewalAsync(media, fetch, watch: null, cancellationToken);

    private async Task<T> LoggedAsync<T>(ApiOperation operation, GeneratedMedia media, Func<GeneratedMedia, OperationWatch?, Task<T>> fetch, CancellationToken cancellationToken)
    {
        using var watch = transport.Settings.Telemetry.Begin(new OperationStart(operation.Name, Span: null) { JobId = Redactor.Clean(media.JobId, key: null), Level = LogLevel.Debug });
        try
        {
            var fetched = await WithRenewalAsync(media, fetch, watch, cancellationToken).ConfigureAwait(false);
            watch?.Succeeded();
            return fetched;
        }
        catch (Exception e) when (watch is not null)
        {
            watch.Failed(e);
            throw;
        }
    }

    private async Task<T> WithRenewalAsync<T>(
        GeneratedMedia media, Func<GeneratedMedia, OperationWatch?, Task<T>> fetch, OperationWatch? watch, CancellationToken cancellationToken)
    {
        try
        {
            return await fetch(media, watch).ConfigureAwait(false);
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

            return await fetch(renewed, watch).ConfigureAwait(false);
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

    private ApiRequest Request(ApiOperation operation, GeneratedMedia media, TimeSpan? limit, ResumePoint? position, OperationWatch? watch) => new()
    {
        Operation = operation,
        Watch = watch,
        Method = HttpMethod.Get,
        Link = Uri.TryCreate(media.Url, UriKind.Absolute, out var link) && Links.IsHttp(media.Url!)
            ? link
            : throw new ArgumentException("The medium's link is no absolute http or https link.", nameof(media)),
        Timeout = limit ?? timeout,
        SendIdleTimeout = transport.Settings.IdleTimeout,
        JobId = media.JobId,
        Position = position,
    };
}
