using System.Text.Json;
using ImageApi.Client.Media;

namespace ImageApi.Client.Jobs;

/// <summary>Input that is passed on as it is.</summary>
internal sealed record FreeJobInput(JsonElement Json) : JobInput
{
    public override string ToString() => "JobInput of free JSON";

    internal override string? FindPrompt() => Json.TryGetProperty("prompt", out var prompt) && prompt.ValueKind == JsonValueKind.String ? prompt.GetString() : null;

    internal override void ThrowIfInvalid(string paramName)
    {
        // an object was made sure of when it was created
    }

    internal override ValueTask WriteAsync(JsonBody body, CancellationToken cancellationToken)
    {
        Json.WriteTo(body.Writer);
        return default;
    }
}
