using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ImageApi.Client.Extensions.AI.Generation;

/// <summary>Tells what was used up, in tokens (OpenAI's convention).</summary>
[Experimental(Experiment.Id, UrlFormat = Experiment.UrlFormat)]
internal static class Usages
{
    /// <summary>The name that the platform's own adapter for OpenAI gives to the tokens of reference images.</summary>
    private const string InputImageTokens = "InputTokenDetails.ImageTokenCount";

    public static UsageDetails? From(ImageUsage? usage) => usage is null ? null : new UsageDetails
    {
        InputTokenCount = usage.InputTokens,
        InputTextTokenCount = usage.InputTextTokens,
        OutputTokenCount = usage.OutputTokens,
        TotalTokenCount = usage.TotalTokens,
        AdditionalCounts = usage.InputImageTokens is { } images ? new() { [InputImageTokens] = images } : null,
    };

    /// <summary>The contract knows no usage of jobs; where a server tells it in the form of the synchronous call, it is read (a guess).</summary>
    public static UsageDetails? From(Job job)
    {
        if (!job.AdditionalProperties.TryGetValue("usage", out var usage) || usage.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var details = usage.TryGetProperty("input_tokens_details", out var found) ? found : default;
        return From(new ImageUsage
        {
            InputTokens = Read(usage, "input_tokens"),
            InputTextTokens = Read(details, "text_tokens"),
            InputImageTokens = Read(details, "image_tokens"),
            OutputTokens = Read(usage, "output_tokens"),
            TotalTokens = Read(usage, "total_tokens"),
        });
    }

    private static long? Read(JsonElement place, string name) =>
        place.ValueKind == JsonValueKind.Object && place.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var count)
            ? count : null;
}
