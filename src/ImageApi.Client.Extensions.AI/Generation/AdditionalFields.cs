using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace ImageApi.Client.Extensions.AI.Generation;

/// <summary>The additional properties of a request: those that have a property of this library go there, the rest becomes JSON, without reflection.</summary>
internal sealed class AdditionalFields(AdditionalPropertiesDictionary? properties)
{
    private const int MaxDepth = 64;

    private readonly AdditionalPropertiesDictionary _left = properties?.Clone() ?? [];

    /// <summary>Takes a word out, unless it is set already.</summary>
    public T? Or<T>(T? word, string name, Func<string, T> read)
        where T : struct => TextOr(word?.ToString(), name) is { Length: > 0 } text ? read(text) : null;

    /// <summary>Takes a text out, unless it is set already.</summary>
    public string? TextOr(string? text, string name)
    {
        if (!_left.TryGetValue(name, out var value))
        {
            return text;
        }

        _left.Remove(name);
        if (!string.IsNullOrEmpty(text) && value is not null)
        {
            throw Refusal.OfOptions($"The additional property {name} has a property of its own, which is set as well.");
        }

        return value switch
        {
            null => text,
            string given => given,
            AspectRatio or ImageBackground or ImageQuality or ImageSize => value.ToString(),
            JsonElement { ValueKind: JsonValueKind.String } element => element.GetString(),
            _ => throw Refusal.OfOptions($"The additional property {name} must be a text."),
        };
    }

    /// <summary>What was not taken out.</summary>
    public IReadOnlyDictionary<string, JsonElement> Rest() =>
        _left.ToDictionary(static property => property.Key, static property => ToJson(property.Key, property.Value), StringComparer.Ordinal);

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
        catch (Exception e) when (e is NotSupportedException or JsonException or ArgumentException or InvalidOperationException)
        {
            throw Refusal.OfOptions($"The additional property {name} cannot be written as JSON: it is or holds a type that is none. Give it as a JsonElement.", e);
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
