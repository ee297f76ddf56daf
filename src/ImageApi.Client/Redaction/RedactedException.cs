namespace ImageApi.Client.Redaction;

/// <summary>Stands for a cause whose text showed the key.</summary>
internal sealed class RedactedException(string message) : Exception(message);
