using System.Net;
using ImageApi.Client.Buffers;
using ImageApi.Client.Diagnostics.Internal;
using ImageApi.Client.Exceptions.Internal;
using ImageApi.Client.Http;
using ImageApi.Client.Http.Downloads;
using ImageApi.Client.Http.Failures;
using ImageApi.Client.Media.Destinations;
using ImageApi.Client.Media.Formats;
using ImageApi.Client.Redaction;
using Microsoft.Extensions.Logging;

namespace ImageApi.Client.Media.Downloading;

/// <summary>Fetches media, whatever form they came in; an expired link is renewed once where somebody can renew it.</summary>
/// <param name="transport">The way to the wire.</param>
/// <param name="timeout">The limit for a download that names none.</param>
/// <param name="refresh">Asks for the same medium anew; null when it is not to be had.</param>
internal sealed class MediaDownloader(ApiTransport transport, TimeSpan timeout, Func<GeneratedMedia, CancellationToken, Task<GeneratedMedia?>>? refresh)
{
    public TimeProvider Time => transport.Time;

    /// <summary>Writes a medium to where it is wanted.</summary>
    public async Task<(long Bytes, string? MimeType)> DownloadAsync(
        ApiOperation operation, GeneratedMedia media, IMediaTarget destination, TimeSpan? timeLimit, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        ThrowIfCanceled(operation, media, cancellationToken);
        if (InlineMedia.Decode(media, operation.Name, transport.Settings.MaxMediaBytes) is { } inline)
        {
            return await WriteInlineAsync(operation, media, inline.Bytes, inline.MimeType, destination, progress, cancellationToken).ConfigureAwait(false);
        }

        return await ObserveAsync(operation, media, DownloadAsync, cancellationToken).ConfigureAwait(false);

        Task<(long, string?)> DownloadAsync(GeneratedMedia current, OperationScope? scope)
        {
            var download = new DownloadOperation(destination, transport.Settings.MaxMediaBytes, progress, transport.Time);
            return transport.SendAsync(Request(operation, current, timeLimit, download.ResumeState, scope), download.ReceiveAsync, cancellationToken).AsTask();
        }
    }

    /// <summary>Opens a medium as a stream.</summary>
    public async Task<Stream> OpenReadAsync(ApiOperation operation, GeneratedMedia media, TransferOptions? options, CancellationToken cancellationToken)
    {
        ThrowIfCanceled(operation, media, cancellationToken);
        if (InlineMedia.Decode(media, operation.Name, transport.Settings.MaxMediaBytes) is { } inline)
        {
            return new ReadOnlyMemoryStream(inline.Bytes);
        }

        return await ObserveAsync<Stream>(
            operation,
            media,
            (current, scope) => transport.SendAsync(Request(operation, current, options?.Timeout, resumeState: null, scope), ToStreamAsync, cancellationToken).AsTask(),
            cancellationToken).ConfigureAwait(false);

        async ValueTask<Stream> ToStreamAsync(ApiResponse response, CancellationToken token)
        {
            var validator = DownloadOperation.CreateValidator(response, transport.Settings.MaxMediaBytes);
            var body = await response.OpenBodyAsync(token).ConfigureAwait(false);
            var meter = new TransferMeter(options?.Progress, response.ContentLength, transport.Time);
            return new ValidatingReadStream(body, response.Detach(), validator, meter, e => Translate(e, operation, media));
        }
    }

    private static async ValueTask<(long Bytes, string? MimeType)> WriteInlineAsync(
        ApiOperation operation, GeneratedMedia media, ReadOnlyMemory<byte> bytes, string? mimeType, IMediaTarget destination, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        try
        {
            await destination.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        }
        catch (CallerIOException e)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(e.Cause).Throw();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            ThrowIfCanceled(operation, media, cancellationToken);
        }

        progress?.Report(new TransferProgress { BytesTransferred = bytes.Length, TotalBytes = bytes.Length });
        return (bytes.Length, FileSignature.Detect(bytes.Span.Slice(0, Math.Min(bytes.Length, FileSignature.HeadLength))) ?? mimeType);
    }

    private static Exception Translate(Exception exception, ApiOperation operation, GeneratedMedia media) =>
        (exception as CallerIOException)?.Cause ?? ExceptionFactory.MediaFailed(operation.Name, media.JobId, exception, ImageApiFailureReason.Download);

    private Task<T> ObserveAsync<T>(ApiOperation operation, GeneratedMedia media, Func<GeneratedMedia, OperationScope?, Task<T>> fetch, CancellationToken cancellationToken) =>
        transport.Settings.Telemetry.IsLogged
            ? LoggedAsync(operation, media, fetch, cancellationToken)
            : WithUrlRefreshAsync(media, fetch, scope: null, cancellationToken);

    private async Task<T> LoggedAsync<T>(ApiOperation operation, GeneratedMedia media, Func<GeneratedMedia, OperationScope?, Task<T>> fetch, CancellationToken cancellationToken)
    {
        using var scope = transport.Settings.Telemetry.Begin(new OperationDescriptor(operation.Name, SpanName: null) { JobId = SecretRedactor.Redact(media.JobId, apiKey: null), Level = LogLevel.Debug });
        try
        {
            var fetched = await WithUrlRefreshAsync(media, fetch, scope, cancellationToken).ConfigureAwait(false);
            scope?.Succeed();
            return fetched;
        }
        catch (Exception e) when (scope is not null)
        {
            scope.Fail(e);
            throw;
        }
    }

    private async Task<T> WithUrlRefreshAsync<T>(
        GeneratedMedia media, Func<GeneratedMedia, OperationScope?, Task<T>> fetch, OperationScope? scope, CancellationToken cancellationToken)
    {
        try
        {
            return await fetch(media, scope).ConfigureAwait(false);
        }
        catch (ImageApiException e) when (e.Reason == ImageApiFailureReason.Download && media.JobId is not null && refresh is not null && IsExpired(e.StatusCode))
        {
            GeneratedMedia? refreshed = null;
            try
            {
                refreshed = await refresh(media, cancellationToken).ConfigureAwait(false);
            }
            catch (ImageApiException)
            {
                // the link that does not work is what the caller is to hear of
            }

            if (refreshed?.Url is null || refreshed.Url == media.Url)
            {
                throw;
            }

            return await fetch(refreshed, scope).ConfigureAwait(false);
        }
    }

    private static void ThrowIfCanceled(ApiOperation operation, GeneratedMedia media, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            throw ExceptionFactory.Canceled(operation, media.JobId, RequestOutcome.Accepted, cause: null, cancellationToken);
        }
    }

    private static bool IsExpired(HttpStatusCode? status) =>
        status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.Gone;

    private ApiRequest Request(ApiOperation operation, GeneratedMedia media, TimeSpan? timeLimit, RangeResumeState? resumeState, OperationScope? scope) => new()
    {
        Operation = operation,
        Observer = scope,
        Method = HttpMethod.Get,
        DownloadUri = Uri.TryCreate(media.Url, UriKind.Absolute, out var uri) && UriText.IsHttp(media.Url!)
            ? uri
            : throw new ArgumentException("The medium's link is no absolute http or https link.", nameof(media)),
        Timeout = timeLimit ?? timeout,
        SendIdleTimeout = transport.Settings.IdleTimeout,
        JobId = media.JobId,
        ResumeState = resumeState,
    };
}
