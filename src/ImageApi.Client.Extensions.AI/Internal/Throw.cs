namespace ImageApi.Client.Extensions.AI.Internal;

/// <summary>Says what cannot be sent, with the name that the caller's parameter has in the interfaces of Microsoft.Extensions.AI.</summary>
internal static class Throw
{
    public static ArgumentException InvalidOptions(string message, Exception? innerException = null) => InvalidArgument(message, "options", innerException);

    public static ArgumentException InvalidRequest(string message) => InvalidArgument(message, "request", null);

    private static ArgumentException InvalidArgument(string message, string paramName, Exception? innerException) => new(message, paramName, innerException);
}
