using System.Text.Json;
using ImageApi.Emulator.Http;

namespace ImageApi.Emulator.Orders;

/// <summary>The members of a JSON object, with the refusal that fits each. A null is as good as absent.</summary>
internal sealed class Fields(JsonElement element, string path)
{
    public string PathOf(string name) => path + name;

    public JsonElement? Get(string name)
        => element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public string? Text(string name) => Get(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => Readable(value, PathOf(name)),
        var value => throw WrongType(name, "a string", value.Value),
    };

    public string RequiredText(string name)
    {
        var text = Text(name) ?? throw Missing(name);
        return string.IsNullOrWhiteSpace(text)
            ? throw ApiException.Invalid($"'{PathOf(name)}' must not be empty.", PathOf(name), "invalid_value")
            : text;
    }

    public Fields RequiredObject(string name) => Get(name) switch
    {
        null => throw Missing(name),
        { ValueKind: JsonValueKind.Object } value => new Fields(value, $"{PathOf(name)}."),
        var value => throw WrongType(name, "an object", value.Value),
    };

    public string? Word(string name, params ReadOnlySpan<string> known)
    {
        var text = Text(name);
        return text is null || known.Contains(text)
            ? text
            : throw ApiException.Invalid($"Invalid value: '{text}'. Supported values are: '{string.Join("', '", known)}'.", PathOf(name), "invalid_value");
    }

    public int? Integer(string name, int least, int most)
    {
        if (Get(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var number))
        {
            throw WrongType(name, "an integer", value);
        }

        return number >= least && number <= most
            ? number
            : throw ApiException.Invalid($"'{PathOf(name)}' must lie between {least} and {most}.", PathOf(name), "invalid_value");
    }

    public ApiException WrongType(string name, string expected, JsonElement found)
        => ApiException.Invalid($"Invalid type for '{PathOf(name)}': expected {expected}, but got {Describe(found.ValueKind)}.", PathOf(name), "invalid_type");

    /// <summary>The text of a JSON string, wherever it stands.</summary>
    public static string Readable(JsonElement value, string path)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: JSON can write it, text cannot hold it.
            throw ApiException.Invalid($"'{path}' is not valid Unicode text.", path, "invalid_value");
        }
    }

    private ApiException Missing(string name)
        => ApiException.Invalid($"Missing required parameter: '{PathOf(name)}'.", PathOf(name), "missing_required_parameter");

    private static string Describe(JsonValueKind kind) => kind switch
    {
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        _ => "a boolean",
    };
}
