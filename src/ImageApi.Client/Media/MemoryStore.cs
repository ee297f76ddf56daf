namespace ImageApi.Client.Media;

/// <summary>Keeps the media of an answer in memory, each in an array of its size.</summary>
internal sealed class MemoryStore(long maxMediaBytes) : IMediaStore
{
    public MediaSink Open(int capacity, string? declaredType) => new MemorySink(capacity, maxMediaBytes);
}
