namespace ImageApi.Client.Extensions.AI;

/// <summary>Says what cannot be sent, with the name that the caller's parameter has in the interfaces of Microsoft.Extensions.AI.</summary>
internal static class Refusal
{
    public static ArgumentException OfOptions(string message, Exception? cause = null) => Of(message, "options", cause);

    public static ArgumentException OfRequest(string message) => Of(message, "request", null);

    private static ArgumentException Of(string message, string paramName, Exception? cause) => new(message, paramName, cause);
}
