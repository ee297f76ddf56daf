using SkiaSharp;

namespace ImageApi.Emulator.Drawing.Primitives;

/// <summary>Colours that go together: a sky from top to horizon, the near and the far end of what lies before it, a light, and accents.</summary>
internal sealed class ColorPalette(string sky, string depth, string light, string accents)
{
    private static readonly ColorPalette[] All =
    [
        new("1B2A4A 7A4E7E F08A5D FFD8A8", "D97B66 2B1B3D", "FFF1CF", "F08A5D B83B5E 6A2C70 F9ED69 2D4059"),
        new("0B132B 1C2541 3A506B 8FB8C9", "5BC0BE 0B132B", "F4F9F9", "5BC0BE 6FFFE9 FFBC42 D81159 8F2D56"),
        new("FDE2C8 FBC4AB F8AD9D F4978E", "F08080 5B2333", "FFFFFF", "F08080 F4978E 564D4A F7B267 84A59D"),
        new("CFE8EF 9AD1D4 E8F3EC FFF7E0", "80CED7 003249", "FFFDF0", "007EA7 80CED7 F2A65A EEC170 772F1A"),
        new("14213D 243B6B FCA311 FFE3B0", "8D6A9F 14213D", "FFF6E0", "FCA311 E5E5E5 D62828 F77F00 3D5A80"),
        new("F6EFE3 EFE1CB E8D5B5 F2E4CF", "B7A57A 344E41", "E76F51", "2A9D8F E9C46A F4A261 E76F51 264653"),
        new("10002B 3C096C 9D4EDD FF9ECD", "C77DFF 10002B", "FFE5F4", "FF6D00 FF9E00 9D4EDD 5A189A E0AAFF"),
        new("E9F5DB CFE1B9 E7ECCB FBF7DD", "97A97C 31492F", "F6BD60", "718355 F28482 84A59D F6BD60 4F6F52"),
        new("03071E 370617 9D0208 FAA307", "DC2F02 1A0508", "FFE9A8", "FFBA08 F48C06 E85D04 9D0208 6A040F"),
        new("22223B 4A4E69 9A8C98 F2E9E4", "C9ADA7 22223B", "FFFFFF", "C9ADA7 9A8C98 E07A5F 81B29A F2CC8F"),
        new("BDE0FE A2D2FF CDB4DB FFC8DD", "FFAFCC 5E548E", "FFFFFF", "FFAFCC A2D2FF 9F86C0 FFD6A5 5E548E"),
        new("012A4A 01497C 2A6F97 A9D6E5", "61A5C2 012A4A", "FFF3B0", "E09F3E 9E2A2B 61A5C2 FFF3B0 335C67"),
        new("FFF8E7 FFE8D6 FFD7BA FEC89A", "DDBEA9 6B705C", "CB997E", "A5A58D CB997E 6B705C B56576 355070"),
        new("0F2027 203A43 2C7873 A8E6CF", "52AB98 0C1B20", "F6FFF8", "F6AE2D F26419 52AB98 33658A 86BBD8"),
        new("2B2D42 5C6784 D8A7B1 FAE3D9", "B6798F 2B2D42", "FFF5EE", "EF233C D8A7B1 8D99AE F2B880 2B2D42"),
        new("355070 6D597A B56576 EAAC8B", "E56B6F 241E3D", "FFE8D6", "EAAC8B E56B6F B56576 FFCDB2 355070"),
    ];

    public SKColor[] Sky { get; } = ParseColors(sky);

    public SKColor Far { get; } = ParseColors(depth)[0];

    public SKColor Near { get; } = ParseColors(depth)[1];

    public SKColor Light { get; } = SKColor.Parse(light);

    public SKColor[] Accents { get; } = ParseColors(accents);

    /// <summary>The lightest of the colours, to lay shapes on.</summary>
    public SKColor Paper => Blend(Sky.Append(Light).MaxBy(Brightness), SKColors.White, 0.35f);

    /// <summary>The darkest of the colours, to draw lines with.</summary>
    public SKColor Ink => Sky.Append(Near).MinBy(Brightness);

    public static ColorPalette ChooseRandom(DeterministicRandom random) => random.Pick(All);

    public SKColor Interpolate(float nearness) => Blend(Far, Near, nearness);

    public static SKColor Blend(SKColor from, SKColor to, float fraction) => new(
        (byte)(from.Red + ((to.Red - from.Red) * fraction)),
        (byte)(from.Green + ((to.Green - from.Green) * fraction)),
        (byte)(from.Blue + ((to.Blue - from.Blue) * fraction)),
        (byte)(from.Alpha + ((to.Alpha - from.Alpha) * fraction)));

    public static float Brightness(SKColor color) => ((0.299f * color.Red) + (0.587f * color.Green) + (0.114f * color.Blue)) / 255;

    private static SKColor[] ParseColors(string hexColors) => [.. hexColors.Split(' ').Select(SKColor.Parse)];
}
