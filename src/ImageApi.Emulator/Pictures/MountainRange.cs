using SkiaSharp;

namespace ImageApi.Emulator.Pictures;

/// <summary>Ridge behind ridge in the haze, under a low sun or a moon with stars.</summary>
internal sealed class MountainRange : IComposition
{
    public void Draw(Scene scene)
    {
        var (dice, palette, unit) = (scene.Dice, scene.Palette, scene.Unit);
        scene.Backdrop(palette.Sky);
        var night = Palette.Brightness(palette.Sky[0]) < 0.2f;
        if (night)
        {
            Stars(scene, dice.Fork(1));
        }

        var sun = new SKPoint(scene.Width * dice.Next(0.22f, 0.78f), (scene.Height * dice.Next(0.3f, 0.46f)) + (MathF.Sin(scene.Turn) * unit * 0.03f));
        var radius = unit * dice.Next(0.07f, 0.13f);
        var halo = palette.Light.WithAlpha(150);
        scene.Circle(sun.X, sun.Y, radius * 5, scene.Glow(sun, radius * 5, halo, palette.Light.WithAlpha(45), palette.Light.WithAlpha(0)));
        scene.Circle(sun.X, sun.Y, radius, scene.Gradient(new(sun.X, sun.Y - radius), new(sun.X, sun.Y + radius), palette.Light, Palette.Blend(palette.Light, palette.Sky[^1], 0.6f)));

        var layers = 5 + dice.Pick(3);
        var rough = dice.Next(0.35f, 0.55f);
        for (var layer = 0; layer < layers; layer++)
        {
            DrawLayer(scene, dice.Fork(10 + layer), layer / (layers - 1f), rough);
        }

        Birds(scene, dice.Fork(3), sun);
    }

    private static void DrawLayer(Scene scene, Dice dice, float nearness, float rough)
    {
        var ridge = new Ridge(dice, 6, rough);
        var baseline = scene.Height * (0.5f + (0.38f * nearness));
        var swing = scene.Unit * (0.2f - (0.09f * nearness));
        var zoom = (2.2f + (1.4f * (1 - nearness))) / scene.Unit;
        var shift = dice.Next(0, 40) + (MathF.Sin(scene.Turn) * 0.04f * (1 + nearness));
        using var path = new SKPath();
        path.MoveTo(0, scene.Height);
        var step = Math.Max(1, scene.Width / 480);
        var top = baseline;
        for (var x = 0f; x <= scene.Width + step; x += step)
        {
            var y = baseline - (swing * ridge.At((x * zoom) + shift));
            top = Math.Min(top, y);
            path.LineTo(x, y);
        }

        path.LineTo(scene.Width, scene.Height);
        path.Close();
        var color = scene.Palette.Between(nearness);
        var haze = Palette.Blend(color, scene.Palette.Sky[^1], 0.55f * (1 - (nearness * 0.8f)));
        scene.Canvas.DrawPath(path, scene.Gradient(new(0, top), new(0, baseline + (swing * 1.6f)), color, haze));
    }

    private static void Stars(Scene scene, Dice dice)
    {
        for (var star = 0; star < 160; star++)
        {
            var size = scene.Unit * dice.Next(0.0006f, 0.0022f);
            scene.Circle(dice.Next() * scene.Width, dice.Next() * scene.Height * 0.55f, size, scene.Fill(SKColors.White.WithAlpha((byte)dice.Next(60, 220))));
        }
    }

    private static void Birds(Scene scene, Dice dice, SKPoint sun)
    {
        var count = dice.Pick(7);
        for (var bird = 0; bird < count; bird++)
        {
            var x = sun.X + (scene.Unit * dice.Next(-0.4f, 0.4f));
            var y = sun.Y - (scene.Unit * dice.Next(0.02f, 0.2f));
            var span = scene.Unit * dice.Next(0.008f, 0.018f);
            using var path = new SKPath();
            path.MoveTo(x - span, y - (span * 0.35f));
            path.QuadTo(x - (span * 0.4f), y - (span * 0.6f), x, y);
            path.QuadTo(x + (span * 0.4f), y - (span * 0.6f), x + span, y - (span * 0.35f));
            scene.Canvas.DrawPath(path, scene.Stroke(scene.Palette.Near.WithAlpha(200), span * 0.16f));
        }
    }
}
