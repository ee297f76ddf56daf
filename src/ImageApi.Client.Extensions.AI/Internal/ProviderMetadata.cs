namespace ImageApi.Client.Extensions.AI.Internal;

/// <summary>What metadata say of the provider.</summary>
internal static class ProviderMetadata
{
    public const string Name = "imageapi";

    /// <summary>The model of a request that names none, as the library has it.</summary>
    public static string DefaultModel { get; } = new ImageRequest { Prompt = string.Empty }.Model;
}
