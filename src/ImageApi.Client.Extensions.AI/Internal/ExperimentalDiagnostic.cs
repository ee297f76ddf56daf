namespace ImageApi.Client.Extensions.AI.Internal;

/// <summary>The diagnostic id of experimental APIs in Microsoft.Extensions.AI, which this package also uses.</summary>
internal static class ExperimentalDiagnostic
{
    public const string DiagnosticId = "MEAI001";

    public const string UrlFormat = "https://aka.ms/dotnet-extensions-warnings/{0}";
}
