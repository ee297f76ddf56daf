using ImageApi.Emulator.Drawing.Primitives;
using SkiaSharp;

namespace ImageApi.Emulator.Drawing.Compositions;

/// <summary>A face of many facets, each lit by how it lies.</summary>
internal sealed class CutCrystal : IComposition
{
    public void Draw(DrawingSurface surface)
    {
        var (random, palette) = (surface.Random, surface.Palette);
        surface.FillBackground(palette.Sky);
        var cell = surface.Unit / (7 + random.Pick(5));
        var columns = (int)MathF.Ceiling(surface.Width / cell) + 3;
        var rows = (int)MathF.Ceiling(surface.Height / cell) + 3;
        var points = new (float X, float Y, float Z)[rows, columns];
        var rowNoise = new SmoothNoise(random.Fork(1), 3, 0.5f);
        var columnNoise = new SmoothNoise(random.Fork(2), 3, 0.5f);
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var pointRandom = random.Fork(100 + (row * 997) + column);
                var sway = MathF.Sin(surface.PhaseAngle + pointRandom.NextSingle(0, MathF.Tau)) * 0.06f * cell * (surface.Phase > 0 ? 1 : 0);
                points[row, column] = (
                    ((column - 1 + ((row & 1) * 0.5f) + pointRandom.NextSingle(-0.34f, 0.34f)) * cell) + sway,
                    (row - 1 + pointRandom.NextSingle(-0.34f, 0.34f)) * cell,
                    rowNoise.Sample(column * 0.35f) + columnNoise.Sample(row * 0.35f) + pointRandom.NextSingle(-0.35f, 0.35f));
            }
        }

        var light = (X: random.NextSingle(-0.7f, 0.7f), Y: -0.6f);
        for (var row = 0; row < rows - 1; row++)
        {
            for (var column = 0; column < columns - 1; column++)
            {
                var (a, b) = (points[row, column], points[row, column + 1]);
                var (c, d) = (points[row + 1, column], points[row + 1, column + 1]);
                var even = (row & 1) == 0;
                DrawFacet(surface, a, b, even ? c : d, light, cell);
                DrawFacet(surface, even ? b : a, c, d, light, cell);
            }
        }

        var focus = new SKPoint(surface.Width * random.NextSingle(0.25f, 0.75f), surface.Height * random.NextSingle(0.15f, 0.5f));
        surface.Canvas.DrawRect(0, 0, surface.Width, surface.Height, surface.RadialGradient(focus, surface.Diagonal * 0.5f, palette.Light.WithAlpha(90), palette.Light.WithAlpha(0)));
    }

    private static void DrawFacet(DrawingSurface surface, (float X, float Y, float Z) a, (float X, float Y, float Z) b, (float X, float Y, float Z) c, (float X, float Y) light, float cell)
    {
        var (x, y) = ((a.X + b.X + c.X) / 3 / surface.Width, (a.Y + b.Y + c.Y) / 3 / surface.Height);
        var sky = surface.Palette.Sky;
        var level = Math.Clamp(((y * 0.8f) + (x * 0.2f)) * (sky.Length - 1), 0, sky.Length - 1.001f);
        var background = ColorPalette.Blend(sky[(int)level], sky[(int)level + 1], level - (int)level);
        var (slopeX, slopeY) = (((b.Z - a.Z) * (c.Y - a.Y)) - ((c.Z - a.Z) * (b.Y - a.Y)), ((c.Z - a.Z) * (b.X - a.X)) - ((b.Z - a.Z) * (c.X - a.X)));
        var shade = Math.Clamp(((slopeX * light.X) + (slopeY * light.Y)) / (cell * cell) * 0.46f, -0.5f, 0.5f);
        var tint = ColorPalette.Blend(background, surface.Palette.Accents[(int)(Math.Abs(a.Z + b.Z) * 3.7f) % surface.Palette.Accents.Length], 0.36f);
        var color = shade > 0 ? ColorPalette.Blend(tint, surface.Palette.Light, shade) : ColorPalette.Blend(tint, surface.Palette.Ink, -shade);
        using var path = new SKPath();
        path.MoveTo(a.X, a.Y);
        path.LineTo(b.X, b.Y);
        path.LineTo(c.X, c.Y);
        path.Close();

        // A hair of the same colour around each facet closes the seams that anti-aliasing leaves.
        var paint = surface.Stroke(color, Math.Max(1, cell * 0.012f));
        paint.Style = SKPaintStyle.StrokeAndFill;
        surface.Canvas.DrawPath(path, paint);
    }
}
