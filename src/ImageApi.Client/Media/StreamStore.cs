namespace ImageApi.Client.Media;

/// <summary>Writes the media of an answer into streams that the caller opens.</summary>
internal sealed class StreamStore(Func<IncomingMedia, CancellationToken, ValueTask<Stream>> open, SharedProgress progress, TimeProvider time) : IMediaStore, IDisposable
{
    private readonly List<StreamSink> _sinks = [];
    private int _next;

    /// <summary>Numbers the streams in the order in which they are wanted.</summary>
    public int NextIndex() => _next++;

    public MediaSink Open(int capacity, string? declaredType)
    {
        var sink = new StreamSink(NextIndex(), declaredType, open, new TransferMeter(progress.Part(), total: null, time));
        _sinks.Add(sink);
        return sink;
    }

    public void Dispose() => _sinks.ForEach(static sink => sink.Dispose());
}
