using ImageApi.Emulator.Drawing.Primitives;
using SkiaSharp;

namespace ImageApi.Emulator.Drawing.Overlays;

/// <summary>The soft outline a picture is cut out along when its background is to be transparent.</summary>
internal static class TransparencyMask
{
    public static SKPath CreateOutline(DrawingSurface surface)
    {
        const int PointCount = 180;
        var noise = new SmoothNoise(surface.Random.Fork(77), 2, 0.4f);
        var path = new SKPath();
        for (var point = 0; point < PointCount; point++)
        {
            var angle = point / (float)PointCount * MathF.Tau;
            var (cos, sin) = (MathF.Cos(angle), MathF.Sin(angle));

            // A circle through the noise closes on itself; the exponent squares the oval off towards the corners.
            var wobble = 0.9f + (0.07f * noise.Sample(20 + (cos * 1.3f) + (sin * 2.1f)));
            var x = (surface.Width / 2) + (MathF.Sign(cos) * MathF.Pow(Math.Abs(cos), 0.7f) * wobble * surface.Width / 2);
            var y = (surface.Height / 2) + (MathF.Sign(sin) * MathF.Pow(Math.Abs(sin), 0.7f) * wobble * surface.Height / 2);
            if (point == 0)
            {
                path.MoveTo(x, y);
            }
            else
            {
                path.LineTo(x, y);
            }
        }

        path.Close();
        return path;
    }
}
