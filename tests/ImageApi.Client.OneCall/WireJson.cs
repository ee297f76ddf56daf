using System.Text.Json.Serialization;

namespace OneCall;

internal sealed record Asked(string Model, string Prompt, string Size, string ResponseFormat, IReadOnlyList<string> ReferenceImages);

internal sealed record Answered(IReadOnlyList<Picture> Data);

internal sealed record Picture(string? Url);

[JsonSerializable(typeof(Asked))]
[JsonSerializable(typeof(Answered))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class WireJson : JsonSerializerContext;
