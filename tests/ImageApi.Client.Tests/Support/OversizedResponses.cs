using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace ImageApi.Client.Tests.Support;

/// <summary>Answers up to and beyond the limit, made to cost as much memory as they can.</summary>
internal static class OversizedResponses
{
    private static readonly (string Opening, string Closing)[] Containers =
    [
        ("[", "]"), ("{", "}"), ("{\"id\":\"a\",", "}"), ("{\"id\":\"a\",\"x\":[", "]}"), ("{\"id\":\"a\",\"x\":{", "}}"), ("{\"data\":[", "]}"), ("{\"images\":[", "]}"),
        ("{\"data\":{\"id\":\"a\",", "}}"), ("{\"id\":\"a\",\"status\":\"succeeded\",\"output\":{\"images\":[", "]}}"), ("{\"data\":[{\"url\":[", "]}]}"),
        ("{\"data\":[{\"url\":\"https://e.x/a\",", "}]}"), ("{\"error\":{", "}}"), ("{\"errors\":[", "]}"), ("{\"errors\":{", "}}"), ("{\"detail\":[", "]}"), ("{\"id\":\"a\",\"progress\":\"", "\"}"),
    ];

    /// <summary>With a number in the place of <c>#</c>.</summary>
    private static readonly string[] RepeatedUnits =
    [
        "[", "{\"a\":", "1,", "null,", "\"\",", "[],", "{},", "\"a\":1,", "\"a#\":1,", "\"id\":\"a\",", "\"id\":#,", "\"\\u0041\",", " ", "x", "\\n", "\"https://e.x/#\",", "{\"url\":\"https://e.x/#\"},",
        "{\"b64_json\":\"AQID\"},", "\"data:image/png;base64,AQID\",", "{\"error\":\"x\"},", "{\"error\":{\"message\":\"x\"}},", "{\"msg\":\"x\",\"loc\":[1]},", "\"a#\":[\"x\"],",
    ];

    private static readonly string LongText = new('x', 3000);

    /// <summary>Answers up to a length in which many pieces say little.</summary>
    public static Gen<string> WithManySmallTokens(int maxLength) => Generate(RepeatedUnits, maxLength);

    /// <summary>Answers up to a length that say much in few pieces.</summary>
    public static Gen<string> WithLongTexts(int maxLength) => Generate(
        [$"\"{LongText}#\",", $"\"#\":\"{LongText}\",", $"\"{LongText}#\":1,", $"\"https://e.x/{LongText}#\",", $$"""{"url":"https://e.x/{{LongText}}#"},""", $$"""{"msg":"{{LongText}}"},""", $"\"#\":[\"{LongText}\"],"], maxLength);

    private static Gen<string> Generate(string[] units, int maxLength) =>
        from container in Gen.Elements(Containers)
        from unit in Gen.Elements(units)
        from length in Gen.Choose(maxLength / 64, maxLength)
        select container.Opening + string.Concat(Enumerable.Range(0, length / unit.Length).Select(i => unit.Replace("#", i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))).TrimEnd(',') + container.Closing;
}
