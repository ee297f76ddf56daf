using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using ImageApi.Client.Extensions.AI.Internal;
using Microsoft.Extensions.AI;

namespace ImageApi.Client.Extensions.AI.Generation;

/// <summary>The additional properties of a request: those that have a property of this library go there, the rest becomes JSON, without reflection.</summary>
internal sealed class AdditionalPropertyReader(AdditionalPropertiesDictionary? properties)
{
    private const int MaxDepth = 64;

    private readonly AdditionalPropertiesDictionary _remaining = properties?.Clone() ?? [];

    /// <summary>Removes a string property, unless the value is already set.</summary>
    public T? Resolve<T>(T? value, string name, Func<string, T> create)
        where T : struct => ResolveText(value?.ToString(), name) is { Length: > 0 } resolved ? create(resolved) : null;

    /// <summary>Takes a text out, unless it is set already.</summary>
    public string? ResolveText(string? text, string name)
    {
        if (!_remaining.TryGetValue(name, out var value))
        {
            return text;
        }

        _remaining.Remove(name);
        if (!string.IsNullOrEmpty(text) && value is not null)
        {
            throw Throw.InvalidOptions($"The additional property {name} has a property of its own, which is set as well.");
        }

        return value switch
        {
            null => text,
            string additional => additional,
            AspectRatio or ImageBackground or ImageQuality or ImageSize => value.ToString(),
            JsonElement { ValueKind: JsonValueKind.String } element => element.GetString(),
            _ => throw Throw.InvalidOptions($"The additional property {name} must be a text."),
        };
    }

    /// <summary>The properties that were not removed.</summary>
    public IReadOnlyDictionary<string, JsonElement> ReadRemaining() =>
        _remaining.ToDictionary(static property => property.Key, static property => ToJson(property.Key, property.Value), StringComparer.Ordinal);

    private static JsonElement ToJson(string name, object? value)
    {
        if (value is JsonElement element)
        {
            return element;
        }

        try
        {
            return JsonSerializer.SerializeToElement(ToNode(value, MaxDepth), AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonNode)));
        }
        catch (Exception exception) when (exception is NotSupportedException or JsonException or ArgumentException or InvalidOperationException)
        {
            throw Throw.InvalidOptions($"The additional property {name} cannot be written as JSON: it is or holds a type that is none. Give it as a JsonElement.", exception);
        }
    }

    private static JsonNode? ToNode(object? value, int depth)
    {
        if (depth == 0)
        {
            throw new NotSupportedException($"It is nested more than {MaxDepth} levels deep.");
        }

        return value switch
        {
            null => null,
            JsonNode node => node.DeepClone(),
            IEnumerable<KeyValuePair<string, object?>> members => new JsonObject(
                members.Select(member => new KeyValuePair<string, JsonNode?>(member.Key, ToNode(member.Value, depth - 1)))),

            // what the platform's own contents are written with: it knows the plain types and, where reflection is on, all others
            _ when AIJsonUtilities.DefaultOptions.TryGetTypeInfo(value.GetType(), out var typeInfo) => JsonSerializer.SerializeToNode(value, typeInfo),
            IEnumerable items => new JsonArray([.. items.Cast<object?>().Select(item => ToNode(item, depth - 1))]),
            _ => throw new NotSupportedException($"{value.GetType().Name} is no JSON."),
        };
    }
}
