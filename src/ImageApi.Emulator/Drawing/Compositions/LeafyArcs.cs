using ImageApi.Emulator.Drawing.Primitives;
using SkiaSharp;

namespace ImageApi.Emulator.Drawing.Compositions;

/// <summary>Stems with leaves that bend over a pale ground, before a disc.</summary>
internal sealed class LeafyArcs : IComposition
{
    public void Draw(DrawingSurface surface)
    {
        var (random, palette, unit) = (surface.Random, surface.Palette, surface.Unit);
        var paper = palette.Paper;
        surface.FillBackground(ColorPalette.Blend(paper, SKColors.White, 0.3f), paper, ColorPalette.Blend(paper, palette.Accents[0], 0.14f));
        var disc = new SKPoint(surface.Width * random.NextSingle(0.35f, 0.65f), surface.Height * random.NextSingle(0.32f, 0.46f));
        var radius = unit * random.NextSingle(0.2f, 0.29f);
        var warm = random.Pick(palette.Accents);
        surface.DrawCircle(disc.X, disc.Y, radius, surface.LinearGradient(new(disc.X, disc.Y - radius), new(disc.X, disc.Y + radius), warm, ColorPalette.Blend(warm, paper, 0.65f)));
        surface.DrawCircle(disc.X, disc.Y, radius * 1.16f, surface.Stroke(palette.Ink.WithAlpha(70), unit * 0.0018f));
        var stems = 9 + random.Pick(6) + (int)(surface.Width / surface.Height * 3);
        for (var stem = 0; stem < stems; stem++)
        {
            var stemRandom = random.Fork(50 + stem);
            var x = surface.Width * ((stem + stemRandom.NextSingle(0, 1)) / stems);
            var color = ColorPalette.Blend(stemRandom.Pick(palette.Accents), palette.Ink, stemRandom.NextSingle(0.05f, 0.5f));
            DrawStem(surface, stemRandom, x, unit * stemRandom.NextSingle(0.35f, 0.85f), color);
        }
    }

    private static void DrawStem(DrawingSurface surface, DeterministicRandom random, float x, float length, SKColor color)
    {
        var unit = surface.Unit;
        var bend = random.NextSingle(-0.55f, 0.55f) + (MathF.Sin(surface.PhaseAngle + random.NextSingle(0, MathF.Tau)) * 0.05f);
        SKPoint PointAt(float fraction) => new(x + (length * bend * fraction * fraction), (surface.Height * 1.02f) - (length * fraction * (1 - (0.18f * fraction * Math.Abs(bend)))));
        using var path = new SKPath();
        path.MoveTo(PointAt(0));
        for (var step = 1; step <= 24; step++)
        {
            path.LineTo(PointAt(step / 24f));
        }

        surface.Canvas.DrawPath(path, surface.Stroke(color, unit * 0.004f));
        var pairs = 7 + random.Pick(8);
        var (slim, size) = (random.NextSingle(0.22f, 0.42f), random.NextSingle(0.07f, 0.13f) * unit);
        var buds = random.NextBool(0.25f);
        for (var pair = 1; pair <= pairs; pair++)
        {
            var fraction = 0.15f + (0.85f * pair / pairs);
            var (position, nextPosition) = (PointAt(fraction), PointAt(fraction + 0.02f));
            var heading = MathF.Atan2(nextPosition.Y - position.Y, nextPosition.X - position.X) * 180 / MathF.PI;
            var leaf = size * (1.1f - (fraction * 0.7f));
            foreach (var side in new[] { -1, 1 })
            {
                surface.Canvas.Save();
                surface.Canvas.Translate(position.X, position.Y);
                surface.Canvas.RotateDegrees(heading + (side * 48));
                if (buds)
                {
                    surface.Canvas.DrawLine(0, 0, leaf * 0.5f, 0, surface.Stroke(color, unit * 0.0025f));
                    surface.DrawCircle(leaf * 0.55f, 0, leaf * 0.16f, surface.Fill(ColorPalette.Blend(color, surface.Palette.Light, 0.45f)));
                }
                else
                {
                    DrawLeaf(surface, leaf, slim, ColorPalette.Blend(color, surface.Palette.Light, side < 0 ? 0.14f : 0.02f));
                }

                surface.Canvas.Restore();
            }
        }
    }

    private static void DrawLeaf(DrawingSurface surface, float length, float slim, SKColor color)
    {
        using var path = new SKPath();
        path.MoveTo(0, 0);
        path.QuadTo(length * 0.45f, -length * slim, length, 0);
        path.QuadTo(length * 0.45f, length * slim, 0, 0);
        surface.Canvas.DrawPath(path, surface.Fill(color.WithAlpha(232)));
        surface.Canvas.DrawLine(0, 0, length * 0.86f, 0, surface.Stroke(surface.Palette.Paper.WithAlpha(90), length * 0.016f));
    }
}
