using System.Text.Json;

namespace ImageApi.Client.Serialization;

/// <summary>What all words have in common that the server may extend: a short text, compared without regard to case.</summary>
internal static class ExtensibleEnum
{
    private const int MaxLength = 256;

    public static string Validate(string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value);
        return IsValid(value)
            ? value
            : throw new ArgumentException($"A word must have at most {MaxLength} characters and no control characters, and no half of a surrogate pair.", nameof(value));
    }

    public static bool IsValid(string value) => value.Length <= MaxLength && !string.IsNullOrWhiteSpace(value) && !value.Any(char.IsControl) && UnicodeText.IsValid(value);

    public static bool Equal(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    public static int Hash(string value) => StringComparer.OrdinalIgnoreCase.GetHashCode(value);

    public static string Read(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && reader.GetString() is { } text && IsValid(text) ? text : throw new JsonException("A word was expected.");
}
