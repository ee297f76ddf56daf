namespace ImageApi.Client;

/// <summary>Asks for a job.</summary>
public sealed record JobRequest
{
    /// <summary>Gets the model's name.</summary>
    /// <value>By default <c>gpt-image-2</c> for an <see cref="ImageJobInput"/>; required with any other input.</value>
    public string? Model { get; init; }

    /// <summary>Gets what the job is to work on.</summary>
    public required JobInput Input { get; init; }

    /// <summary>Describes the request without its prompt.</summary>
    /// <returns>A short text.</returns>
    public override string ToString() => $"JobRequest {Model} {Input}";
}
