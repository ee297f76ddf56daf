using System.Buffers;
using System.Net;
using ImageApi.Client.Http;

namespace ImageApi.Client.Media;

/// <summary>One download over all its attempts: what has arrived stays where the server can go on from there.</summary>
internal sealed class MediaDownload(IMediaTarget target, long maxBytes, IProgress<TransferProgress>? progress, TimeProvider time)
{
    private const int BufferSize = 256 * 1024;
    private MediaInspector? _inspector;
    private TransferMeter? _meter;

    public ResumePoint Position { get; } = new(target.CanBeginAnew);

    /// <summary>Gets an inspector for an answer that is meant to be a whole medium.</summary>
    public static MediaInspector Inspect(ApiAnswer answer, long maxBytes) =>
        answer.StatusCode == HttpStatusCode.OK
            ? new MediaInspector(answer.MediaType, answer.ContentLength, maxBytes)
            : throw AnswerException.Unreadable($"The link gave an answer with status {(int)answer.StatusCode} instead of 200.");

    /// <summary>Writes an answer to the target, behind what is there or from the beginning.</summary>
    public async ValueTask<(long Bytes, string? MimeType)> ReceiveAsync(ApiAnswer answer, CancellationToken cancellationToken)
    {
        if (!Position.IsContinuedBy(answer))
        {
            Begin(answer);
        }

        var body = await answer.OpenAsync(cancellationToken).ConfigureAwait(false);
        using var inspected = new InspectedStream(body, body, _inspector!, _meter!, static e => e);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferFor(answer.ContentLength));
        try
        {
            int count;
            while ((count = await inspected.ReadAsync(buffer.AsMemory(), cancellationToken).ConfigureAwait(false)) > 0)
            {
                await target.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                Position.Advance(count);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return (_inspector!.Length, _inspector.MimeType);
    }

    /// <summary>A thousand small downloads at once must not hold a thousand large buffers.</summary>
    private static int BufferFor(long? length) => (int)Math.Min(Math.Max(length ?? BufferSize, 1), BufferSize);

    private void Begin(ApiAnswer answer)
    {
        var inspector = Inspect(answer, maxBytes);
        if (!target.TryBeginAnew())
        {
            throw AnswerException.Unreadable("The download was cut, and the link does not give the rest of it but something new.");
        }

        _inspector = inspector;
        _meter = new TransferMeter(progress, answer.ContentLength, time);
        Position.Begin(answer);
    }
}
