namespace ImageApi.Client.Extensions.AI;

/// <summary>The mark of what is experimental in Microsoft.Extensions.AI, and therefore here.</summary>
internal static class Experiment
{
    public const string Id = "MEAI001";

    public const string UrlFormat = "https://aka.ms/dotnet-extensions-warnings/{0}";
}
