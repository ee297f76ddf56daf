using ImageApi.Emulator.Drawing.Primitives;
using SkiaSharp;

namespace ImageApi.Emulator.Drawing.Overlays;

/// <summary>Specks and a vignette, as of a print. Noise in every pixel would look alike and make the files ten times as large.</summary>
internal static class GrainOverlay
{
    private const int SpeckCount = 2600;

    public static void Draw(DrawingSurface surface)
    {
        var center = new SKPoint(surface.Width / 2, surface.Height / 2);
        surface.Canvas.DrawRect(
            0, 0, surface.Width, surface.Height, surface.RadialGradient(center, surface.Diagonal * 0.62f, SKColors.Transparent, SKColors.Transparent, SKColors.Black.WithAlpha(52)));
        var random = surface.Random.Fork(78);
        foreach (var color in new[] { SKColors.White.WithAlpha(20), SKColors.Black.WithAlpha(24) })
        {
            var points = new SKPoint[SpeckCount];
            for (var index = 0; index < points.Length; index++)
            {
                points[index] = new SKPoint(random.NextSingle() * surface.Width, random.NextSingle() * surface.Height);
            }

            surface.Canvas.DrawPoints(SKPointMode.Points, points, surface.Stroke(color, Math.Max(1, surface.Unit * 0.0016f)));
        }
    }
}
