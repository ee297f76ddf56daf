using System.Diagnostics.CodeAnalysis;
using ImageApi.Client.Http;

namespace ImageApi.Client.Media.Destinations;

/// <summary>Writes the media of an answer into streams that the caller opens.</summary>
internal sealed class StreamStore(Func<MediaStreamContext, CancellationToken, ValueTask<Stream>> openStream, AggregateProgress progress, TimeProvider time) : IMediaStore, IAsyncDisposable
{
    private readonly List<StreamSink> _sinks = [];
    private int _next;

    public ApiResponse? Response { get; set; }

    public int Expected { get; init; } = 1;

    /// <summary>Gets a value indicating whether the caller has streams of an answer, from which nothing can be taken back for another one.</summary>
    public bool IsStarted => _sinks.Exists(static sink => sink.Index is not null);

    /// <summary>Gets the first error of the caller's streams; null when there was none.</summary>
    public Exception? Failure => _sinks.Select(static sink => sink.Failure).FirstOrDefault(static failure => failure is not null);

    /// <summary>Gets the media that went into their streams whole.</summary>
    public IReadOnlyList<GeneratedMedia> Whole => MediaSink.WholeOf(_sinks);

    /// <summary>Gives the next number. Streams are numbered in the order in which they are wanted.</summary>
    public int TakeIndex() => _next++;

    /// <summary>Asks the caller for a stream.</summary>
    public ValueTask<Stream> OpenStreamAsync(int index, string? mimeType, string? url, CancellationToken cancellationToken) =>
        openStream(new MediaStreamContext { Index = index, MimeType = Response?.Redact(mimeType) ?? mimeType, Url = url }, cancellationToken);

    public MediaSink Open(int capacity, string? declaredType)
    {
        var sink = new StreamSink(this, declaredType, new TransferMeter(progress.CreatePart(), total: null, time));
        _sinks.Add(sink);
        return sink;
    }

    [SuppressMessage("Design", "CA1031", Justification = "A stream is still open only when the call has failed: that error goes on.")]
    public async ValueTask DisposeAsync()
    {
        foreach (var sink in _sinks)
        {
            try
            {
                await sink.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception)
            {
                // the first error is the one to hear of
            }
        }
    }
}
