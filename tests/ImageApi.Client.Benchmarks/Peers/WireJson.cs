using System.Text.Json.Serialization;

namespace ImageApi.Client.Benchmarks.Peers;

/// <summary>What an application writes that has no SDK: the request and the answer as types.</summary>
internal sealed record WireRequest(string Model, string Prompt, string Size, string ResponseFormat, IReadOnlyList<WireReference> ReferenceImages)
{
    public static WireRequest Create(string prompt, string format) => new("gpt-image-2", prompt, "1024x1024", format, []);
}

internal sealed record WireReference(string MimeType, [property: JsonPropertyName("data_base64")] byte[] Data);

internal sealed record WireResponse(long Created, IReadOnlyList<WireImage> Data);

internal sealed record WireImage(string? Url, [property: JsonPropertyName("b64_json")] byte[]? Bytes);

internal sealed record TextResponse(long Created, IReadOnlyList<TextImage> Data);

internal sealed record TextImage([property: JsonPropertyName("b64_json")] string Base64);

[JsonSerializable(typeof(WireRequest))]
[JsonSerializable(typeof(WireResponse))]
[JsonSerializable(typeof(TextResponse))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
internal sealed partial class WireJson : JsonSerializerContext;
