using ImageApi.Emulator.Orders;
using SkiaSharp;

namespace ImageApi.Emulator.Pictures;

/// <summary>Pins the reference images onto the picture, as snapshots with a white border.</summary>
internal sealed class SnapshotWall(Typefaces typefaces)
{
    public void Draw(Scene scene, IReadOnlyList<Reference> references)
    {
        var count = references.Count;
        var columns = Math.Min(count, scene.Width >= scene.Height ? 4 : 2);
        var rows = (count + columns - 1) / columns;
        var edge = Math.Min(scene.Unit * 0.42f, Math.Min(scene.Width * 0.86f / columns, scene.Height * 0.74f / rows));
        for (var index = 0; index < count; index++)
        {
            var dice = scene.Dice.Fork(900 + index);
            var inRow = Math.Min(columns, count - (index / columns * columns));
            var x = scene.Width * (0.5f + (((index % columns) - ((inRow - 1) / 2f)) / (columns + 0.35f)));
            var y = scene.Height * (0.44f + (((index / columns) - ((rows - 1) / 2f)) * 0.8f / rows));
            scene.Canvas.Save();
            scene.Canvas.Translate(x, y);
            scene.Canvas.RotateDegrees(dice.Next(-7, 7));
            Pin(scene, references[index], edge);
            scene.Canvas.Restore();
        }
    }

    private void Pin(Scene scene, Reference reference, float edge)
    {
        using var picture = reference.Thumbnail.IsEmpty ? null : SKImage.FromEncodedData(reference.Thumbnail.Span);
        var (wide, high) = (edge * 0.84f, edge * 0.84f);
        if (picture is not null)
        {
            var ratio = picture.Width / (float)picture.Height;
            (wide, high) = ratio > 1 ? (wide, Math.Max(wide / ratio, edge * 0.3f)) : (Math.Max(high * ratio, edge * 0.3f), high);
        }

        var border = edge * 0.045f;
        var card = new SKRect((-wide / 2) - border, (-high / 2) - border, (wide / 2) + border, (high / 2) + (border * 2.6f));
        var inner = new SKRect(-wide / 2, -high / 2, wide / 2, high / 2);
        Shadow(scene, card, edge);
        scene.Canvas.DrawRect(card, scene.Fill(new SKColor(252, 251, 247)));
        if (picture is null)
        {
            Link(scene, inner, reference.Label, edge);
        }
        else
        {
            scene.Canvas.DrawRect(inner, scene.Fill(new SKColor(236, 234, 228)));
            scene.Canvas.DrawImage(picture, inner, new SKSamplingOptions(SKCubicResampler.Mitchell), scene.Fill(SKColors.White));
        }

        if (reference.IsMask)
        {
            using var path = new SKPath();
            path.AddRect(inner);
            scene.Canvas.DrawPath(path, scene.Fill(scene.Palette.Accents[0].WithAlpha(110)));
        }
    }

    // The link is not followed: its place is taken by a mount with the name of its host.
    private void Link(Scene scene, SKRect inner, string host, float edge)
    {
        var palette = scene.Palette;
        scene.Canvas.DrawRect(inner, scene.Gradient(new(inner.Left, inner.Top), new(inner.Right, inner.Bottom), palette.Accents[1], palette.Accents[3]));
        scene.Canvas.Save();
        scene.Canvas.ClipRect(inner);
        for (var x = inner.Left - inner.Height; x < inner.Right; x += edge * 0.09f)
        {
            scene.Canvas.DrawLine(x, inner.Bottom, x + inner.Height, inner.Top, scene.Stroke(SKColors.White.WithAlpha(38), edge * 0.022f));
        }

        scene.Canvas.Restore();
        var ring = scene.Stroke(SKColors.White.WithAlpha(235), edge * 0.026f);
        scene.Canvas.DrawRoundRect(-edge * 0.17f, -edge * 0.06f, edge * 0.19f, edge * 0.12f, edge * 0.06f, edge * 0.06f, ring);
        scene.Canvas.DrawRoundRect(-edge * 0.02f, -edge * 0.06f, edge * 0.19f, edge * 0.12f, edge * 0.06f, edge * 0.06f, ring);
        var line = new TextLine(typefaces, Math.Max(6, edge * 0.066f));
        var text = line.Fit(host, inner.Width * 0.94f);
        line.Draw(scene.Canvas, text, -line.Measure(text) / 2, inner.Bottom - (edge * 0.07f), scene.Fill(SKColors.White));
    }

    private static void Shadow(Scene scene, SKRect card, float edge)
    {
        for (var ring = 5; ring >= 1; ring--)
        {
            var soft = card;
            soft.Inflate(edge * 0.008f * ring, edge * 0.008f * ring);
            soft.Offset(edge * 0.008f, edge * 0.018f);
            scene.Canvas.DrawRoundRect(soft, edge * 0.01f * ring, edge * 0.01f * ring, scene.Fill(SKColors.Black.WithAlpha(20)));
        }
    }
}
