using System.Text.Json;
using ImageApi.Client.Media.References;

namespace ImageApi.Client.Jobs.Internal;

/// <summary>Input that is passed on as it is.</summary>
internal sealed record JsonJobInput(JsonElement Json) : JobInput
{
    public override string ToString() => "JobInput of free JSON";

    internal override string? GetPrompt() => Json.TryGetProperty("prompt", out var prompt) && prompt.ValueKind == JsonValueKind.String ? prompt.GetString() : null;

    internal override void ThrowIfInvalid(string paramName)
    {
        // an object was made sure of when it was created
    }

    internal override ValueTask WriteAsync(JsonRequestContent body, CancellationToken cancellationToken)
    {
        Json.WriteTo(body.Writer);
        return default;
    }
}
