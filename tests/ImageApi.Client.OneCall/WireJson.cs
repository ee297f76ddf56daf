using System.Text.Json.Serialization;

namespace OneCall;

internal sealed record GenerationRequest(string Model, string Prompt, string Size, string ResponseFormat, IReadOnlyList<string> ReferenceImages);

internal sealed record GenerationResponse(IReadOnlyList<GeneratedImage> Data);

internal sealed record GeneratedImage(string? Url);

[JsonSerializable(typeof(GenerationRequest))]
[JsonSerializable(typeof(GenerationResponse))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class WireJson : JsonSerializerContext;
