using ImageApi.Emulator.Drawing.Primitives;
using SkiaSharp;

namespace ImageApi.Emulator.Drawing.Compositions;

/// <summary>A grid of squares with quarter circles, half circles, rings and bars, as the Bauhaus had them.</summary>
internal sealed class BauhausTiles : IComposition
{
    public void Draw(DrawingSurface surface)
    {
        var (random, palette) = (surface.Random, surface.Palette);
        SKColor[] colors = [.. palette.Accents, palette.Paper, palette.Ink];
        surface.FillBackground(palette.Paper, palette.Paper);
        var rows = 4 + random.Pick(3);
        var columns = Math.Max(1, (int)MathF.Round(rows * surface.Width / surface.Height));
        if (surface.Height > surface.Width)
        {
            columns = 4 + random.Pick(2);
            rows = Math.Max(1, (int)MathF.Round(columns * surface.Height / surface.Width));
        }

        var (tileWidth, tileHeight) = (surface.Width / columns, surface.Height / rows);
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var tileRandom = random.Fork((row * 64) + column);
                var background = tileRandom.Pick(colors.Length);
                var figure = (background + 1 + tileRandom.Pick(colors.Length - 1)) % colors.Length;
                var accent = (figure + 1 + tileRandom.Pick(colors.Length - 1)) % colors.Length;
                surface.Canvas.Save();

                // Whole pixels and a hard clip: tiles that meet within a pixel would leave a seam.
                var bounds = new SKRect(MathF.Round(column * tileWidth), MathF.Round(row * tileHeight), MathF.Round((column + 1) * tileWidth), MathF.Round((row + 1) * tileHeight));
                surface.Canvas.ClipRect(bounds, SKClipOperation.Intersect, antialias: false);
                surface.Canvas.DrawRect(bounds, surface.Fill(colors[background]));
                surface.Canvas.Translate(bounds.MidX, bounds.MidY);
                surface.Canvas.Scale(bounds.Width / 2, bounds.Height / 2);
                surface.Canvas.RotateDegrees((90 * tileRandom.Pick(4)) + (tileRandom.NextBool(0.25f) ? surface.Phase * 360 : 0));
                DrawTile(surface, tileRandom, colors[figure], colors[accent], colors[background]);
                surface.Canvas.Restore();
            }
        }
    }

    private static void DrawTile(DrawingSurface surface, DeterministicRandom random, SKColor figure, SKColor accent, SKColor background)
    {
        var canvas = surface.Canvas;
        switch (random.Pick(9))
        {
            case 0:
                canvas.DrawArc(new SKRect(-3, -3, 1, 1), 0, 90, true, surface.Fill(figure));
                break;
            case 1:
                canvas.DrawArc(new SKRect(-3, -3, 1, 1), 0, 90, true, surface.Fill(figure));
                canvas.DrawArc(new SKRect(-2, -2, 0, 0), 0, 90, true, surface.Fill(accent));
                break;
            case 2:
                canvas.DrawArc(new SKRect(-1, -2, 1, 0), 0, 180, true, surface.Fill(figure));
                canvas.DrawArc(new SKRect(-1, -1, 1, 1), 0, 180, true, surface.Fill(accent));
                break;
            case 3:
                surface.DrawCircle(0, 0, 0.78f, surface.Fill(figure));
                surface.DrawCircle(0, 0, 0.4f, surface.Fill(background));
                surface.DrawCircle(0, 0, 0.2f, surface.Fill(accent));
                break;
            case 4:
                for (var bar = 0; bar < 4; bar++)
                {
                    canvas.DrawRect(-1, -1 + (bar * 0.5f), 2, 0.25f, surface.Fill(bar % 2 == 0 ? figure : accent));
                }

                break;
            case 5:
                canvas.DrawRect(-1, -1, 1, 2, surface.Fill(figure));
                surface.DrawCircle(0, 0, 0.5f, surface.Fill(accent));
                break;
            case 6:
                DrawTriangle(surface, figure);
                break;
            case 7:
                canvas.DrawArc(new SKRect(-1, -3, 3, 1), 90, 90, true, surface.Fill(figure));
                canvas.DrawArc(new SKRect(-3, -1, 1, 3), 270, 90, true, surface.Fill(accent.WithAlpha(215)));
                break;
            default:
                for (var x = 0; x < 9; x++)
                {
                    surface.DrawCircle(((x % 3) - 1) * 0.58f, ((x / 3) - 1) * 0.58f, 0.17f, surface.Fill(x == 4 ? accent : figure));
                }

                break;
        }
    }

    private static void DrawTriangle(DrawingSurface surface, SKColor figure)
    {
        using var path = new SKPath();
        path.MoveTo(-1, -1);
        path.LineTo(1, -1);
        path.LineTo(-1, 1);
        path.Close();
        surface.Canvas.DrawPath(path, surface.Fill(figure));
    }
}
