using ImageApi.Client.Media.Destinations;

namespace ImageApi.Client.Media.Saving;

/// <summary>Writes a medium into a file that gets its place later, when the answer is known to be whole.</summary>
internal sealed class FileSink : StreamedSink, IDisposable
{
    private readonly AtomicFileWriter? _file;

    public FileSink(string directory, TransferMeter meter)
        : base(meter)
    {
        try
        {
            _file = AtomicFileWriter.CreateIn(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fail(e);
        }
    }

    /// <summary>Gets the file. There is none where <see cref="StreamedSink.Failure"/> says why.</summary>
    public AtomicFileWriter File => _file!;

    public void Dispose()
    {
        ReturnChunk();
        _file?.Dispose();
    }

    protected override ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken) => File.WriteAsync(piece, cancellationToken);

    /// <summary>Frees disk space, which may be enough for the next medium.</summary>
    protected override ValueTask AbandonAsync()
    {
        File.Dispose();
        return default;
    }

    protected override ValueTask CloseAsync(bool isWhole, CancellationToken cancellationToken)
    {
        if (isWhole)
        {
            File.Close();
        }
        else
        {
            File.Dispose();
        }

        return default;
    }
}
