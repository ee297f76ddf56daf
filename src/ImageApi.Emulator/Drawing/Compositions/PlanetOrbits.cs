using ImageApi.Emulator.Drawing.Primitives;
using SkiaSharp;

namespace ImageApi.Emulator.Drawing.Compositions;

/// <summary>A star with its planets on rings, in a field of stars.</summary>
internal sealed class PlanetOrbits : IComposition
{
    public void Draw(DrawingSurface surface)
    {
        var (random, palette, unit) = (surface.Random, surface.Palette, surface.Unit);
        var deep = ColorPalette.Blend(palette.Ink, SKColors.Black, 0.35f);
        surface.FillBackground(deep, ColorPalette.Blend(palette.Ink, palette.Sky[1], 0.25f), deep);
        DrawNebula(surface, random.Fork(1));
        for (var star = 0; star < 420; star++)
        {
            surface.DrawCircle(random.NextSingle() * surface.Width, random.NextSingle() * surface.Height, unit * random.NextSingle(0.0005f, 0.002f), surface.Fill(palette.Light.WithAlpha((byte)random.NextSingle(40, 230))));
        }

        var center = new SKPoint(surface.Width * random.NextSingle(0.3f, 0.7f), surface.Height * random.NextSingle(0.38f, 0.62f));
        var core = unit * random.NextSingle(0.06f, 0.1f);
        surface.DrawCircle(center.X, center.Y, core * 5.5f, surface.RadialGradient(center, core * 5.5f, palette.Light.WithAlpha(190), palette.Accents[0].WithAlpha(60), palette.Accents[0].WithAlpha(0)));
        surface.DrawCircle(center.X, center.Y, core, surface.RadialGradient(new(center.X - (core * 0.3f), center.Y - (core * 0.3f)), core * 1.4f, SKColors.White, palette.Light, palette.Accents[0]));
        surface.Canvas.Save();
        surface.Canvas.Translate(center.X, center.Y);
        surface.Canvas.RotateDegrees(random.NextSingle(-28, 28));
        var flat = random.NextSingle(0.32f, 0.62f);
        var rings = 5 + random.Pick(3);
        for (var ring = 0; ring < rings; ring++)
        {
            DrawOrbit(surface, random.Fork(20 + ring), core * (1.9f + (ring * random.NextSingle(1.05f, 1.3f))), flat, ring);
        }

        surface.Canvas.Restore();
    }

    private static void DrawNebula(DrawingSurface surface, DeterministicRandom random)
    {
        for (var cloud = 0; cloud < 5; cloud++)
        {
            var center = new SKPoint(random.NextSingle() * surface.Width, random.NextSingle() * surface.Height);
            var radius = surface.Unit * random.NextSingle(0.35f, 0.8f);
            var color = random.Pick(surface.Palette.Accents);
            surface.DrawCircle(center.X, center.Y, radius, surface.RadialGradient(center, radius, color.WithAlpha(58), color.WithAlpha(16), color.WithAlpha(0)));
        }
    }

    private static void DrawOrbit(DrawingSurface surface, DeterministicRandom random, float radius, float flat, int ring)
    {
        surface.Canvas.DrawOval(0, 0, radius, radius * flat, surface.Stroke(surface.Palette.Light.WithAlpha(70), surface.Unit * 0.0016f));
        var planets = 1 + random.Pick(2);
        for (var planet = 0; planet < planets; planet++)
        {
            var angle = random.NextSingle(0, MathF.Tau) + (surface.PhaseAngle * (ring % 2 == 0 ? 1 : -1));
            var size = surface.Unit * random.NextSingle(0.012f, 0.042f) * (planet == 0 ? 1 : 0.5f);
            var (x, y) = (MathF.Cos(angle) * radius, MathF.Sin(angle) * radius * flat);
            var color = surface.Palette.Accents[(ring + planet) % surface.Palette.Accents.Length];
            var distance = Math.Max(1, MathF.Sqrt((x * x) + (y * y)));
            var lit = new SKPoint(x - (x / distance * size * 0.5f), y - (y / distance * size * 0.5f));
            surface.DrawCircle(x, y, size, surface.RadialGradient(lit, size * 1.6f, ColorPalette.Blend(color, SKColors.White, 0.6f), color, ColorPalette.Blend(color, SKColors.Black, 0.75f)));
            if (size > surface.Unit * 0.024f)
            {
                surface.Canvas.DrawOval(x, y, size * 1.8f, size * 0.42f, surface.Stroke(ColorPalette.Blend(color, surface.Palette.Light, 0.5f).WithAlpha(190), size * 0.09f));
            }
        }
    }
}
