namespace ImageApi.Client.Http;

/// <summary>Stands for a cause whose text showed the key.</summary>
internal sealed class MaskedException(string message) : Exception(message);
