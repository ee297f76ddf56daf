using SkiaSharp;

namespace ImageApi.Emulator.Pictures;

/// <summary>A grid of squares with quarter circles, half circles, rings and bars, as the Bauhaus had them.</summary>
internal sealed class BauhausTiles : IComposition
{
    public void Draw(Scene scene)
    {
        var (dice, palette) = (scene.Dice, scene.Palette);
        SKColor[] colours = [.. palette.Accents, palette.Paper, palette.Ink];
        scene.Backdrop(palette.Paper, palette.Paper);
        var rows = 4 + dice.Pick(3);
        var columns = Math.Max(1, (int)MathF.Round(rows * scene.Width / scene.Height));
        if (scene.Height > scene.Width)
        {
            columns = 4 + dice.Pick(2);
            rows = Math.Max(1, (int)MathF.Round(columns * scene.Height / scene.Width));
        }

        var (wide, high) = (scene.Width / columns, scene.Height / rows);
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var own = dice.Fork((row * 64) + column);
                var ground = own.Pick(colours.Length);
                var figure = (ground + 1 + own.Pick(colours.Length - 1)) % colours.Length;
                var second = (figure + 1 + own.Pick(colours.Length - 1)) % colours.Length;
                scene.Canvas.Save();

                // Whole pixels and a hard clip: tiles that meet within a pixel would leave a seam.
                var place = new SKRect(MathF.Round(column * wide), MathF.Round(row * high), MathF.Round((column + 1) * wide), MathF.Round((row + 1) * high));
                scene.Canvas.ClipRect(place, SKClipOperation.Intersect, antialias: false);
                scene.Canvas.DrawRect(place, scene.Fill(colours[ground]));
                scene.Canvas.Translate(place.MidX, place.MidY);
                scene.Canvas.Scale(place.Width / 2, place.Height / 2);
                scene.Canvas.RotateDegrees((90 * own.Pick(4)) + (own.Chance(0.25f) ? scene.Phase * 360 : 0));
                Tile(scene, own, colours[figure], colours[second], colours[ground]);
                scene.Canvas.Restore();
            }
        }
    }

    private static void Tile(Scene scene, Dice dice, SKColor figure, SKColor second, SKColor ground)
    {
        var canvas = scene.Canvas;
        switch (dice.Pick(9))
        {
            case 0:
                canvas.DrawArc(new SKRect(-3, -3, 1, 1), 0, 90, true, scene.Fill(figure));
                break;
            case 1:
                canvas.DrawArc(new SKRect(-3, -3, 1, 1), 0, 90, true, scene.Fill(figure));
                canvas.DrawArc(new SKRect(-2, -2, 0, 0), 0, 90, true, scene.Fill(second));
                break;
            case 2:
                canvas.DrawArc(new SKRect(-1, -2, 1, 0), 0, 180, true, scene.Fill(figure));
                canvas.DrawArc(new SKRect(-1, -1, 1, 1), 0, 180, true, scene.Fill(second));
                break;
            case 3:
                scene.Circle(0, 0, 0.78f, scene.Fill(figure));
                scene.Circle(0, 0, 0.4f, scene.Fill(ground));
                scene.Circle(0, 0, 0.2f, scene.Fill(second));
                break;
            case 4:
                for (var bar = 0; bar < 4; bar++)
                {
                    canvas.DrawRect(-1, -1 + (bar * 0.5f), 2, 0.25f, scene.Fill(bar % 2 == 0 ? figure : second));
                }

                break;
            case 5:
                canvas.DrawRect(-1, -1, 1, 2, scene.Fill(figure));
                scene.Circle(0, 0, 0.5f, scene.Fill(second));
                break;
            case 6:
                Triangle(scene, figure);
                break;
            case 7:
                canvas.DrawArc(new SKRect(-1, -3, 3, 1), 90, 90, true, scene.Fill(figure));
                canvas.DrawArc(new SKRect(-3, -1, 1, 3), 270, 90, true, scene.Fill(second.WithAlpha(215)));
                break;
            default:
                for (var x = 0; x < 9; x++)
                {
                    scene.Circle(((x % 3) - 1) * 0.58f, ((x / 3) - 1) * 0.58f, 0.17f, scene.Fill(x == 4 ? second : figure));
                }

                break;
        }
    }

    private static void Triangle(Scene scene, SKColor figure)
    {
        using var path = new SKPath();
        path.MoveTo(-1, -1);
        path.LineTo(1, -1);
        path.LineTo(-1, 1);
        path.Close();
        scene.Canvas.DrawPath(path, scene.Fill(figure));
    }
}
