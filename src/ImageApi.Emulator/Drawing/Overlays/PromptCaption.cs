using ImageApi.Emulator.Drawing.Primitives;
using SkiaSharp;

namespace ImageApi.Emulator.Drawing.Overlays;

/// <summary>The prompt in small letters at the foot of the picture, where a font has its characters.</summary>
internal sealed class PromptCaption(FontCollection fonts)
{
    private const float MinUnit = 96;

    public void Draw(DrawingSurface surface, string prompt)
    {
        if (surface.Unit < MinUnit)
        {
            return;
        }

        var size = Math.Max(9, surface.Unit * 0.0225f);
        var margin = surface.Unit * 0.035f;
        var line = new TextLine(fonts, size);
        var dot = size * 1.25f;
        var text = line.Fit(prompt, surface.Width - (margin * 2) - (size * 1.6f) - dot);
        if (text.Length == 0)
        {
            return;
        }

        var width = line.Measure(text) + (size * 1.6f) + dot;
        var box = SKRect.Create(margin, surface.Height - margin - (size * 2.1f), width, size * 2.1f);
        surface.Canvas.DrawRoundRect(box, size * 1.05f, size * 1.05f, surface.Fill(new SKColor(12, 14, 20, 196)));
        surface.DrawCircle(box.Left + (size * 1.05f), box.MidY, size * 0.3f, surface.Fill(surface.Palette.Accents[0]));
        line.Draw(surface.Canvas, text, box.Left + (size * 0.8f) + dot, box.MidY + (size * 0.36f), surface.Fill(SKColors.White.WithAlpha(238)));
    }
}
