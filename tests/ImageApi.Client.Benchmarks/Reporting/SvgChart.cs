using System.Globalization;
using System.Text;

namespace ImageApi.Client.Benchmarks.Reporting;

/// <summary>Draws lines over two axes that start at zero, on a ground that can be read in light and in dark surroundings.</summary>
internal sealed class SvgChart
{
    private const int Width = 760;
    private const int Height = 420;
    private const int Left = 70;
    private const int Top = 70;
    private const int PlotWidth = 480;
    private const int PlotHeight = 280;
    private const int Ticks = 4;

    private readonly StringBuilder _text = new();
    private readonly double _maxX;
    private readonly double _maxY;

    public SvgChart(string title, string xLabel, string yLabel, double maxX, double maxY)
    {
        _maxX = maxX;
        _maxY = maxY;
        AppendLine($"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" width="{Width}" height="{Height}" font-family="sans-serif" font-size="13" role="img" aria-label="{title}">""");
        AppendLine($"""<rect width="{Width}" height="{Height}" fill="#ffffff"/>""");
        AppendLine($"""<text x="{Left}" y="32" font-size="17" font-weight="bold" fill="#1f2328">{title}</text>""");
        AppendLine($"""<text x="{Left}" y="54" fill="#59636e">{yLabel}</text>""");
        AppendLine($"""<text x="{Left + PlotWidth}" y="{Top + PlotHeight + 44}" text-anchor="end" fill="#59636e">{xLabel}</text>""");
        for (var tick = 0; tick <= Ticks; tick++)
        {
            var (x, y) = (maxX * tick / Ticks, maxY * tick / Ticks);
            AppendLine($"""<path d="M{Left} {ScaleY(y):0.#}h{PlotWidth}" stroke="#d1d9e0"/>""");
            AppendLine($"""<text x="{Left - 8}" y="{ScaleY(y) + 4:0.#}" text-anchor="end" fill="#59636e">{y:0}</text>""");
            AppendLine($"""<text x="{ScaleX(x):0.#}" y="{Top + PlotHeight + 20}" text-anchor="middle" fill="#59636e">{x:0}</text>""");
        }
    }

    /// <summary>Draws one line, with its name at its end.</summary>
    public void DrawLine(string name, string color, IReadOnlyList<(double X, double Y)> points, bool isBold = false)
    {
        var path = string.Join('L', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{ScaleX(point.X):0.#} {ScaleY(point.Y):0.#}")));
        AppendLine($"""<path d="M{path}" fill="none" stroke="{color}" stroke-width="{(isBold ? 4 : 2)}" stroke-linejoin="round"/>""");
        foreach (var (x, y) in points)
        {
            AppendLine($"""<circle cx="{ScaleX(x):0.#}" cy="{ScaleY(y):0.#}" r="{(isBold ? 4 : 3)}" fill="{color}"/>""");
        }

        var end = points[^1];
        AppendLine($"""<text x="{ScaleX(end.X) + 10:0.#}" y="{ScaleY(end.Y) + 4:0.#}" fill="{color}" font-weight="{(isBold ? "bold" : "normal")}">{name}, {end.Y:0.#} MiB</text>""");
    }

    public override string ToString() => _text + "</svg>\n";

    private double ScaleX(double x) => Left + (PlotWidth * x / _maxX);

    private double ScaleY(double y) => Top + PlotHeight - (PlotHeight * y / _maxY);

    private void AppendLine(FormattableString line) => _text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
