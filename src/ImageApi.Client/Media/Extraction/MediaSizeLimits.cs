using ImageApi.Client.Buffers;

namespace ImageApi.Client.Media.Extraction;

/// <summary>Limits the media of one response, and sizes the buffers for them.</summary>
/// <param name="maxMediaBytes">The maximum size of one medium.</param>
/// <param name="contentLength">The length of the response; null when unknown.</param>
/// <param name="expectedMedia">The number of media that were requested.</param>
internal struct MediaSizeLimits(long maxMediaBytes, long? contentLength, int expectedMedia)
{
    private const int LargeChunk = 128 * 1024;
    private const int SmallChunk = 16 * 1024;

    /// <summary>All media together may have the size of this many of the largest, or of as many as were requested: a thousand could fill the memory.</summary>
    private const int MinTotalFactor = 10;

    private readonly int _expectedMedia = Math.Max(1, expectedMedia);
    private long _total;

    /// <summary>Gets a buffer size that fits the response.</summary>
    public int ChunkSize => contentLength is null or > SmallChunk ? LargeChunk : SmallChunk;

    /// <summary>Adds a decoded medium.</summary>
    /// <exception cref="SizeLimitException">All media together are too large.</exception>
    public void Add(long length)
    {
        _total += length;
        var maxTotal = (decimal)maxMediaBytes * Math.Max(_expectedMedia, MinTotalFactor);
        if (_total > maxTotal)
        {
            throw new SizeLimitException($"The media in the answer are larger than {maxTotal} bytes together (Limits.MaxMediaBytes).");
        }
    }

    /// <summary>Estimates the size of the next medium from the length of the response. Media beyond the requested number get no estimate.</summary>
    /// <returns>The likely size in bytes; 0 when unknown.</returns>
    public int CapacityFor(int mediaCount, long received)
    {
        if (contentLength is not { } length || mediaCount >= _expectedMedia)
        {
            return 0;
        }

        var remaining = Math.Max(0, length - received) / (_expectedMedia - mediaCount);
        return (int)Math.Min((remaining / 4 * 3) + 3, Math.Min(maxMediaBytes + 3, int.MaxValue - 64));
    }
}
