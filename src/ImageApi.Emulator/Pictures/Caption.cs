using SkiaSharp;

namespace ImageApi.Emulator.Pictures;

/// <summary>The prompt in small letters at the foot of the picture, where a font has its characters.</summary>
internal sealed class Caption(Typefaces typefaces)
{
    private const float LeastUnit = 96;

    public void Draw(Scene scene, string prompt)
    {
        if (scene.Unit < LeastUnit)
        {
            return;
        }

        var size = Math.Max(9, scene.Unit * 0.0225f);
        var margin = scene.Unit * 0.035f;
        var line = new TextLine(typefaces, size);
        var dot = size * 1.25f;
        var text = line.Fit(prompt, scene.Width - (margin * 2) - (size * 1.6f) - dot);
        if (text.Length == 0)
        {
            return;
        }

        var width = line.Measure(text) + (size * 1.6f) + dot;
        var box = SKRect.Create(margin, scene.Height - margin - (size * 2.1f), width, size * 2.1f);
        scene.Canvas.DrawRoundRect(box, size * 1.05f, size * 1.05f, scene.Fill(new SKColor(12, 14, 20, 196)));
        scene.Circle(box.Left + (size * 1.05f), box.MidY, size * 0.3f, scene.Fill(scene.Palette.Accents[0]));
        line.Draw(scene.Canvas, text, box.Left + (size * 0.8f) + dot, box.MidY + (size * 0.36f), scene.Fill(SKColors.White.WithAlpha(238)));
    }
}
