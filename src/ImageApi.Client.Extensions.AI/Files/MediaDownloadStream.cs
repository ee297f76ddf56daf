using System.Diagnostics.CodeAnalysis;
using ImageApi.Client.Extensions.AI.Internal;
using Microsoft.Extensions.AI;

namespace ImageApi.Client.Extensions.AI.Files;

/// <summary>A media download with the file name and the media type of its response.</summary>
[Experimental(ExperimentalDiagnostic.DiagnosticId, UrlFormat = ExperimentalDiagnostic.UrlFormat)]
internal sealed class MediaDownloadStream : HostedFileDownloadStream
{
    private readonly Stream _inner;

    public MediaDownloadStream(Stream inner, string url)
    {
        _inner = inner;
        if (Uri.TryCreate(url, UriKind.Absolute, out var uri))
        {
            var name = Uri.UnescapeDataString(uri.AbsolutePath.Substring(uri.AbsolutePath.LastIndexOf('/') + 1));
            FileName = name.Length > 0 && name.IndexOfAny(['/', '\\']) < 0 ? name : null;
            MediaType = new UriContent(uri).MediaType is var mediaType && mediaType == MediaTypes.Unknown ? null : mediaType;
        }
    }

    public override string? FileName { get; }

    public override string? MediaType { get; }

    public override bool CanRead => _inner.CanRead;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => _inner.Read(buffer, offset, count);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        _inner.ReadAsync(buffer, offset, count, cancellationToken);

#if !NETSTANDARD2_0 // these overloads came with .NET Core 2.1
    public override int Read(Span<byte> buffer) => _inner.Read(buffer);

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _inner.ReadAsync(buffer, cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        await _inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }
#endif

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
