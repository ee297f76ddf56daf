namespace ImageApi.Client.Buffers;

/// <summary>A response is larger than a limit of the options. The transport turns it into a public exception.</summary>
internal sealed class SizeLimitException(string message) : Exception(message);
