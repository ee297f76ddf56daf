using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using ImageApi.Client.Extensions.AI.Internal;
using Microsoft.Extensions.AI;

namespace ImageApi.Client.Extensions.AI.Generation;

/// <summary>Maps the token usage of a response (OpenAI's convention).</summary>
[Experimental(ExperimentalDiagnostic.DiagnosticId, UrlFormat = ExperimentalDiagnostic.UrlFormat)]
internal static class UsageMapper
{
    /// <summary>The name that the platform's own adapter for OpenAI gives to the tokens of reference images.</summary>
    private const string InputImageTokensName = "InputTokenDetails.ImageTokenCount";

    public static UsageDetails? Map(ImageUsage? usage) => usage is null ? null : new UsageDetails
    {
        InputTokenCount = usage.InputTokens,
        InputTextTokenCount = usage.InputTextTokens,
        OutputTokenCount = usage.OutputTokens,
        TotalTokenCount = usage.TotalTokens,
        AdditionalCounts = usage.InputImageTokens is { } imageTokens ? new() { [InputImageTokensName] = imageTokens } : null,
    };

    /// <summary>Reads the usage of a job in the format of the synchronous endpoint. The contract documents none (a guess).</summary>
    public static UsageDetails? Map(Job job)
    {
        if (!job.AdditionalProperties.TryGetValue("usage", out var usage) || usage.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var details = usage.TryGetProperty("input_tokens_details", out var tokenDetails) ? tokenDetails : default;
        return Map(new ImageUsage
        {
            InputTokens = ReadCount(usage, "input_tokens"),
            InputTextTokens = ReadCount(details, "text_tokens"),
            InputImageTokens = ReadCount(details, "image_tokens"),
            OutputTokens = ReadCount(usage, "output_tokens"),
            TotalTokens = ReadCount(usage, "total_tokens"),
        });
    }

    private static long? ReadCount(JsonElement container, string name) =>
        container.ValueKind == JsonValueKind.Object && container.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var count)
            ? count : null;
}
