using SkiaSharp;

namespace ImageApi.Emulator.Pictures;

/// <summary>A face of many facets, each lit by how it lies.</summary>
internal sealed class CutCrystal : IComposition
{
    public void Draw(Scene scene)
    {
        var (dice, palette) = (scene.Dice, scene.Palette);
        scene.Backdrop(palette.Sky);
        var cell = scene.Unit / (7 + dice.Pick(5));
        var columns = (int)MathF.Ceiling(scene.Width / cell) + 3;
        var rows = (int)MathF.Ceiling(scene.Height / cell) + 3;
        var points = new (float X, float Y, float Z)[rows, columns];
        var hills = new Ridge(dice.Fork(1), 3, 0.5f);
        var across = new Ridge(dice.Fork(2), 3, 0.5f);
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var own = dice.Fork(100 + (row * 997) + column);
                var sway = MathF.Sin(scene.Turn + own.Next(0, MathF.Tau)) * 0.06f * cell * (scene.Phase > 0 ? 1 : 0);
                points[row, column] = (
                    ((column - 1 + ((row & 1) * 0.5f) + own.Next(-0.34f, 0.34f)) * cell) + sway,
                    (row - 1 + own.Next(-0.34f, 0.34f)) * cell,
                    hills.At(column * 0.35f) + across.At(row * 0.35f) + own.Next(-0.35f, 0.35f));
            }
        }

        var light = (X: dice.Next(-0.7f, 0.7f), Y: -0.6f);
        for (var row = 0; row < rows - 1; row++)
        {
            for (var column = 0; column < columns - 1; column++)
            {
                var (a, b) = (points[row, column], points[row, column + 1]);
                var (c, d) = (points[row + 1, column], points[row + 1, column + 1]);
                var even = (row & 1) == 0;
                Facet(scene, a, b, even ? c : d, light, cell);
                Facet(scene, even ? b : a, c, d, light, cell);
            }
        }

        var focus = new SKPoint(scene.Width * dice.Next(0.25f, 0.75f), scene.Height * dice.Next(0.15f, 0.5f));
        scene.Canvas.DrawRect(0, 0, scene.Width, scene.Height, scene.Glow(focus, scene.Diagonal * 0.5f, palette.Light.WithAlpha(90), palette.Light.WithAlpha(0)));
    }

    private static void Facet(Scene scene, (float X, float Y, float Z) a, (float X, float Y, float Z) b, (float X, float Y, float Z) c, (float X, float Y) light, float cell)
    {
        var (x, y) = ((a.X + b.X + c.X) / 3 / scene.Width, (a.Y + b.Y + c.Y) / 3 / scene.Height);
        var sky = scene.Palette.Sky;
        var level = Math.Clamp(((y * 0.8f) + (x * 0.2f)) * (sky.Length - 1), 0, sky.Length - 1.001f);
        var ground = Palette.Blend(sky[(int)level], sky[(int)level + 1], level - (int)level);
        var (slopeX, slopeY) = (((b.Z - a.Z) * (c.Y - a.Y)) - ((c.Z - a.Z) * (b.Y - a.Y)), ((c.Z - a.Z) * (b.X - a.X)) - ((b.Z - a.Z) * (c.X - a.X)));
        var shade = Math.Clamp(((slopeX * light.X) + (slopeY * light.Y)) / (cell * cell) * 0.46f, -0.5f, 0.5f);
        var tint = Palette.Blend(ground, scene.Palette.Accents[(int)(Math.Abs(a.Z + b.Z) * 3.7f) % scene.Palette.Accents.Length], 0.36f);
        var colour = shade > 0 ? Palette.Blend(tint, scene.Palette.Light, shade) : Palette.Blend(tint, scene.Palette.Ink, -shade);
        using var path = new SKPath();
        path.MoveTo(a.X, a.Y);
        path.LineTo(b.X, b.Y);
        path.LineTo(c.X, c.Y);
        path.Close();

        // A hair of the same colour around each facet closes the seams that anti-aliasing leaves.
        var paint = scene.Stroke(colour, Math.Max(1, cell * 0.012f));
        paint.Style = SKPaintStyle.StrokeAndFill;
        scene.Canvas.DrawPath(path, paint);
    }
}
