namespace ImageApi.Client.Extensions.AI.Internal;

/// <summary>The ids of hosted files: links, where the server gives some.</summary>
internal static class HostedFileId
{
    public static bool IsUrl(string fileId) =>
        fileId.StartsWith("https://", StringComparison.OrdinalIgnoreCase) || fileId.StartsWith("http://", StringComparison.OrdinalIgnoreCase);
}
