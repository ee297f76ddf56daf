using ImageApi.Emulator.Drawing.Primitives;
using SkiaSharp;

namespace ImageApi.Emulator.Drawing.Compositions;

/// <summary>Bands of silk that flow across the picture, each shaded over its breadth.</summary>
internal sealed class SilkRibbons : IComposition
{
    public void Draw(DrawingSurface surface)
    {
        var (random, palette) = (surface.Random, surface.Palette);
        surface.FillBackground(ColorPalette.Blend(palette.Sky[0], palette.Ink, 0.35f), palette.Sky[0], ColorPalette.Blend(palette.Sky[1], palette.Ink, 0.2f));
        surface.Canvas.Save();
        surface.Canvas.RotateDegrees(random.NextSingle(-24, 24), surface.Width / 2, surface.Height / 2);
        var ribbons = 6 + random.Pick(4);
        for (var ribbon = 0; ribbon < ribbons; ribbon++)
        {
            var color = palette.Accents[ribbon % palette.Accents.Length];
            DrawRibbon(surface, random.Fork(ribbon), (ribbon + 0.5f) / ribbons, color, palette.Accents[(ribbon + 2) % palette.Accents.Length]);
        }

        surface.Canvas.Restore();
    }

    private static void DrawRibbon(DrawingSurface surface, DeterministicRandom random, float position, SKColor from, SKColor to)
    {
        var middle = surface.Height * (((position - 0.5f) * 1.25f) + 0.5f);
        var breadth = surface.Unit * random.NextSingle(0.1f, 0.24f);
        var swing = surface.Unit * random.NextSingle(0.08f, 0.2f);
        var (turn, second) = (random.NextSingle(0, MathF.Tau) + surface.PhaseAngle, random.NextSingle(0, MathF.Tau) - surface.PhaseAngle);
        var waves = random.NextSingle(0.7f, 1.5f);
        const int Threads = 42;
        for (var thread = 0; thread < Threads; thread++)
        {
            var across = thread / (Threads - 1f);
            using var path = new SKPath();
            for (var step = 0; step <= 64; step++)
            {
                var along = step / 64f;
                var angle = (along * waves * MathF.Tau) + turn;
                var twist = MathF.Sin((along * waves * 4.4f) + second);
                var y = middle + (MathF.Sin(angle) * swing) + (MathF.Sin((angle * 0.53f) + second) * swing * 0.5f) + ((across - 0.5f) * breadth * (0.35f + (0.65f * twist)));
                var x = (surface.Width * ((along * 1.5f) - 0.25f)) + ((across - 0.5f) * breadth * 0.5f);
                if (step == 0)
                {
                    path.MoveTo(x, y);
                }
                else
                {
                    path.LineTo(x, y);
                }
            }

            var sheen = MathF.Pow(MathF.Sin(across * MathF.PI), 3);
            var color = ColorPalette.Blend(ColorPalette.Blend(from, to, across), SKColors.White, sheen * 0.42f);
            var edge = ColorPalette.Blend(color, surface.Palette.Ink, 0.35f * (1 - sheen));
            surface.Canvas.DrawPath(path, surface.Stroke(edge.WithAlpha(225), Math.Max(1, breadth / Threads * 1.5f)));
        }
    }
}
