namespace ImageApi.Client.Extensions.AI;

/// <summary>The ids of hosted files: links, where the server gives some.</summary>
internal static class HostedFiles
{
    public static bool IsLink(string fileId) =>
        fileId.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || fileId.StartsWith("http://", StringComparison.OrdinalIgnoreCase);
}
