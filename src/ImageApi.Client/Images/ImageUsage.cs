namespace ImageApi.Client;

/// <summary>What a generation used up, in tokens (OpenAI's convention).</summary>
public sealed record ImageUsage
{
    /// <summary>Gets the tokens of the prompt and the reference images.</summary>
    public long? InputTokens { get; init; }

    /// <summary>Gets the tokens of the prompt's text alone.</summary>
    public long? InputTextTokens { get; init; }

    /// <summary>Gets the tokens of the reference images alone.</summary>
    public long? InputImageTokens { get; init; }

    /// <summary>Gets the tokens of the pictures that were made.</summary>
    public long? OutputTokens { get; init; }

    /// <summary>Gets all tokens.</summary>
    public long? TotalTokens { get; init; }
}
