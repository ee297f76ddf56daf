using ImageApi.Emulator.Drawing.Primitives;
using SkiaSharp;

namespace ImageApi.Emulator.Drawing.Compositions;

/// <summary>Thousands of fine strokes that follow one wind.</summary>
internal sealed class WindField : IComposition
{
    public void Draw(DrawingSurface surface)
    {
        var (random, palette, unit) = (surface.Random, surface.Palette, surface.Unit);
        var dark = random.NextBool(0.55f);
        var background = dark ? ColorPalette.Blend(palette.Ink, SKColors.Black, 0.25f) : palette.Paper;
        surface.FillBackground(background, ColorPalette.Blend(background, palette.Sky[1], 0.18f), background);
        var (first, second) = (new SmoothNoise(random.Fork(1), 2, 0.5f), new SmoothNoise(random.Fork(2), 2, 0.5f));
        var center = new SKPoint(surface.Width * random.NextSingle(0.25f, 0.75f), surface.Height * random.NextSingle(0.25f, 0.75f));
        var swirl = random.NextSingle(0.6f, 1.5f) * (random.NextBool(0.5f) ? 1 : -1);
        var strokes = (int)Math.Clamp(surface.Width * surface.Height / (unit * unit) * 1500, 1500, 4000);
        for (var stroke = 0; stroke < strokes; stroke++)
        {
            var strokeRandom = random.Fork(1000 + stroke);
            var (x, y) = (strokeRandom.NextSingle(-0.05f, 1.05f) * surface.Width, strokeRandom.NextSingle(-0.05f, 1.05f) * surface.Height);
            using var path = new SKPath();
            path.MoveTo(x, y);
            var steps = 10 + strokeRandom.Pick(18);
            var (startX, startY) = (x, y);
            for (var step = 0; step < steps; step++)
            {
                var around = MathF.Atan2(y - center.Y, x - center.X) + (MathF.PI / 2 * swirl);
                var angle = around + (first.Sample((x / unit * 2.4f) + 9) * 1.5f) + (second.Sample((y / unit * 2.4f) + 5 + (surface.Phase > 0 ? MathF.Sin(surface.PhaseAngle) * 0.12f : 0)) * 1.5f);
                x += MathF.Cos(angle) * unit * 0.008f;
                y += MathF.Sin(angle) * unit * 0.008f;
                path.LineTo(x, y);
            }

            var distance = MathF.Sqrt(MathF.Pow(startX - center.X, 2) + MathF.Pow(startY - center.Y, 2)) / unit;
            var color = palette.Accents[(int)((distance * 4.2f) + strokeRandom.NextSingle(0, 1.6f)) % palette.Accents.Length];
            color = ColorPalette.Blend(color, dark ? palette.Light : palette.Ink, strokeRandom.NextSingle(0, 0.35f));
            surface.Canvas.DrawPath(path, surface.Stroke(color.WithAlpha((byte)strokeRandom.NextSingle(150, 245)), unit * strokeRandom.NextSingle(0.0014f, 0.0062f)));
        }
    }
}
