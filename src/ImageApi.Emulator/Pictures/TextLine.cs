using System.Globalization;
using System.Text;
using SkiaSharp;

namespace ImageApi.Emulator.Pictures;

/// <summary>One line of text, each stretch of it in a font that has its characters.</summary>
internal sealed class TextLine(Typefaces typefaces, float size)
{
    /// <summary>What of a text can be drawn in a width; empty when too little of it can be.</summary>
    public string Fit(string text, float width)
    {
        var readable = new StringBuilder();
        var (wanted, lost) = (0, 0);
        foreach (var rune in text.Normalize(NormalizationForm.FormC).EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
            {
                if (readable.Length > 0 && readable[^1] != ' ')
                {
                    readable.Append(' ');
                }

                continue;
            }

            wanted++;
            if (Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format || typefaces.For(rune.Value) is null)
            {
                lost++;
                continue;
            }

            readable.Append(rune.ToString());
            if (readable.Length > 400)
            {
                break;
            }
        }

        var line = readable.ToString().Trim();
        if (line.Length == 0 || lost * 3 > wanted)
        {
            return "";
        }

        return Measure(line) <= width ? line : Shorten(line, width);
    }

    public float Measure(string text) => Walk(text, null, 0, 0, null);

    public void Draw(SKCanvas canvas, string text, float x, float y, SKPaint paint) => Walk(text, canvas, x, y, paint);

    private string Shorten(string line, float width)
    {
        const string Ending = "...";
        while (line.Length > 0 && Measure(line + Ending) > width)
        {
            line = line[..^(char.IsLowSurrogate(line[^1]) && line.Length > 1 ? 2 : 1)].TrimEnd();
        }

        return line.Length == 0 ? "" : line + Ending;
    }

    private float Walk(string text, SKCanvas? canvas, float x, float y, SKPaint? paint)
    {
        var start = x;
        var stretch = new StringBuilder();
        SKTypeface? current = null;
        foreach (var rune in text.EnumerateRunes())
        {
            var typeface = typefaces.For(rune.Value) ?? current;
            if (typeface != current)
            {
                Flush();
                current = typeface;
            }

            stretch.Append(rune.ToString());
        }

        Flush();
        return x - start;

        void Flush()
        {
            if (stretch.Length > 0 && current is not null)
            {
                using var font = new SKFont(current, size) { Subpixel = true };
                var run = stretch.ToString();
                canvas?.DrawText(run, x, y, font, paint!);
                x += font.MeasureText(run);
            }

            stretch.Clear();
        }
    }
}
