using ImageApi.Client.Media.Destinations;

namespace ImageApi.Client.Media.Extraction;

/// <summary>A medium of a response, with the destination that its base64 bytes were written to.</summary>
/// <param name="Media">The medium.</param>
/// <param name="Sink">The destination; null when the response contained no bytes of it.</param>
internal readonly record struct ParsedMedia(GeneratedMedia Media, MediaSink? Sink);
