using System.Net.Http.Headers;
using System.Text;
using ImageApi.Client.Http.Content;
using ImageApi.Client.Media.Destinations;
using ImageApi.Client.Media.Formats;
using ImageApi.Client.Media.Sources;

namespace ImageApi.Client.Files.Internal;

/// <summary>The form of an upload, written as <c>curl -F kind=… -F purpose=… -F file=@…</c> would.</summary>
internal sealed class MultipartUploadContent : ReplayableContent
{
    /// <summary>A read of a file costs a change of threads: large pieces make them few.</summary>
    private const int ReadSize = 768 * 1024;

    /// <summary>A write is one sign of life: on a slow line a large piece would look like silence.</summary>
    private const int WriteSize = 256 * 1024;

    private static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    private readonly ContentSource _source;
    private readonly byte[] _before;
    private readonly byte[] _after;
    private readonly IProgress<TransferProgress>? _progress;
    private readonly TimeProvider _time;

    public MultipartUploadContent(FileUpload upload, ContentSource source, IProgress<TransferProgress>? progress, TimeProvider time)
    {
        _source = source;
        _progress = progress;
        _time = time;
        var boundary = "------------------------" + Guid.NewGuid().ToString("N");
        var type = upload.MimeType ?? source.DetectedMimeType ?? MediaTypes.FromFileName(upload.FileName) ?? MediaTypes.Unknown;
        _before = Utf8.GetBytes(
            Field(boundary, "kind", upload.Kind.Value)
            + Field(boundary, "purpose", upload.Purpose.Value)
            + $"--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{MultipartFileName.Escape(upload.FileName)}\"\r\nContent-Type: {type}\r\n\r\n");
        _after = Utf8.GetBytes($"\r\n--{boundary}--\r\n");
        MediaType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=" + boundary);
    }

    public override bool CanReplay => _source.CanReplay;

    public override long? Length => _before.Length + _source.Length + _after.Length;

    public override MediaTypeHeaderValue MediaType { get; }

    public override ValueTask PrepareAsync(CancellationToken cancellationToken) => _source.RewindAsync(cancellationToken);

    public override async Task WriteAsync(Stream target, CancellationToken cancellationToken)
    {
        var meter = new TransferMeter(_progress, _source.Length, _time);
        await target.WriteAsync(_before, cancellationToken).ConfigureAwait(false);
        await _source.CopyToAsync(
            async (piece, token) =>
            {
                for (var written = 0; written < piece.Length; written += WriteSize)
                {
                    var part = piece.Slice(written, Math.Min(WriteSize, piece.Length - written));
                    await target.WriteAsync(part, token).ConfigureAwait(false);
                    meter.Add(part.Length);
                }
            },
            cancellationToken,
            ReadSize).ConfigureAwait(false);
        await target.WriteAsync(_after, cancellationToken).ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _source.Dispose();
        }

        base.Dispose(disposing);
    }

    private static string Field(string boundary, string name, string value) =>
        $"--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n";
}
