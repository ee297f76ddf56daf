using System.Globalization;
using ImageApi.Emulator.Http;

namespace ImageApi.Emulator.Orders;

/// <summary>Reads <c>size</c> and, where that is absent, <c>aspect_ratio</c>.</summary>
internal static class OrderSize
{
    private const int LongestEdge = 8192;

    private static readonly Dictionary<string, (int Width, int Height)> ByRatio = new(StringComparer.Ordinal)
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

    public static (int Width, int Height) Read(Fields fields)
    {
        var byRatio = fields.Text("aspect_ratio") is { } ratio
            ? ByRatio.TryGetValue(ratio, out var known) ? known : throw BadRatio(fields, ratio)
            : ByRatio["1:1"];
        var size = fields.Text("size");
        if (size is null or "auto")
        {
            return byRatio;
        }

        var cross = size.IndexOf('x', StringComparison.Ordinal);
        if (cross < 1 || !Edge(size.AsSpan(0, cross), out var width) || !Edge(size.AsSpan(cross + 1), out var height))
        {
            throw ApiException.Invalid(
                $"Invalid size '{size}'. It must be 'auto' or WIDTHxHEIGHT with edges between 1 and {LongestEdge}, such as '1024x1024'.",
                fields.PathOf("size"),
                "invalid_value");
        }

        return (width, height);
    }

    private static bool Edge(ReadOnlySpan<char> text, out int edge)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out edge) && edge is >= 1 and <= LongestEdge;

    private static ApiException BadRatio(Fields fields, string ratio) => ApiException.Invalid(
        $"Invalid aspect ratio '{ratio}'. Supported values are: '{string.Join("', '", ByRatio.Keys)}'.", fields.PathOf("aspect_ratio"), "invalid_value");
}
