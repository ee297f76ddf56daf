using ImageApi.Emulator.Drawing.Primitives;
using ImageApi.Emulator.Generations;
using SkiaSharp;

namespace ImageApi.Emulator.Drawing.Overlays;

/// <summary>Pins the reference images onto the picture, as snapshots with a white border.</summary>
internal sealed class ReferenceImageOverlay(FontCollection fonts)
{
    public void Draw(DrawingSurface surface, IReadOnlyList<ReferenceImage> referenceImages)
    {
        var count = referenceImages.Count;
        var columns = Math.Min(count, surface.Width >= surface.Height ? 4 : 2);
        var rows = (count + columns - 1) / columns;
        var edge = Math.Min(surface.Unit * 0.42f, Math.Min(surface.Width * 0.86f / columns, surface.Height * 0.74f / rows));
        for (var index = 0; index < count; index++)
        {
            var random = surface.Random.Fork(900 + index);
            var inRow = Math.Min(columns, count - (index / columns * columns));
            var x = surface.Width * (0.5f + (((index % columns) - ((inRow - 1) / 2f)) / (columns + 0.35f)));
            var y = surface.Height * (0.44f + (((index / columns) - ((rows - 1) / 2f)) * 0.8f / rows));
            surface.Canvas.Save();
            surface.Canvas.Translate(x, y);
            surface.Canvas.RotateDegrees(random.NextSingle(-7, 7));
            DrawSnapshot(surface, referenceImages[index], edge);
            surface.Canvas.Restore();
        }
    }

    private void DrawSnapshot(DrawingSurface surface, ReferenceImage referenceImage, float edge)
    {
        using var image = referenceImage.Thumbnail.IsEmpty ? null : SKImage.FromEncodedData(referenceImage.Thumbnail.Span);
        var (imageWidth, imageHeight) = (edge * 0.84f, edge * 0.84f);
        if (image is not null)
        {
            var ratio = image.Width / (float)image.Height;
            (imageWidth, imageHeight) = ratio > 1 ? (imageWidth, Math.Max(imageWidth / ratio, edge * 0.3f)) : (Math.Max(imageHeight * ratio, edge * 0.3f), imageHeight);
        }

        var border = edge * 0.045f;
        var card = new SKRect((-imageWidth / 2) - border, (-imageHeight / 2) - border, (imageWidth / 2) + border, (imageHeight / 2) + (border * 2.6f));
        var inner = new SKRect(-imageWidth / 2, -imageHeight / 2, imageWidth / 2, imageHeight / 2);
        DrawShadow(surface, card, edge);
        surface.Canvas.DrawRect(card, surface.Fill(new SKColor(252, 251, 247)));
        if (image is null)
        {
            DrawUrlPlaceholder(surface, inner, referenceImage.Label, edge);
        }
        else
        {
            surface.Canvas.DrawRect(inner, surface.Fill(new SKColor(236, 234, 228)));
            surface.Canvas.DrawImage(image, inner, new SKSamplingOptions(SKCubicResampler.Mitchell), surface.Fill(SKColors.White));
        }

        if (referenceImage.IsMask)
        {
            using var path = new SKPath();
            path.AddRect(inner);
            surface.Canvas.DrawPath(path, surface.Fill(surface.Palette.Accents[0].WithAlpha(110)));
        }
    }

    // The link is not followed: its place is taken by a mount with the name of its host.
    private void DrawUrlPlaceholder(DrawingSurface surface, SKRect inner, string host, float edge)
    {
        var palette = surface.Palette;
        surface.Canvas.DrawRect(inner, surface.LinearGradient(new(inner.Left, inner.Top), new(inner.Right, inner.Bottom), palette.Accents[1], palette.Accents[3]));
        surface.Canvas.Save();
        surface.Canvas.ClipRect(inner);
        for (var x = inner.Left - inner.Height; x < inner.Right; x += edge * 0.09f)
        {
            surface.Canvas.DrawLine(x, inner.Bottom, x + inner.Height, inner.Top, surface.Stroke(SKColors.White.WithAlpha(38), edge * 0.022f));
        }

        surface.Canvas.Restore();
        var ring = surface.Stroke(SKColors.White.WithAlpha(235), edge * 0.026f);
        surface.Canvas.DrawRoundRect(-edge * 0.17f, -edge * 0.06f, edge * 0.19f, edge * 0.12f, edge * 0.06f, edge * 0.06f, ring);
        surface.Canvas.DrawRoundRect(-edge * 0.02f, -edge * 0.06f, edge * 0.19f, edge * 0.12f, edge * 0.06f, edge * 0.06f, ring);
        var line = new TextLine(fonts, Math.Max(6, edge * 0.066f));
        var text = line.Fit(host, inner.Width * 0.94f);
        line.Draw(surface.Canvas, text, -line.Measure(text) / 2, inner.Bottom - (edge * 0.07f), surface.Fill(SKColors.White));
    }

    private static void DrawShadow(DrawingSurface surface, SKRect card, float edge)
    {
        for (var ring = 5; ring >= 1; ring--)
        {
            var shadowBounds = card;
            shadowBounds.Inflate(edge * 0.008f * ring, edge * 0.008f * ring);
            shadowBounds.Offset(edge * 0.008f, edge * 0.018f);
            surface.Canvas.DrawRoundRect(shadowBounds, edge * 0.01f * ring, edge * 0.01f * ring, surface.Fill(SKColors.Black.WithAlpha(20)));
        }
    }
}
