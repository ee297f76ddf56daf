using ImageApi.Client.Media.Destinations;

namespace ImageApi.Client.Images.Internal;

/// <summary>A parsed response, with the destination of each image's bytes.</summary>
/// <param name="Result">The result for the caller.</param>
/// <param name="Sinks">The destinations, in the order of the images; null for an image that is only a URL.</param>
internal sealed record ParsedImages(ImageResult Result, IReadOnlyList<MediaSink?> Sinks);
