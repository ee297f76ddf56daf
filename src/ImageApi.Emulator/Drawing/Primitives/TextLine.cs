using System.Globalization;
using System.Text;
using SkiaSharp;

namespace ImageApi.Emulator.Drawing.Primitives;

/// <summary>One line of text, each stretch of it in a font that has its characters.</summary>
internal sealed class TextLine(FontCollection fonts, float size)
{
    /// <summary>What of a text can be drawn in a width; empty when too little of it can be.</summary>
    public string Fit(string text, float width)
    {
        var drawable = new StringBuilder();
        var (characterCount, unsupportedCount) = (0, 0);
        foreach (var rune in text.Normalize(NormalizationForm.FormC).EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
            {
                if (drawable.Length > 0 && drawable[^1] != ' ')
                {
                    drawable.Append(' ');
                }

                continue;
            }

            characterCount++;
            if (Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format || fonts.Find(rune.Value) is null)
            {
                unsupportedCount++;
                continue;
            }

            drawable.Append(rune.ToString());
            if (drawable.Length > 400)
            {
                break;
            }
        }

        var line = drawable.ToString().Trim();
        if (line.Length == 0 || unsupportedCount * 3 > characterCount)
        {
            return "";
        }

        return Measure(line) <= width ? line : Shorten(line, width);
    }

    public float Measure(string text) => MeasureOrDraw(text, null, 0, 0, null);

    public void Draw(SKCanvas canvas, string text, float x, float y, SKPaint paint) => MeasureOrDraw(text, canvas, x, y, paint);

    private string Shorten(string line, float width)
    {
        const string Ending = "...";
        while (line.Length > 0 && Measure(line + Ending) > width)
        {
            line = line[..^(char.IsLowSurrogate(line[^1]) && line.Length > 1 ? 2 : 1)].TrimEnd();
        }

        return line.Length == 0 ? "" : line + Ending;
    }

    private float MeasureOrDraw(string text, SKCanvas? canvas, float x, float y, SKPaint? paint)
    {
        var start = x;
        var segment = new StringBuilder();
        SKTypeface? current = null;
        foreach (var rune in text.EnumerateRunes())
        {
            var typeface = fonts.Find(rune.Value) ?? current;
            if (typeface != current)
            {
                Flush();
                current = typeface;
            }

            segment.Append(rune.ToString());
        }

        Flush();
        return x - start;

        void Flush()
        {
            if (segment.Length > 0 && current is not null)
            {
                using var font = new SKFont(current, size) { Subpixel = true };
                var segmentText = segment.ToString();
                canvas?.DrawText(segmentText, x, y, font, paint!);
                x += font.MeasureText(segmentText);
            }

            segment.Clear();
        }
    }
}
