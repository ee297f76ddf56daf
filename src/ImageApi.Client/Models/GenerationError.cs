namespace ImageApi.Client;

/// <summary>Why the server could not generate something, in its own words.</summary>
public sealed record GenerationError
{
    /// <summary>Gets the server's explanation; null when it gave none.</summary>
    public string? Message { get; init; }

    /// <summary>Gets the server's code, such as <c>content_policy_violation</c>.</summary>
    public string? Code { get; init; }

    /// <summary>Gets the server's class of the error.</summary>
    public string? Type { get; init; }
}
