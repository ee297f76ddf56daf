using ImageApi.Emulator.Drawing.Primitives;
using SkiaSharp;

namespace ImageApi.Emulator.Drawing.Compositions;

/// <summary>Rows of towers with lit windows, mirrored in the water before them.</summary>
internal sealed class NightSkyline : IComposition
{
    public void Draw(DrawingSurface surface)
    {
        var (random, palette, unit) = (surface.Random, surface.Palette, surface.Unit);
        var shore = surface.Height * 0.76f;
        var sky = palette.Sky.OrderBy(ColorPalette.Brightness).ToArray();
        sky[0] = ColorPalette.Blend(sky[0], palette.Ink, 0.5f);
        surface.FillBackground(sky);
        var moon = new SKPoint(surface.Width * random.NextSingle(0.2f, 0.8f), surface.Height * random.NextSingle(0.16f, 0.32f));
        var radius = unit * random.NextSingle(0.05f, 0.09f);
        surface.DrawCircle(moon.X, moon.Y, radius * 5, surface.RadialGradient(moon, radius * 5, palette.Light.WithAlpha(120), palette.Light.WithAlpha(34), palette.Light.WithAlpha(0)));
        surface.DrawCircle(moon.X, moon.Y, radius, surface.Fill(palette.Light));
        DrawCity(surface, random, shore);

        // The water repeats the city upside down, dimmed: the same numbers draw it again.
        surface.Canvas.Save();
        surface.Canvas.ClipRect(new SKRect(0, shore, surface.Width, surface.Height));
        surface.Canvas.DrawRect(0, shore, surface.Width, surface.Height - shore, surface.LinearGradient(new(0, shore), new(0, surface.Height), sky[^1], sky[0]));
        surface.Canvas.Translate(0, shore * 2);
        surface.Canvas.Scale(1, -1);
        DrawCity(surface, random, shore);
        surface.Canvas.Restore();
        surface.Canvas.DrawRect(0, shore, surface.Width, surface.Height - shore, surface.LinearGradient(new(0, shore), new(0, surface.Height), ColorPalette.Blend(palette.Ink, sky[^1], 0.3f).WithAlpha(150), palette.Ink.WithAlpha(225)));
        surface.Canvas.DrawLine(0, shore, surface.Width, shore, surface.Stroke(palette.Light.WithAlpha(120), unit * 0.0025f));
        DrawRipples(surface, random.Fork(9), shore);
    }

    private static void DrawCity(DrawingSurface surface, DeterministicRandom random, float shore)
    {
        for (var layer = 0; layer < 3; layer++)
        {
            var layerRandom = random.Fork(30 + layer);
            var color = ColorPalette.Blend(surface.Palette.Interpolate(0.45f + (0.27f * layer)), surface.Palette.Ink, 0.2f + (0.3f * layer));
            var x = -surface.Unit * layerRandom.NextSingle(0, 0.1f);
            while (x < surface.Width)
            {
                var towerWidth = surface.Unit * layerRandom.NextSingle(0.045f, 0.12f);
                var towerHeight = surface.Unit * layerRandom.NextSingle(0.12f, 0.5f - (0.1f * layer));
                DrawTower(surface, layerRandom, new SKRect(x, shore - towerHeight, x + towerWidth, shore), color, layer);
                x += towerWidth + (surface.Unit * layerRandom.NextSingle(0, 0.02f));
            }
        }
    }

    private static void DrawTower(DrawingSurface surface, DeterministicRandom random, SKRect walls, SKColor color, int layer)
    {
        var haze = ColorPalette.Blend(color, surface.Palette.Sky[^1], 0.3f - (layer * 0.1f));
        surface.Canvas.DrawRect(walls, surface.LinearGradient(new(0, walls.Top), new(0, walls.Bottom), color, haze));
        switch (random.Pick(4))
        {
            case 0:
                surface.Canvas.DrawLine(walls.MidX, walls.Top, walls.MidX, walls.Top - (walls.Width * 0.6f), surface.Stroke(color, walls.Width * 0.04f));
                break;
            case 1:
                surface.Canvas.DrawRect(walls.Left + (walls.Width * 0.25f), walls.Top - (walls.Width * 0.22f), walls.Width * 0.5f, walls.Width * 0.23f, surface.Fill(color));
                break;
            case 2:
                surface.Canvas.DrawOval(walls.MidX, walls.Top, walls.Width / 2, walls.Width * 0.28f, surface.Fill(color));
                break;
            default:
                break;
        }

        var columns = 3 + random.Pick(3);
        var pitch = walls.Width / (columns + 0.6f);
        var lit = random.NextSingle(0.2f, 0.55f);
        for (var y = walls.Top + (pitch * 0.7f); y < walls.Bottom - pitch; y += pitch * 1.25f)
        {
            for (var column = 0; column < columns; column++)
            {
                if (random.NextBool(lit))
                {
                    var glow = random.NextBool(0.8f) ? surface.Palette.Light : random.Pick(surface.Palette.Accents);
                    surface.Canvas.DrawRect(walls.Left + (pitch * (column + 0.5f)), y, pitch * 0.55f, pitch * 0.72f, surface.Fill(glow.WithAlpha((byte)(110 + (45 * layer)))));
                }
            }
        }
    }

    private static void DrawRipples(DrawingSurface surface, DeterministicRandom random, float shore)
    {
        for (var ripple = 0; ripple < 110; ripple++)
        {
            var near = random.NextSingle();
            var y = shore + ((surface.Height - shore) * near * near);
            var length = surface.Unit * random.NextSingle(0.02f, 0.14f) * (0.4f + near);
            var x = (random.NextSingle() * surface.Width) + (MathF.Sin(surface.PhaseAngle + (ripple * 0.7f)) * surface.Unit * 0.01f);
            surface.Canvas.DrawLine(x, y, x + length, y, surface.Stroke(surface.Palette.Light.WithAlpha((byte)(14 + (34 * near))), surface.Unit * 0.0022f * (0.5f + near)));
        }
    }
}
