using System.Diagnostics;
using System.Globalization;
using OpenTelemetry.Metrics;
using Spectre.Console;

namespace Observability;

/// <summary>Prints exported telemetry: spans as a tree in time, metrics as a table.</summary>
internal static class Report
{
    private const int OutputWidth = 140;

    private static readonly string[] ShownTags =
    [
        "gen_ai.request.choice.count", "imageapi.job.id", "imageapi.job.state", "imageapi.outcome", "error.type", "http.response.status_code",
    ];

    public static void Print(IReadOnlyList<Activity> spans)
    {
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = OutputWidth;
        }

        var ids = spans.Select(static span => span.SpanId).ToHashSet();
        foreach (var root in spans.Where(span => !ids.Contains(span.ParentSpanId)).OrderBy(static span => span.StartTimeUtc))
        {
            var tree = new Tree(Line(root, root)) { Guide = TreeGuide.Line };
            AddChildren(tree, root, root, spans);
            AnsiConsole.Write(tree);
        }
    }

    public static void Print(IReadOnlyList<MetricSnapshot> metrics)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn("metric", static column => column.NoWrap()).AddColumn("tags").AddColumn("value", static column => column.NoWrap());
        foreach (var metric in metrics.OrderBy(static metric => metric.Name, StringComparer.Ordinal))
        {
            foreach (var point in metric.MetricPoints)
            {
                table.AddRow(Markup.Escape(metric.Name), Markup.Escape(FormatTags(MetricTags(point))), Markup.Escape(FormatValue(metric, point)));
            }
        }

        AnsiConsole.Write(table);
    }

    private static void AddChildren(IHasTreeNodes node, Activity parent, Activity root, IReadOnlyList<Activity> spans)
    {
        var children = spans.Where(span => span.ParentSpanId == parent.SpanId)
            .Select(static span => (At: new DateTimeOffset(span.StartTimeUtc), Span: (Activity?)span, Event: default(ActivityEvent)))
            .Concat(parent.Events.Select(static item => (At: item.Timestamp, Span: (Activity?)null, Event: item)));
        foreach (var (at, span, item) in children.OrderBy(static child => child.At))
        {
            if (span is not null)
            {
                AddChildren(node.AddNode(Line(span, root)), span, root, spans);
            }
            else
            {
                node.AddNode($"[yellow]{FormatElapsed(at, root)} * {Markup.Escape(item.Name)}[/] [grey]{Markup.Escape(FormatTags(item.Tags))}[/]");
            }
        }
    }

    private static string Line(Activity span, Activity root)
    {
        var tags = span.TagObjects.Where(static tag => ShownTags.Contains(tag.Key, StringComparer.Ordinal));
        var name = Markup.Escape(span.DisplayName + UrlPath(span));
        var failed = span.Status == ActivityStatusCode.Error ? " [red]error[/]" : null;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{FormatElapsed(new DateTimeOffset(span.StartTimeUtc), root)} [bold]{name}[/] {span.Duration.TotalMilliseconds:0} ms{failed} [grey]{Markup.Escape(FormatTags(tags))}[/]");
    }

    /// <summary>The spans of HttpClient have the HTTP method as their name.</summary>
    private static string? UrlPath(Activity span) => span.GetTagItem("url.full") is string url ? " " + new Uri(url).AbsolutePath : null;

    private static string FormatElapsed(DateTimeOffset time, Activity root) =>
        string.Create(CultureInfo.InvariantCulture, $"+{(time.UtcDateTime - root.StartTimeUtc).TotalSeconds:0.000} s");

    private static string FormatValue(MetricSnapshot metric, in MetricPoint point)
    {
        var unit = metric.Unit.Trim('{', '}');
        return metric.MetricType switch
        {
            MetricType.Histogram => string.Create(
                CultureInfo.InvariantCulture, $"{point.GetHistogramCount()} measurements, {point.GetHistogramSum():#,0.###} {unit} in total"),
            MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => string.Create(CultureInfo.InvariantCulture, $"{point.GetSumDouble():#,0.###} {unit}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{point.GetSumLong():#,0} {unit}"),
        };
    }

    private static IEnumerable<KeyValuePair<string, object?>> MetricTags(in MetricPoint point)
    {
        var tags = new List<KeyValuePair<string, object?>>();
        foreach (var tag in point.Tags)
        {
            if (!tag.Key.StartsWith("server.", StringComparison.Ordinal) && tag.Key != "gen_ai.provider.name")
            {
                tags.Add(tag);
            }
        }

        return tags;
    }

    private static string FormatTags(IEnumerable<KeyValuePair<string, object?>> tags) =>
        string.Join(" ", tags.Select(static tag => string.Create(CultureInfo.InvariantCulture, $"{ShortName(tag.Key)}={tag.Value}")));

    /// <summary>Drops the first word of a name, so that a line fits.</summary>
    private static string ShortName(string name) => name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..];
}
