using System.Buffers;
using System.Net;
using ImageApi.Client.Http;
using ImageApi.Client.Http.Downloads;
using ImageApi.Client.Http.Errors;
using ImageApi.Client.Media.Destinations;
using ImageApi.Client.Media.Formats;

namespace ImageApi.Client.Media.Downloading;

/// <summary>One download over all its attempts: what has arrived stays where the server can go on from there.</summary>
internal sealed class DownloadOperation(IMediaTarget destination, long maxBytes, IProgress<TransferProgress>? progress, TimeProvider time)
{
    private const int BufferSize = 256 * 1024;
    private MediaValidator? _validator;
    private TransferMeter? _meter;

    public RangeResumeState ResumeState { get; } = new(destination.CanReset);

    /// <summary>Gets an inspector for an answer that is meant to be a whole medium.</summary>
    public static MediaValidator CreateValidator(ApiResponse response, long maxBytes) =>
        response.StatusCode == HttpStatusCode.OK
            ? new MediaValidator(response.MediaType, response.ContentLength, maxBytes)
            : throw InvalidResponseException.Invalid($"The link gave an answer with status {(int)response.StatusCode} instead of 200.");

    /// <summary>Writes an answer to the target, behind what is there or from the beginning.</summary>
    public async ValueTask<(long Bytes, string? MimeType)> ReceiveAsync(ApiResponse response, CancellationToken cancellationToken)
    {
        if (!ResumeState.IsContinuedBy(response))
        {
            Begin(response);
        }

        var body = await response.OpenBodyAsync(cancellationToken).ConfigureAwait(false);
        using var validated = new ValidatingReadStream(body, body, _validator!, _meter!, static e => e);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferFor(response.ContentLength));
        try
        {
            int count;
            while ((count = await validated.ReadAsync(buffer.AsMemory(), cancellationToken).ConfigureAwait(false)) > 0)
            {
                await destination.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                ResumeState.Advance(count);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return (_validator!.Length, _validator.MimeType);
    }

    /// <summary>A thousand small downloads at once must not hold a thousand large buffers.</summary>
    private static int BufferFor(long? length) => (int)Math.Min(Math.Max(length ?? BufferSize, 1), BufferSize);

    private void Begin(ApiResponse response)
    {
        var validator = CreateValidator(response, maxBytes);
        if (!destination.TryReset())
        {
            throw InvalidResponseException.Invalid("The download was cut, and the link does not give the rest of it but something new.");
        }

        _validator = validator;
        _meter = new TransferMeter(progress, response.ContentLength, time);
        ResumeState.Begin(response);
    }
}
