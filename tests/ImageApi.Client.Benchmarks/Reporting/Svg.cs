using System.Globalization;
using System.Text;

namespace ImageApi.Client.Benchmarks.Reporting;

/// <summary>Draws lines over two axes that start at zero, on a ground that can be read in light and in dark surroundings.</summary>
internal sealed class Svg
{
    private const int Width = 760;
    private const int Height = 420;
    private const int Left = 70;
    private const int Top = 70;
    private const int PlotWidth = 480;
    private const int PlotHeight = 280;
    private const int Ticks = 4;

    private readonly StringBuilder _text = new();
    private readonly double _largestX;
    private readonly double _largestY;

    public Svg(string title, string horizontal, string vertical, double largestX, double largestY)
    {
        _largestX = largestX;
        _largestY = largestY;
        Line($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" width="{Width}" height="{Height}" font-family="sans-serif" font-size="13" role="img" aria-label="{title}">""");
        Line($"""<rect width="{Width}" height="{Height}" fill="#ffffff"/>""");
        Line($"""<text x="{Left}" y="32" font-size="17" font-weight="bold" fill="#1f2328">{title}</text>""");
        Line($"""<text x="{Left}" y="54" fill="#59636e">{vertical}</text>""");
        Line($"""<text x="{Left + PlotWidth}" y="{Top + PlotHeight + 44}" text-anchor="end" fill="#59636e">{horizontal}</text>""");
        for (var tick = 0; tick <= Ticks; tick++)
        {
            var (x, y) = (largestX * tick / Ticks, largestY * tick / Ticks);
            Line($"""<path d="M{Left} {Y(y):0.#}h{PlotWidth}" stroke="#d1d9e0"/>""");
            Line($"""<text x="{Left - 8}" y="{Y(y) + 4:0.#}" text-anchor="end" fill="#59636e">{y:0}</text>""");
            Line($"""<text x="{X(x):0.#}" y="{Top + PlotHeight + 20}" text-anchor="middle" fill="#59636e">{x:0}</text>""");
        }
    }

    /// <summary>Draws one line, with its name at its end.</summary>
    public void Draw(string name, string colour, IReadOnlyList<(double X, double Y)> points, bool isBold = false)
    {
        var path = string.Join('L', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.X):0.#} {Y(point.Y):0.#}")));
        Line($"""<path d="M{path}" fill="none" stroke="{colour}" stroke-width="{(isBold ? 4 : 2)}" stroke-linejoin="round"/>""");
        foreach (var (x, y) in points)
        {
            Line($"""<circle cx="{X(x):0.#}" cy="{Y(y):0.#}" r="{(isBold ? 4 : 3)}" fill="{colour}"/>""");
        }

        var end = points[^1];
        Line($"""<text x="{X(end.X) + 10:0.#}" y="{Y(end.Y) + 4:0.#}" fill="{colour}" font-weight="{(isBold ? "bold" : "normal")}">{name}, {end.Y:0.#} MiB</text>""");
    }

    public override string ToString() => _text + "</svg>\n";

    private double X(double x) => Left + (PlotWidth * x / _largestX);

    private double Y(double y) => Top + PlotHeight - (PlotHeight * y / _largestY);

    private void Line(FormattableString line) => _text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
