using System.Globalization;

namespace Observability;

/// <summary>Reads as much of OTLP as is shown here. The numbers are those of the fields in opentelemetry-proto.</summary>
internal static class OtlpReader
{
    /// <summary>ExportTraceServiceRequest: resource_spans (1) with scope_spans (2) with a scope (1) and spans (2).</summary>
    public static IEnumerable<ReceivedSpan> Spans(ReadOnlyMemory<byte> request) =>
        from resource in Of(ProtobufField.Parse(request), 1)
        from scope in Of(resource.Fields, 2)
        let source = Text(Of(scope.Fields, 1).SelectMany(static item => item.Fields), 1)
        from span in Of(scope.Fields, 2)
        select Span(source, span.Fields);

    /// <summary>ExportMetricsServiceRequest: resource_metrics (1) with scope_metrics (2) with metrics (2) with a gauge (5), a sum (7) or a histogram (9).</summary>
    public static IEnumerable<ReceivedPoint> Points(ReadOnlyMemory<byte> request) =>
        from resource in Of(ProtobufField.Parse(request), 1)
        from scope in Of(resource.Fields, 2)
        from metric in Of(scope.Fields, 2)
        let fields = metric.Fields
        from data in fields.Where(static field => field.Number is 5 or 7 or 9)
        from point in Of(data.Fields, 1)
        select data.Number == 9
            ? new ReceivedPoint(Text(fields, 1), Text(fields, 3), Tags(point.Fields, 9), First(point.Fields, 5).Double, First(point.Fields, 4).Bits)
            : new ReceivedPoint(Text(fields, 1), Text(fields, 3), Tags(point.Fields, 7), Number(point.Fields), null);

    private static ReceivedSpan Span(string source, List<ProtobufField> fields) => new(
        First(fields, 2).Hex,
        First(fields, 4).Hex,
        source,
        Text(fields, 5),
        First(fields, 7).Bits,
        First(fields, 8).Bits,
        Of(fields, 15).SelectMany(static status => status.Fields).Any(static field => field is { Number: 3, Bits: 2 }),
        Tags(fields, 9),
        [.. Of(fields, 11).Select(static item => new ReceivedEvent(Text(item.Fields, 2), First(item.Fields, 1).Bits, Tags(item.Fields, 3)))]);

    /// <summary>A NumberDataPoint: as_double (4) or as_int (6).</summary>
    private static double Number(List<ProtobufField> fields) => Of(fields, 4).Any() ? First(fields, 4).Double : First(fields, 6).Signed;

    /// <summary>KeyValue: a key (1) and a value (2), which is a string (1), a bool (2), an int (3) or a double (4).</summary>
    private static Dictionary<string, string> Tags(IEnumerable<ProtobufField> fields, int number) => Of(fields, number).ToDictionary(
        static tag => Text(tag.Fields, 1),
        static tag => First(First(tag.Fields, 2).Fields, 1, 2, 3, 4) switch
        {
            { Number: 1 } text => text.Text,
            { Number: 4 } number => number.Double.ToString("0.###", CultureInfo.InvariantCulture),
            var number => number.Signed.ToString(CultureInfo.InvariantCulture),
        },
        StringComparer.Ordinal);

    private static IEnumerable<ProtobufField> Of(IEnumerable<ProtobufField> fields, int number) => fields.Where(field => field.Number == number);

    /// <summary>What is not written has the default value of its type.</summary>
    private static ProtobufField First(IEnumerable<ProtobufField> fields, params int[] numbers) => fields.FirstOrDefault(field => numbers.Contains(field.Number));

    private static string Text(IEnumerable<ProtobufField> fields, int number) => First(fields, number).Text;
}
