namespace ImageApi.Client.Media.Sources;

/// <summary>A file, held open for the call. A retry fails when its length or time stamp has changed since the first attempt.</summary>
internal sealed class FileSource : StreamSource
{
    private readonly FileStream _file;
    private readonly DateTime _changedAt;

    private FileSource(FileStream file)
        : base(file, start: 0, leaveOpen: false)
    {
        _file = file;
        _changedAt = File.GetLastWriteTimeUtc(file.Name);
    }

    public static async ValueTask<ContentSource> OpenAsync(string path, CancellationToken cancellationToken)
    {
        // no buffer of its own: it is read in large pieces
        var source = new FileSource(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, useAsync: true));
        try
        {
            await source.ReadHeadAsync(cancellationToken).ConfigureAwait(false);
            return source;
        }
        catch (Exception)
        {
            source.Dispose();
            throw;
        }
    }

    protected override bool ReadsAhead => true;

    public override ValueTask RewindAsync(CancellationToken cancellationToken) =>
        _file.Length != Length || File.GetLastWriteTimeUtc(_file.Name) != _changedAt
            ? throw new IOException($"The file {Path.GetFileName(_file.Name)} was changed while it was sent.")
            : base.RewindAsync(cancellationToken);
}
