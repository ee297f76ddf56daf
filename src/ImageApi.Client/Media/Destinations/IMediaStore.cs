using ImageApi.Client.Http;

namespace ImageApi.Client.Media.Destinations;

/// <summary>Where the media of an answer go while they are decoded.</summary>
internal interface IMediaStore
{
    /// <summary>Gets or sets the answer that is being read; null before one came.</summary>
    ApiResponse? Response { get; set; }

    /// <summary>Gets how many media are likely, to size the first buffers.</summary>
    int Expected { get; }

    /// <summary>Opens the destination of the next medium.</summary>
    /// <param name="capacity">The size that is likely, in bytes; 0 where nothing tells it.</param>
    /// <param name="declaredType">The media type that stood before its bytes; null where none did.</param>
    MediaSink Open(int capacity, string? declaredType);
}
