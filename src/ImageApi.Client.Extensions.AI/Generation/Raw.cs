using System.Text.Json;

namespace ImageApi.Client.Extensions.AI.Generation;

/// <summary>Joins the fields of a raw request, which win, with those that were asked for.</summary>
internal static class Raw
{
    public static string Text(string? own, string asked) => string.IsNullOrWhiteSpace(own) ? asked : own!;

    public static T? Word<T>(T? own, T? asked)
        where T : struct => string.IsNullOrEmpty(own?.ToString()) ? asked : own;

    /// <summary>Whether a word that always has a value was left at it.</summary>
    public static bool IsOpen<T>(T own, T byDefault)
        where T : struct, IEquatable<T> => string.IsNullOrEmpty(own.ToString()) || own.Equals(byDefault);

    /// <summary>Images are no setting that another could replace: all are sent.</summary>
    public static IReadOnlyList<ReferenceImage>? Both(IReadOnlyList<ReferenceImage>? own, IReadOnlyList<ReferenceImage>? asked) =>
        asked is null ? own : [.. own ?? [], .. asked];

    public static IReadOnlyDictionary<string, JsonElement> Both(IReadOnlyDictionary<string, JsonElement> own, IReadOnlyDictionary<string, JsonElement> asked)
    {
        var both = asked.ToDictionary(static field => field.Key, static field => field.Value, StringComparer.Ordinal);
        foreach (var field in own)
        {
            both[field.Key] = field.Value;
        }

        return both;
    }
}
