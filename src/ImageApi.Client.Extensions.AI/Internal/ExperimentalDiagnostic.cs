namespace ImageApi.Client.Extensions.AI.Internal;

/// <summary>The mark of what is experimental in Microsoft.Extensions.AI, and therefore here.</summary>
internal static class ExperimentalDiagnostic
{
    public const string DiagnosticId = "MEAI001";

    public const string UrlFormat = "https://aka.ms/dotnet-extensions-warnings/{0}";
}
