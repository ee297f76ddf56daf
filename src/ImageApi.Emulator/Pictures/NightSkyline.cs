using SkiaSharp;

namespace ImageApi.Emulator.Pictures;

/// <summary>Rows of towers with lit windows, mirrored in the water before them.</summary>
internal sealed class NightSkyline : IComposition
{
    public void Draw(Scene scene)
    {
        var (dice, palette, unit) = (scene.Dice, scene.Palette, scene.Unit);
        var shore = scene.Height * 0.76f;
        var sky = palette.Sky.OrderBy(Palette.Brightness).ToArray();
        sky[0] = Palette.Blend(sky[0], palette.Ink, 0.5f);
        scene.Backdrop(sky);
        var moon = new SKPoint(scene.Width * dice.Next(0.2f, 0.8f), scene.Height * dice.Next(0.16f, 0.32f));
        var radius = unit * dice.Next(0.05f, 0.09f);
        scene.Circle(moon.X, moon.Y, radius * 5, scene.Glow(moon, radius * 5, palette.Light.WithAlpha(120), palette.Light.WithAlpha(34), palette.Light.WithAlpha(0)));
        scene.Circle(moon.X, moon.Y, radius, scene.Fill(palette.Light));
        City(scene, dice, shore);

        // The water repeats the city upside down, dimmed: the same numbers draw it again.
        scene.Canvas.Save();
        scene.Canvas.ClipRect(new SKRect(0, shore, scene.Width, scene.Height));
        scene.Canvas.DrawRect(0, shore, scene.Width, scene.Height - shore, scene.Gradient(new(0, shore), new(0, scene.Height), sky[^1], sky[0]));
        scene.Canvas.Translate(0, shore * 2);
        scene.Canvas.Scale(1, -1);
        City(scene, dice, shore);
        scene.Canvas.Restore();
        scene.Canvas.DrawRect(0, shore, scene.Width, scene.Height - shore, scene.Gradient(new(0, shore), new(0, scene.Height), Palette.Blend(palette.Ink, sky[^1], 0.3f).WithAlpha(150), palette.Ink.WithAlpha(225)));
        scene.Canvas.DrawLine(0, shore, scene.Width, shore, scene.Stroke(palette.Light.WithAlpha(120), unit * 0.0025f));
        Ripples(scene, dice.Fork(9), shore);
    }

    private static void City(Scene scene, Dice dice, float shore)
    {
        for (var layer = 0; layer < 3; layer++)
        {
            var own = dice.Fork(30 + layer);
            var colour = Palette.Blend(scene.Palette.Between(0.45f + (0.27f * layer)), scene.Palette.Ink, 0.2f + (0.3f * layer));
            var x = -scene.Unit * own.Next(0, 0.1f);
            while (x < scene.Width)
            {
                var wide = scene.Unit * own.Next(0.045f, 0.12f);
                var high = scene.Unit * own.Next(0.12f, 0.5f - (0.1f * layer));
                Tower(scene, own, new SKRect(x, shore - high, x + wide, shore), colour, layer);
                x += wide + (scene.Unit * own.Next(0, 0.02f));
            }
        }
    }

    private static void Tower(Scene scene, Dice dice, SKRect walls, SKColor colour, int layer)
    {
        var haze = Palette.Blend(colour, scene.Palette.Sky[^1], 0.3f - (layer * 0.1f));
        scene.Canvas.DrawRect(walls, scene.Gradient(new(0, walls.Top), new(0, walls.Bottom), colour, haze));
        switch (dice.Pick(4))
        {
            case 0:
                scene.Canvas.DrawLine(walls.MidX, walls.Top, walls.MidX, walls.Top - (walls.Width * 0.6f), scene.Stroke(colour, walls.Width * 0.04f));
                break;
            case 1:
                scene.Canvas.DrawRect(walls.Left + (walls.Width * 0.25f), walls.Top - (walls.Width * 0.22f), walls.Width * 0.5f, walls.Width * 0.23f, scene.Fill(colour));
                break;
            case 2:
                scene.Canvas.DrawOval(walls.MidX, walls.Top, walls.Width / 2, walls.Width * 0.28f, scene.Fill(colour));
                break;
            default:
                break;
        }

        var columns = 3 + dice.Pick(3);
        var pitch = walls.Width / (columns + 0.6f);
        var lit = dice.Next(0.2f, 0.55f);
        for (var y = walls.Top + (pitch * 0.7f); y < walls.Bottom - pitch; y += pitch * 1.25f)
        {
            for (var column = 0; column < columns; column++)
            {
                if (dice.Chance(lit))
                {
                    var glow = dice.Chance(0.8f) ? scene.Palette.Light : dice.Pick(scene.Palette.Accents);
                    scene.Canvas.DrawRect(walls.Left + (pitch * (column + 0.5f)), y, pitch * 0.55f, pitch * 0.72f, scene.Fill(glow.WithAlpha((byte)(110 + (45 * layer)))));
                }
            }
        }
    }

    private static void Ripples(Scene scene, Dice dice, float shore)
    {
        for (var ripple = 0; ripple < 110; ripple++)
        {
            var near = dice.Next();
            var y = shore + ((scene.Height - shore) * near * near);
            var length = scene.Unit * dice.Next(0.02f, 0.14f) * (0.4f + near);
            var x = (dice.Next() * scene.Width) + (MathF.Sin(scene.Turn + (ripple * 0.7f)) * scene.Unit * 0.01f);
            scene.Canvas.DrawLine(x, y, x + length, y, scene.Stroke(scene.Palette.Light.WithAlpha((byte)(14 + (34 * near))), scene.Unit * 0.0022f * (0.5f + near)));
        }
    }
}
