using System.Text.Json;
using ImageApi.Emulator.Http;

namespace ImageApi.Emulator.Parsing;

/// <summary>The members of a JSON object, with the refusal that fits each. A null is as good as absent.</summary>
internal sealed class JsonObjectReader(JsonElement element, string path)
{
    public string GetPath(string name) => path + name;

    public JsonElement? GetOptional(string name)
        => element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public string? GetString(string name) => GetOptional(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => ReadString(value, GetPath(name)),
        var value => throw WrongType(name, "a string", value.Value),
    };

    public string GetRequiredString(string name)
    {
        var value = GetString(name) ?? throw MissingParameter(name);
        return string.IsNullOrWhiteSpace(value)
            ? throw ApiException.Invalid($"'{GetPath(name)}' must not be empty.", GetPath(name), "invalid_value")
            : value;
    }

    public JsonObjectReader GetRequiredObject(string name) => GetOptional(name) switch
    {
        null => throw MissingParameter(name),
        { ValueKind: JsonValueKind.Object } value => new JsonObjectReader(value, $"{GetPath(name)}."),
        var value => throw WrongType(name, "an object", value.Value),
    };

    public string? GetOneOf(string name, params ReadOnlySpan<string> allowedValues)
    {
        var value = GetString(name);
        return value is null || allowedValues.Contains(value)
            ? value
            : throw ApiException.Invalid($"Invalid value: '{value}'. Supported values are: '{string.Join("', '", allowedValues)}'.", GetPath(name), "invalid_value");
    }

    public int? GetInt32(string name, int minimum, int maximum)
    {
        if (GetOptional(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var number))
        {
            throw WrongType(name, "an integer", value);
        }

        return number >= minimum && number <= maximum
            ? number
            : throw ApiException.Invalid($"'{GetPath(name)}' must lie between {minimum} and {maximum}.", GetPath(name), "invalid_value");
    }

    public ApiException WrongType(string name, string expected, JsonElement actual)
        => ApiException.Invalid($"Invalid type for '{GetPath(name)}': expected {expected}, but got {Describe(actual.ValueKind)}.", GetPath(name), "invalid_type");

    /// <summary>The text of a JSON string, wherever it stands.</summary>
    public static string ReadString(JsonElement value, string path)
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

    private ApiException MissingParameter(string name)
        => ApiException.Invalid($"Missing required parameter: '{GetPath(name)}'.", GetPath(name), "missing_required_parameter");

    private static string Describe(JsonValueKind kind) => kind switch
    {
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        _ => "a boolean",
    };
}
