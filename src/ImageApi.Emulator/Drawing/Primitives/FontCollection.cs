using SkiaSharp;

namespace ImageApi.Emulator.Drawing.Primitives;

/// <summary>The fonts at hand. There may be none, and none may have a certain character: then there is less to read, and nothing fails.</summary>
internal sealed class FontCollection : IDisposable
{
    private readonly Lazy<IReadOnlyList<SKTypeface>> _all;

    public FontCollection(string? path) => _all = new(() => Load(path));

    /// <summary>The first font that has a character, or null.</summary>
    public SKTypeface? Find(int character)
    {
        foreach (var typeface in _all.Value)
        {
            if (typeface.ContainsGlyph(character))
            {
                return typeface;
            }
        }

        return null;
    }

    public void Dispose()
    {
        if (_all.IsValueCreated)
        {
            foreach (var typeface in _all.Value)
            {
                typeface.Dispose();
            }
        }
    }

    // Asking the manager for a character finds nothing where Skia was built without fontconfig: so every family is asked.
    private static List<SKTypeface> Load(string? path)
    {
        var fonts = new List<SKTypeface>();
        if (path is not null && SKTypeface.FromFile(path) is { } customFont)
        {
            fonts.Add(customFont);
        }

        var families = SKFontManager.Default.FontFamilies
            .OrderBy(family => family.Contains("Math", StringComparison.Ordinal) ? 2 : family.Contains("Sans", StringComparison.Ordinal) ? 0 : 1)
            .ThenBy(family => family.Length)
            .ThenBy(family => family, StringComparer.Ordinal);
        foreach (var family in families)
        {
            if (SKFontManager.Default.MatchFamily(family, SKFontStyle.Normal) is { } typeface)
            {
                fonts.Add(typeface);
            }
        }

        return fonts;
    }
}
