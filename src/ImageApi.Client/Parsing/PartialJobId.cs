using System.Text;
using System.Text.Json;

namespace ImageApi.Client.Parsing;

/// <summary>Finds the id of what was bought in an answer of which only a part came, or which is not understood otherwise.</summary>
internal static class PartialJobId
{
    private static readonly string[] Names = ["id", "job_id", "task_id"];

    /// <summary>How deep an answer is does not matter here: nothing is made of what is inside.</summary>
    private static readonly JsonReaderOptions AnyDepth = new() { MaxDepth = int.MaxValue };

    /// <summary>Finds the id.</summary>
    /// <param name="text">What has come of the answer.</param>
    /// <returns>The id at the top, or else within <c>data</c>; null without one, or when there are two.</returns>
    public static string? Find(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> byteOrderMark = [0xEF, 0xBB, 0xBF];
        var reader = new Utf8JsonReader(text.StartsWith(byteOrderMark) ? text.Slice(byteOrderMark.Length) : text, isFinalBlock: false, new JsonReaderState(AnyDepth));
        var found = new string?[2 * Names.Length];
        var inData = false;
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth > (inData ? 2 : 1))
                {
                    continue;
                }

                var place = (reader.CurrentDepth - 1) * Names.Length;
                inData = reader.CurrentDepth == 2 || reader.ValueTextEquals("data"u8);
                if (FindName(ref reader) is not { } name || ReadId(ref reader) is not { } id)
                {
                    continue;
                }

                if (found[place + name] is { } other && other != id)
                {
                    return null;
                }

                found[place + name] = id;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // no JSON, or no text, from here on: what came before counts
        }

        return Array.Find(found, static id => id is not null);
    }

    private static int? FindName(ref Utf8JsonReader reader)
    {
        for (var i = 0; i < Names.Length; i++)
        {
            if (reader.ValueTextEquals(Names[i]))
            {
                return i;
            }
        }

        return null;
    }

    private static string? ReadId(ref Utf8JsonReader reader)
    {
        var id = !reader.Read() ? null : reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
            _ => null,
        };
        return string.IsNullOrWhiteSpace(id) ? null : id;
    }
}
