using SkiaSharp;

namespace ImageApi.Emulator.Pictures;

/// <summary>Bands of silk that flow across the picture, each shaded over its breadth.</summary>
internal sealed class SilkRibbons : IComposition
{
    public void Draw(Scene scene)
    {
        var (dice, palette) = (scene.Dice, scene.Palette);
        scene.Backdrop(Palette.Blend(palette.Sky[0], palette.Ink, 0.35f), palette.Sky[0], Palette.Blend(palette.Sky[1], palette.Ink, 0.2f));
        scene.Canvas.Save();
        scene.Canvas.RotateDegrees(dice.Next(-24, 24), scene.Width / 2, scene.Height / 2);
        var ribbons = 6 + dice.Pick(4);
        for (var ribbon = 0; ribbon < ribbons; ribbon++)
        {
            var colour = palette.Accents[ribbon % palette.Accents.Length];
            DrawRibbon(scene, dice.Fork(ribbon), (ribbon + 0.5f) / ribbons, colour, palette.Accents[(ribbon + 2) % palette.Accents.Length]);
        }

        scene.Canvas.Restore();
    }

    private static void DrawRibbon(Scene scene, Dice dice, float place, SKColor from, SKColor to)
    {
        var middle = scene.Height * (((place - 0.5f) * 1.25f) + 0.5f);
        var breadth = scene.Unit * dice.Next(0.1f, 0.24f);
        var swing = scene.Unit * dice.Next(0.08f, 0.2f);
        var (turn, second) = (dice.Next(0, MathF.Tau) + scene.Turn, dice.Next(0, MathF.Tau) - scene.Turn);
        var waves = dice.Next(0.7f, 1.5f);
        const int Threads = 42;
        for (var thread = 0; thread < Threads; thread++)
        {
            var across = thread / (Threads - 1f);
            using var path = new SKPath();
            for (var at = 0; at <= 64; at++)
            {
                var along = at / 64f;
                var angle = (along * waves * MathF.Tau) + turn;
                var twist = MathF.Sin((along * waves * 4.4f) + second);
                var y = middle + (MathF.Sin(angle) * swing) + (MathF.Sin((angle * 0.53f) + second) * swing * 0.5f) + ((across - 0.5f) * breadth * (0.35f + (0.65f * twist)));
                var x = (scene.Width * ((along * 1.5f) - 0.25f)) + ((across - 0.5f) * breadth * 0.5f);
                if (at == 0)
                {
                    path.MoveTo(x, y);
                }
                else
                {
                    path.LineTo(x, y);
                }
            }

            var sheen = MathF.Pow(MathF.Sin(across * MathF.PI), 3);
            var colour = Palette.Blend(Palette.Blend(from, to, across), SKColors.White, sheen * 0.42f);
            var edge = Palette.Blend(colour, scene.Palette.Ink, 0.35f * (1 - sheen));
            scene.Canvas.DrawPath(path, scene.Stroke(edge.WithAlpha(225), Math.Max(1, breadth / Threads * 1.5f)));
        }
    }
}
