using ImageApi.Emulator.Drawing.Primitives;
using SkiaSharp;

namespace ImageApi.Emulator.Drawing.Compositions;

/// <summary>Ridge behind ridge in the haze, under a low sun or a moon with stars.</summary>
internal sealed class MountainRange : IComposition
{
    public void Draw(DrawingSurface surface)
    {
        var (random, palette, unit) = (surface.Random, surface.Palette, surface.Unit);
        surface.FillBackground(palette.Sky);
        var night = ColorPalette.Brightness(palette.Sky[0]) < 0.2f;
        if (night)
        {
            DrawStars(surface, random.Fork(1));
        }

        var sun = new SKPoint(surface.Width * random.NextSingle(0.22f, 0.78f), (surface.Height * random.NextSingle(0.3f, 0.46f)) + (MathF.Sin(surface.PhaseAngle) * unit * 0.03f));
        var radius = unit * random.NextSingle(0.07f, 0.13f);
        var halo = palette.Light.WithAlpha(150);
        surface.DrawCircle(sun.X, sun.Y, radius * 5, surface.RadialGradient(sun, radius * 5, halo, palette.Light.WithAlpha(45), palette.Light.WithAlpha(0)));
        surface.DrawCircle(sun.X, sun.Y, radius, surface.LinearGradient(new(sun.X, sun.Y - radius), new(sun.X, sun.Y + radius), palette.Light, ColorPalette.Blend(palette.Light, palette.Sky[^1], 0.6f)));

        var layers = 5 + random.Pick(3);
        var rough = random.NextSingle(0.35f, 0.55f);
        for (var layer = 0; layer < layers; layer++)
        {
            DrawLayer(surface, random.Fork(10 + layer), layer / (layers - 1f), rough);
        }

        DrawBirds(surface, random.Fork(3), sun);
    }

    private static void DrawLayer(DrawingSurface surface, DeterministicRandom random, float nearness, float rough)
    {
        var noise = new SmoothNoise(random, 6, rough);
        var baseline = surface.Height * (0.5f + (0.38f * nearness));
        var swing = surface.Unit * (0.2f - (0.09f * nearness));
        var zoom = (2.2f + (1.4f * (1 - nearness))) / surface.Unit;
        var shift = random.NextSingle(0, 40) + (MathF.Sin(surface.PhaseAngle) * 0.04f * (1 + nearness));
        using var path = new SKPath();
        path.MoveTo(0, surface.Height);
        var step = Math.Max(1, surface.Width / 480);
        var top = baseline;
        for (var x = 0f; x <= surface.Width + step; x += step)
        {
            var y = baseline - (swing * noise.Sample((x * zoom) + shift));
            top = Math.Min(top, y);
            path.LineTo(x, y);
        }

        path.LineTo(surface.Width, surface.Height);
        path.Close();
        var color = surface.Palette.Interpolate(nearness);
        var haze = ColorPalette.Blend(color, surface.Palette.Sky[^1], 0.55f * (1 - (nearness * 0.8f)));
        surface.Canvas.DrawPath(path, surface.LinearGradient(new(0, top), new(0, baseline + (swing * 1.6f)), color, haze));
    }

    private static void DrawStars(DrawingSurface surface, DeterministicRandom random)
    {
        for (var star = 0; star < 160; star++)
        {
            var size = surface.Unit * random.NextSingle(0.0006f, 0.0022f);
            surface.DrawCircle(random.NextSingle() * surface.Width, random.NextSingle() * surface.Height * 0.55f, size, surface.Fill(SKColors.White.WithAlpha((byte)random.NextSingle(60, 220))));
        }
    }

    private static void DrawBirds(DrawingSurface surface, DeterministicRandom random, SKPoint sun)
    {
        var count = random.Pick(7);
        for (var bird = 0; bird < count; bird++)
        {
            var x = sun.X + (surface.Unit * random.NextSingle(-0.4f, 0.4f));
            var y = sun.Y - (surface.Unit * random.NextSingle(0.02f, 0.2f));
            var span = surface.Unit * random.NextSingle(0.008f, 0.018f);
            using var path = new SKPath();
            path.MoveTo(x - span, y - (span * 0.35f));
            path.QuadTo(x - (span * 0.4f), y - (span * 0.6f), x, y);
            path.QuadTo(x + (span * 0.4f), y - (span * 0.6f), x + span, y - (span * 0.35f));
            surface.Canvas.DrawPath(path, surface.Stroke(surface.Palette.Near.WithAlpha(200), span * 0.16f));
        }
    }
}
