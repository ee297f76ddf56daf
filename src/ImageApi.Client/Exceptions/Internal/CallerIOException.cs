namespace ImageApi.Client.Exceptions.Internal;

/// <summary>A stream, a file or a listener of the caller's failed: that is no trouble of the network. Never leaves the library: its cause does.</summary>
internal sealed class CallerIOException(Exception cause) : Exception(cause.Message, cause)
{
    public Exception Cause { get; } = cause;
}
