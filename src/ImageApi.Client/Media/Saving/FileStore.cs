using ImageApi.Client.Http;
using ImageApi.Client.Media.Destinations;

namespace ImageApi.Client.Media.Saving;

/// <summary>Writes the media of an answer into unfinished files of one directory; what has got no place in the end is deleted.</summary>
internal sealed class FileStore(string directory, AggregateProgress progress, TimeProvider time) : IMediaStore, IDisposable
{
    private readonly List<FileSink> _sinks = [];

    public ApiResponse? Response { get; set; }

    public int Expected { get; init; } = 1;

    /// <summary>Gets the media that arrived whole.</summary>
    public IEnumerable<FileSink> Whole => _sinks.Where(static sink => sink.IsWhole && sink.Failure is null && sink.Length > 0);

    public MediaSink Open(int capacity, string? declaredType)
    {
        var sink = new FileSink(directory, new TransferMeter(progress.CreatePart(), total: null, time));
        _sinks.Add(sink);
        return sink;
    }

    public void Dispose() => _sinks.ForEach(static sink => sink.Dispose());
}
