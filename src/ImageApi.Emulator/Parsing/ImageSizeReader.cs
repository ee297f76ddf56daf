using System.Globalization;
using ImageApi.Emulator.Http;

namespace ImageApi.Emulator.Parsing;

/// <summary>Reads <c>size</c> and, where that is absent, <c>aspect_ratio</c>.</summary>
internal static class ImageSizeReader
{
    private const int MaxEdge = 8192;

    private static readonly Dictionary<string, (int Width, int Height)> SizesByAspectRatio = new(StringComparer.Ordinal)
    {
        ["1:1"] = (1024, 1024),
        ["3:2"] = (1536, 1024),
        ["2:3"] = (1024, 1536),
        ["4:3"] = (1200, 896),
        ["3:4"] = (896, 1200),
        ["5:4"] = (1152, 928),
        ["4:5"] = (928, 1152),
        ["16:9"] = (1376, 768),
        ["9:16"] = (768, 1376),
        ["21:9"] = (1584, 672),
    };

    public static (int Width, int Height) Read(JsonObjectReader input)
    {
        var defaultSize = input.GetString("aspect_ratio") is { } aspectRatio
            ? SizesByAspectRatio.TryGetValue(aspectRatio, out var knownSize) ? knownSize : throw UnsupportedAspectRatio(input, aspectRatio)
            : SizesByAspectRatio["1:1"];
        var size = input.GetString("size");
        if (size is null or "auto")
        {
            return defaultSize;
        }

        var separator = size.IndexOf('x', StringComparison.Ordinal);
        if (separator < 1 || !TryParseEdge(size.AsSpan(0, separator), out var width) || !TryParseEdge(size.AsSpan(separator + 1), out var height))
        {
            throw ApiException.Invalid(
                $"Invalid size '{size}'. It must be 'auto' or WIDTHxHEIGHT with edges between 1 and {MaxEdge}, such as '1024x1024'.",
                input.GetPath("size"),
                "invalid_value");
        }

        return (width, height);
    }

    private static bool TryParseEdge(ReadOnlySpan<char> text, out int edge)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out edge) && edge is >= 1 and <= MaxEdge;

    private static ApiException UnsupportedAspectRatio(JsonObjectReader input, string aspectRatio) => ApiException.Invalid(
        $"Invalid aspect ratio '{aspectRatio}'. Supported values are: '{string.Join("', '", SizesByAspectRatio.Keys)}'.", input.GetPath("aspect_ratio"), "invalid_value");
}
