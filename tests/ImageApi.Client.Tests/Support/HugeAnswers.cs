using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace ImageApi.Client.Tests.Support;

/// <summary>Answers up to and beyond the limit, made to cost as much memory as they can.</summary>
internal static class HugeAnswers
{
    private static readonly (string Opening, string Closing)[] Places =
    [
        ("[", "]"), ("{", "}"), ("{\"id\":\"a\",", "}"), ("{\"id\":\"a\",\"x\":[", "]}"), ("{\"id\":\"a\",\"x\":{", "}}"), ("{\"data\":[", "]}"), ("{\"images\":[", "]}"),
        ("{\"data\":{\"id\":\"a\",", "}}"), ("{\"id\":\"a\",\"status\":\"succeeded\",\"output\":{\"images\":[", "]}}"), ("{\"data\":[{\"url\":[", "]}]}"),
        ("{\"data\":[{\"url\":\"https://e.x/a\",", "}]}"), ("{\"error\":{", "}}"), ("{\"errors\":[", "]}"), ("{\"errors\":{", "}}"), ("{\"detail\":[", "]}"), ("{\"id\":\"a\",\"progress\":\"", "\"}"),
    ];

    /// <summary>With a number in the place of <c>#</c>.</summary>
    private static readonly string[] Units =
    [
        "[", "{\"a\":", "1,", "null,", "\"\",", "[],", "{},", "\"a\":1,", "\"a#\":1,", "\"id\":\"a\",", "\"id\":#,", "\"\\u0041\",", " ", "x", "\\n", "\"https://e.x/#\",", "{\"url\":\"https://e.x/#\"},",
        "{\"b64_json\":\"AQID\"},", "\"data:image/png;base64,AQID\",", "{\"error\":\"x\"},", "{\"error\":{\"message\":\"x\"}},", "{\"msg\":\"x\",\"loc\":[1]},", "\"a#\":[\"x\"],",
    ];

    private static readonly string Long = new('x', 3000);

    /// <summary>Answers up to a length in which many pieces say little.</summary>
    public static Gen<string> OfSmallPieces(int maxLength) => Any(Units, maxLength);

    /// <summary>Answers up to a length that say much in few pieces.</summary>
    public static Gen<string> OfLongTexts(int maxLength) => Any(
        [$"\"{Long}#\",", $"\"#\":\"{Long}\",", $"\"{Long}#\":1,", $"\"https://e.x/{Long}#\",", $$"""{"url":"https://e.x/{{Long}}#"},""", $$"""{"msg":"{{Long}}"},""", $"\"#\":[\"{Long}\"],"], maxLength);

    private static Gen<string> Any(string[] units, int maxLength) =>
        from place in Gen.Elements(Places)
        from unit in Gen.Elements(units)
        from length in Gen.Choose(maxLength / 64, maxLength)
        select place.Opening + string.Concat(Enumerable.Range(0, length / unit.Length).Select(i => unit.Replace("#", i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal))).TrimEnd(',') + place.Closing;
}
