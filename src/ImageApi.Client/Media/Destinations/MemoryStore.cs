using ImageApi.Client.Http;

namespace ImageApi.Client.Media.Destinations;

/// <summary>Keeps the media of an answer in memory, each in an array of its size.</summary>
internal sealed class MemoryStore(long maxMediaBytes) : IMediaStore
{
    private List<MediaSink>? _sinks;

    public ApiResponse? Response { get; set; }

    public int Expected { get; init; } = 1;

    /// <summary>Gets the media that arrived whole: when the answer breaks off behind them, they were paid for all the same.</summary>
    public IReadOnlyList<GeneratedMedia> Whole => MediaSink.WholeOf(_sinks);

    public MediaSink Open(int capacity, string? declaredType)
    {
        var sink = new MemorySink(capacity, maxMediaBytes);
        (_sinks ??= []).Add(sink); // most answers have links alone
        return sink;
    }
}
