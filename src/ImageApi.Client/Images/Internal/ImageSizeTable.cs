namespace ImageApi.Client.Images.Internal;

/// <summary>The sizes of each ratio in 1K, 2K and 4K; every one keeps the rule published for gpt-image-2.</summary>
internal static class ImageSizeTable
{
    private static readonly Dictionary<AspectRatio, string[]> Sizes = new()
    {
        ["1:1"] = ["1024x1024", "2048x2048", "2880x2880"],
        ["3:2"] = ["1536x1024", "2528x1696", "3520x2336"],
        ["2:3"] = ["1024x1536", "1696x2528", "2336x3520"],
        ["4:3"] = ["1200x896", "2400x1792", "3312x2480"],
        ["3:4"] = ["896x1200", "1792x2400", "2480x3312"],
        ["5:4"] = ["1152x928", "2304x1856", "3216x2576"],
        ["4:5"] = ["928x1152", "1856x2304", "2576x3216"],
        ["16:9"] = ["1376x768", "2752x1536", "3840x2160"],
        ["9:16"] = ["768x1376", "1536x2752", "2160x3840"],
        ["21:9"] = ["1584x672", "3168x1344", "3840x1648"],
    };

    public static ImageSize Find(AspectRatio ratio, ImageResolution resolution) =>
        Sizes.TryGetValue(ratio, out var sizes) && (int)resolution is >= 0 and <= 2
            ? sizes[(int)resolution]
            : throw new ArgumentException($"There is no size for the ratio {ratio} in {resolution}.", nameof(ratio));
}
