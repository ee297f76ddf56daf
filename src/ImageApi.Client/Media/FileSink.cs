namespace ImageApi.Client.Media;

/// <summary>Writes a medium into a file that gets its place later, when the answer is known to be whole.</summary>
internal sealed class FileSink(AtomicFile file, TransferMeter meter) : StreamedSink, IDisposable
{
    public AtomicFile File => file;

    public void Dispose()
    {
        GiveBack();
        file.Dispose();
    }

    protected override async ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        await file.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
        meter.Add(piece.Length);
    }

    protected override async ValueTask EndAsync(bool isWhole, CancellationToken cancellationToken)
    {
        await base.EndAsync(isWhole, cancellationToken).ConfigureAwait(false);
        if (isWhole)
        {
            file.Close();
        }
        else
        {
            file.Dispose();
        }
    }
}
