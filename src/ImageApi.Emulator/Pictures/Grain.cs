using SkiaSharp;

namespace ImageApi.Emulator.Pictures;

/// <summary>Specks and a vignette, as of a print. Noise in every pixel would look alike and make the files ten times as large.</summary>
internal static class Grain
{
    private const int Specks = 2600;

    public static void Draw(Scene scene)
    {
        var centre = new SKPoint(scene.Width / 2, scene.Height / 2);
        scene.Canvas.DrawRect(
            0, 0, scene.Width, scene.Height, scene.Glow(centre, scene.Diagonal * 0.62f, SKColors.Transparent, SKColors.Transparent, SKColors.Black.WithAlpha(52)));
        var dice = scene.Dice.Fork(78);
        foreach (var colour in new[] { SKColors.White.WithAlpha(20), SKColors.Black.WithAlpha(24) })
        {
            var points = new SKPoint[Specks];
            for (var index = 0; index < points.Length; index++)
            {
                points[index] = new SKPoint(dice.Next() * scene.Width, dice.Next() * scene.Height);
            }

            scene.Canvas.DrawPoints(SKPointMode.Points, points, scene.Stroke(colour, Math.Max(1, scene.Unit * 0.0016f)));
        }
    }
}
