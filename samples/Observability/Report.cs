using System.Globalization;
using Spectre.Console;

namespace Observability;

/// <summary>Prints what was received: spans as a tree in time, metrics as a table.</summary>
internal static class Report
{
    private const int OutputWidth = 140;

    private static readonly string[] ShownTags =
    [
        "gen_ai.request.choice.count", "imageapi.job.id", "imageapi.job.state", "imageapi.outcome", "error.type", "http.response.status_code",
    ];

    public static void Print(IReadOnlyList<ReceivedSpan> spans)
    {
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = OutputWidth;
        }

        var ids = spans.Select(static span => span.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var root in spans.Where(span => !ids.Contains(span.ParentId)).OrderBy(static span => span.Start))
        {
            var tree = new Tree(Line(root, root)) { Guide = TreeGuide.Line };
            AddChildren(tree, root, root, spans);
            AnsiConsole.Write(tree);
        }
    }

    public static void Print(IReadOnlyList<ReceivedPoint> points)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn("metric", static column => column.NoWrap()).AddColumn("tags").AddColumn("value", static column => column.NoWrap());
        foreach (var point in points.OrderBy(static point => point.Metric, StringComparer.Ordinal))
        {
            var sum = string.Create(CultureInfo.InvariantCulture, $"{point.Sum:#,0.###} {point.Unit.Trim('{', '}')}");
            var tags = point.Tags.Where(static tag => !tag.Key.StartsWith("server.", StringComparison.Ordinal) && tag.Key != "gen_ai.provider.name");
            table.AddRow(Markup.Escape(point.Metric), Markup.Escape(FormatTags(tags)), Markup.Escape(point.Count is { } count ? $"{count} measurements, {sum} in total" : sum));
        }

        AnsiConsole.Write(table);
    }

    private static void AddChildren(IHasTreeNodes node, ReceivedSpan parent, ReceivedSpan root, IReadOnlyList<ReceivedSpan> spans)
    {
        var children = spans.Where(span => span.ParentId == parent.Id).Select(span => (At: span.Start, Span: (ReceivedSpan?)span, Event: (ReceivedEvent?)null))
            .Concat(parent.Events.Select(spanEvent => (spanEvent.At, Span: (ReceivedSpan?)null, Event: (ReceivedEvent?)spanEvent)));
        foreach (var (time, span, spanEvent) in children.OrderBy(static entry => entry.At))
        {
            if (span is not null)
            {
                AddChildren(node.AddNode(Line(span, root)), span, root, spans);
            }
            else
            {
                node.AddNode($"[yellow]{FormatElapsed(time, root)} * {Markup.Escape(spanEvent!.Name)}[/] [grey]{Markup.Escape(FormatTags(spanEvent.Tags))}[/]");
            }
        }
    }

    private static string Line(ReceivedSpan span, ReceivedSpan root) => string.Create(
        CultureInfo.InvariantCulture,
        $"{FormatElapsed(span.Start, root)} [bold]{Markup.Escape(span.Name + UrlPath(span))}[/] {span.Milliseconds:0} ms{(span.Failed ? " [red]error[/]" : null)} [grey]{Markup.Escape(FormatTags(ShownTags.Where(span.Tags.ContainsKey).Select(name => KeyValuePair.Create(name, span.Tags[name]))))}[/]");

    /// <summary>The platform's spans are named after the method alone.</summary>
    private static string? UrlPath(ReceivedSpan span) => span.Tags.TryGetValue("url.full", out var url) ? " " + new Uri(url).AbsolutePath : null;

    private static string FormatElapsed(ulong time, ReceivedSpan root) => string.Create(CultureInfo.InvariantCulture, $"+{(time - root.Start) / 1e9:0.000} s");

    private static string FormatTags(IEnumerable<KeyValuePair<string, string>> tags) => string.Join(" ", tags.Select(static tag => $"{ShortName(tag.Key)}={tag.Value}"));

    /// <summary>Names without their first word, so that a line fits.</summary>
    private static string ShortName(string name) => name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..];
}
