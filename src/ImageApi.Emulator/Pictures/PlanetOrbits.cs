using SkiaSharp;

namespace ImageApi.Emulator.Pictures;

/// <summary>A star with its planets on rings, in a field of stars.</summary>
internal sealed class PlanetOrbits : IComposition
{
    public void Draw(Scene scene)
    {
        var (dice, palette, unit) = (scene.Dice, scene.Palette, scene.Unit);
        var deep = Palette.Blend(palette.Ink, SKColors.Black, 0.35f);
        scene.Backdrop(deep, Palette.Blend(palette.Ink, palette.Sky[1], 0.25f), deep);
        Nebula(scene, dice.Fork(1));
        for (var star = 0; star < 420; star++)
        {
            scene.Circle(dice.Next() * scene.Width, dice.Next() * scene.Height, unit * dice.Next(0.0005f, 0.002f), scene.Fill(palette.Light.WithAlpha((byte)dice.Next(40, 230))));
        }

        var centre = new SKPoint(scene.Width * dice.Next(0.3f, 0.7f), scene.Height * dice.Next(0.38f, 0.62f));
        var core = unit * dice.Next(0.06f, 0.1f);
        scene.Circle(centre.X, centre.Y, core * 5.5f, scene.Glow(centre, core * 5.5f, palette.Light.WithAlpha(190), palette.Accents[0].WithAlpha(60), palette.Accents[0].WithAlpha(0)));
        scene.Circle(centre.X, centre.Y, core, scene.Glow(new(centre.X - (core * 0.3f), centre.Y - (core * 0.3f)), core * 1.4f, SKColors.White, palette.Light, palette.Accents[0]));
        scene.Canvas.Save();
        scene.Canvas.Translate(centre.X, centre.Y);
        scene.Canvas.RotateDegrees(dice.Next(-28, 28));
        var flat = dice.Next(0.32f, 0.62f);
        var rings = 5 + dice.Pick(3);
        for (var ring = 0; ring < rings; ring++)
        {
            Orbit(scene, dice.Fork(20 + ring), core * (1.9f + (ring * dice.Next(1.05f, 1.3f))), flat, ring);
        }

        scene.Canvas.Restore();
    }

    private static void Nebula(Scene scene, Dice dice)
    {
        for (var cloud = 0; cloud < 5; cloud++)
        {
            var centre = new SKPoint(dice.Next() * scene.Width, dice.Next() * scene.Height);
            var radius = scene.Unit * dice.Next(0.35f, 0.8f);
            var colour = dice.Pick(scene.Palette.Accents);
            scene.Circle(centre.X, centre.Y, radius, scene.Glow(centre, radius, colour.WithAlpha(58), colour.WithAlpha(16), colour.WithAlpha(0)));
        }
    }

    private static void Orbit(Scene scene, Dice dice, float radius, float flat, int ring)
    {
        scene.Canvas.DrawOval(0, 0, radius, radius * flat, scene.Stroke(scene.Palette.Light.WithAlpha(70), scene.Unit * 0.0016f));
        var planets = 1 + dice.Pick(2);
        for (var planet = 0; planet < planets; planet++)
        {
            var angle = dice.Next(0, MathF.Tau) + (scene.Turn * (ring % 2 == 0 ? 1 : -1));
            var size = scene.Unit * dice.Next(0.012f, 0.042f) * (planet == 0 ? 1 : 0.5f);
            var (x, y) = (MathF.Cos(angle) * radius, MathF.Sin(angle) * radius * flat);
            var colour = scene.Palette.Accents[(ring + planet) % scene.Palette.Accents.Length];
            var distance = Math.Max(1, MathF.Sqrt((x * x) + (y * y)));
            var lit = new SKPoint(x - (x / distance * size * 0.5f), y - (y / distance * size * 0.5f));
            scene.Circle(x, y, size, scene.Glow(lit, size * 1.6f, Palette.Blend(colour, SKColors.White, 0.6f), colour, Palette.Blend(colour, SKColors.Black, 0.75f)));
            if (size > scene.Unit * 0.024f)
            {
                scene.Canvas.DrawOval(x, y, size * 1.8f, size * 0.42f, scene.Stroke(Palette.Blend(colour, scene.Palette.Light, 0.5f).WithAlpha(190), size * 0.09f));
            }
        }
    }
}
