using ImageApi.Emulator.Drawing.Primitives;
using SkiaSharp;

namespace ImageApi.Emulator.Drawing.Compositions;

/// <summary>Overlapping wave scallops in rows, as on Japanese cloth, under a great sun.</summary>
internal sealed class ScallopSea : IComposition
{
    public void Draw(DrawingSurface surface)
    {
        var (random, palette, unit) = (surface.Random, surface.Palette, surface.Unit);
        surface.FillBackground([.. palette.Sky.Reverse().Select(color => ColorPalette.Blend(color, palette.Paper, 0.25f))]);
        var sun = new SKPoint(surface.Width * random.NextSingle(0.3f, 0.7f), surface.Height * 0.36f);
        var radius = unit * random.NextSingle(0.2f, 0.28f);
        var red = palette.Accents.MaxBy(color => color.Red - ((color.Green + color.Blue) / 2));
        surface.DrawCircle(sun.X, sun.Y, radius * 1.7f, surface.RadialGradient(sun, radius * 1.7f, red.WithAlpha(110), red.WithAlpha(0)));
        surface.DrawCircle(sun.X, sun.Y, radius, surface.LinearGradient(new(sun.X, sun.Y - radius), new(sun.X, sun.Y + radius), ColorPalette.Blend(red, palette.Light, 0.3f), red));
        DrawClouds(surface, random.Fork(1), sun);
        var size = unit * random.NextSingle(0.11f, 0.17f);
        var rise = size * 0.46f;
        var rows = (int)MathF.Ceiling(surface.Height * 0.56f / rise) + 2;
        for (var row = 0; row < rows; row++)
        {
            var y = (surface.Height * 0.5f) + (row * rise);
            for (var x = ((row & 1) * size) - size; x < surface.Width + (size * 2); x += size * 2)
            {
                var scallopRandom = random.Fork((row * 131) + (int)(x / size));
                DrawScallop(surface, scallopRandom, x, y + (MathF.Sin(surface.PhaseAngle + (x / size)) * size * 0.06f), size, row / (float)rows);
            }
        }
    }

    private static void DrawScallop(DrawingSurface surface, DeterministicRandom random, float x, float y, float size, float nearness)
    {
        var palette = surface.Palette;
        var deep = ColorPalette.Blend(palette.Interpolate(nearness), random.Pick(palette.Accents), random.NextSingle(0.04f, 0.3f));
        var pale = ColorPalette.Blend(palette.Paper, deep, 0.08f);
        const int Bands = 5;
        for (var band = 0; band < Bands; band++)
        {
            var radius = size * (1.02f - (band * 0.19f));
            surface.DrawCircle(x, y + size, radius, surface.Fill(pale));
            var color = ColorPalette.Blend(deep, palette.Ink, band * 0.07f);
            surface.DrawCircle(x, y + size, radius - (size * 0.035f), surface.LinearGradient(new(x, y), new(x, y + size), ColorPalette.Blend(color, palette.Light, 0.16f), color));
        }
    }

    private static void DrawClouds(DrawingSurface surface, DeterministicRandom random, SKPoint sun)
    {
        for (var cloud = 0; cloud < 4; cloud++)
        {
            var (length, thick) = (surface.Unit * random.NextSingle(0.25f, 0.6f), surface.Unit * random.NextSingle(0.018f, 0.032f));
            var x = sun.X + (surface.Unit * random.NextSingle(-0.75f, 0.3f)) + (MathF.Sin(surface.PhaseAngle) * surface.Unit * 0.02f);
            var y = sun.Y + (surface.Unit * random.NextSingle(-0.2f, 0.16f));
            for (var line = 0; line < 3; line++)
            {
                var shift = random.NextSingle(-0.25f, 0.25f) * length;
                surface.Canvas.DrawRoundRect(x + shift, y + (line * thick), length * random.NextSingle(0.5f, 1), thick, thick / 2, thick / 2, surface.Fill(surface.Palette.Paper.WithAlpha(205)));
            }
        }
    }
}
