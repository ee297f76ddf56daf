using SkiaSharp;

namespace ImageApi.Emulator.Pictures;

/// <summary>Thousands of fine strokes that follow one wind.</summary>
internal sealed class WindField : IComposition
{
    public void Draw(Scene scene)
    {
        var (dice, palette, unit) = (scene.Dice, scene.Palette, scene.Unit);
        var dark = dice.Chance(0.55f);
        var ground = dark ? Palette.Blend(palette.Ink, SKColors.Black, 0.25f) : palette.Paper;
        scene.Backdrop(ground, Palette.Blend(ground, palette.Sky[1], 0.18f), ground);
        var (first, second) = (new Ridge(dice.Fork(1), 2, 0.5f), new Ridge(dice.Fork(2), 2, 0.5f));
        var centre = new SKPoint(scene.Width * dice.Next(0.25f, 0.75f), scene.Height * dice.Next(0.25f, 0.75f));
        var swirl = dice.Next(0.6f, 1.5f) * (dice.Chance(0.5f) ? 1 : -1);
        var strokes = (int)Math.Clamp(scene.Width * scene.Height / (unit * unit) * 1500, 1500, 4000);
        for (var stroke = 0; stroke < strokes; stroke++)
        {
            var own = dice.Fork(1000 + stroke);
            var (x, y) = (own.Next(-0.05f, 1.05f) * scene.Width, own.Next(-0.05f, 1.05f) * scene.Height);
            using var path = new SKPath();
            path.MoveTo(x, y);
            var steps = 10 + own.Pick(18);
            var (startX, startY) = (x, y);
            for (var step = 0; step < steps; step++)
            {
                var around = MathF.Atan2(y - centre.Y, x - centre.X) + (MathF.PI / 2 * swirl);
                var angle = around + (first.At((x / unit * 2.4f) + 9) * 1.5f) + (second.At((y / unit * 2.4f) + 5 + (scene.Phase > 0 ? MathF.Sin(scene.Turn) * 0.12f : 0)) * 1.5f);
                x += MathF.Cos(angle) * unit * 0.008f;
                y += MathF.Sin(angle) * unit * 0.008f;
                path.LineTo(x, y);
            }

            var far = MathF.Sqrt(MathF.Pow(startX - centre.X, 2) + MathF.Pow(startY - centre.Y, 2)) / unit;
            var colour = palette.Accents[(int)((far * 4.2f) + own.Next(0, 1.6f)) % palette.Accents.Length];
            colour = Palette.Blend(colour, dark ? palette.Light : palette.Ink, own.Next(0, 0.35f));
            scene.Canvas.DrawPath(path, scene.Stroke(colour.WithAlpha((byte)own.Next(150, 245)), unit * own.Next(0.0014f, 0.0062f)));
        }
    }
}
