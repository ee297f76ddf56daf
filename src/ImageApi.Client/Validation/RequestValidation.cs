using System.Text.Json;
using ImageApi.Client.Serialization;

namespace ImageApi.Client.Validation;

/// <summary>Guards the fields of a request before a byte is sent.</summary>
internal static class RequestValidation
{
    public static void ThrowIfBlank(string? text, string paramName, string field)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new ArgumentException($"{field} is required and must not be blank.", paramName);
        }

        ThrowIfMalformed(text, paramName, field);
    }

    /// <summary>Half a surrogate pair would silently become another character on the wire.</summary>
    public static void ThrowIfMalformed(string? text, string paramName, string field)
    {
        if (!UnicodeText.IsValid(text))
        {
            throw new ArgumentException($"{field} holds half of a surrogate pair, which cannot be sent as Unicode.", paramName);
        }
    }

    /// <summary>A field that the request writes itself must not come a second time.</summary>
    public static void ThrowIfKnownField(IReadOnlyDictionary<string, JsonElement> additional, string[] knownFields, string paramName)
    {
        foreach (var member in additional)
        {
            ThrowIfBlank(member.Key, paramName, "The name of an additional parameter");
            if (knownFields.Contains(member.Key, StringComparer.Ordinal))
            {
                throw new ArgumentException($"The additional parameter {member.Key} has a property of its own.", paramName);
            }

            if (member.Value.ValueKind == JsonValueKind.Undefined)
            {
                throw new ArgumentException($"The additional parameter {member.Key} has no value.", paramName);
            }

            ThrowIfUnwritable(member.Value, paramName, "An additional parameter");
        }
    }

    /// <summary>Parsing takes halves of surrogate pairs and invalid bytes; only writing shows that they are no text.</summary>
    public static void ThrowIfUnwritable(JsonElement element, string paramName, string field)
    {
        using var writer = new Utf8JsonWriter(Stream.Null);
        try
        {
            element.WriteTo(writer);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw new ArgumentException($"{field} holds text that is not Unicode.", paramName, e);
        }
    }
}
