using System.Text.Json;

namespace ImageApi.Client.Extensions.AI.Generation;

/// <summary>Merges the fields of a raw request with the mapped fields. The raw request takes precedence.</summary>
internal static class RequestMerger
{
    public static string MergeText(string? rawValue, string inputValue) => string.IsNullOrWhiteSpace(rawValue) ? inputValue : rawValue!;

    public static T? MergeValue<T>(T? rawValue, T? inputValue)
        where T : struct => string.IsNullOrEmpty(rawValue?.ToString()) ? inputValue : rawValue;

    /// <summary>Returns whether an extensible enum still has its default value.</summary>
    public static bool IsUnset<T>(T rawValue, T defaultValue)
        where T : struct, IEquatable<T> => string.IsNullOrEmpty(rawValue.ToString()) || rawValue.Equals(defaultValue);

    /// <summary>Images are no setting that another could replace: all are sent.</summary>
    public static IReadOnlyList<ReferenceImage>? Combine(IReadOnlyList<ReferenceImage>? rawValue, IReadOnlyList<ReferenceImage>? inputValue) =>
        inputValue is null ? rawValue : [.. rawValue ?? [], .. inputValue];

    public static IReadOnlyDictionary<string, JsonElement> Combine(IReadOnlyDictionary<string, JsonElement> rawValue, IReadOnlyDictionary<string, JsonElement> inputValue)
    {
        var combined = inputValue.ToDictionary(static field => field.Key, static field => field.Value, StringComparer.Ordinal);
        foreach (var field in rawValue)
        {
            combined[field.Key] = field.Value;
        }

        return combined;
    }
}
