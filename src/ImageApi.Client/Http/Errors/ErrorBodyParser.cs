using System.Text.Json;
using ImageApi.Client.Redaction;
using ImageApi.Client.Serialization;

namespace ImageApi.Client.Http.Errors;

/// <summary>Reads the shapes in which servers tell errors; the first hit wins. Wrong types are passed over.</summary>
internal static class ErrorBodyParser
{
    /// <summary>Nobody reads more than the first faults of a list.</summary>
    private const int MaxParts = 100;

    /// <summary>How long a message may become before no further part is read: more than is shown of it, so that it is not cut within a key that is still to be masked.</summary>
    private const int MaxMessageLength = 4 * SecretRedactor.ExcerptLength;

    private static readonly string[] Messages = ["message", "msg", "detail"];
    private static readonly string[] RootMessages = ["message", "msg", "title"];

    /// <summary>Reads an error body.</summary>
    /// <param name="root">The body, whatever it is.</param>
    /// <returns>The error, or null when there is none in it.</returns>
    public static ApiError? Parse(JsonElement root)
    {
        var error = ParseObject(root);
        if (error is null && root.TryFind("data", out var data) && data.ValueKind == JsonValueKind.Object)
        {
            error = ParseObject(data);
        }

        return error is null ? null : error with
        {
            RequestId = root.Text("request_id"),
            JobId = root.Text("job_id", "task_id"),
        };
    }

    /// <summary>Reads the value of an <c>error</c> member.</summary>
    /// <param name="error">An object or a text.</param>
    /// <returns>The error, or null when it is empty: <c>""</c>, <c>{}</c>, or a blank message with a code of null, <c>""</c> or 0.</returns>
    public static ApiError? ParseErrorMember(JsonElement error)
    {
        if (error.ValueKind == JsonValueKind.String)
        {
            return error.AsText() is { } text && !string.IsNullOrWhiteSpace(text) ? new ApiError(text, null, null, null) : null;
        }

        var message = error.Text(Messages);
        var code = Code(error, "code");
        var type = error.Text("type");
        return message is null && code is null && type is null ? null : new ApiError(message, code, type, error.Text("param"));
    }

    private static ApiError? ParseObject(JsonElement root)
    {
        var error = root.TryFind("error", out var found) ? ParseErrorMember(found) : null;
        var inner = root.TryFind("detail", out var detail) ? detail : default;
        var message = error?.Message ?? Detail(inner) ?? Fields(root) ?? root.Text(RootMessages);
        var code = error?.Code ?? Code(inner, "code") ?? Code(root, "code", "error_code");
        return message is null && code is null ? null : new ApiError(message, code, error?.Type ?? root.Text("type"), error?.Param ?? root.Text("param"))
        {
            IsNamed = error is not null,
        };
    }

    /// <summary>A <c>detail</c>: a text, an object, or a list of <c>{loc, msg, type}</c>.</summary>
    private static string? Detail(JsonElement detail) => detail.ValueKind switch
    {
        JsonValueKind.String => detail.AsText() is { } text && !string.IsNullOrWhiteSpace(text) ? text : null,
        JsonValueKind.Object => detail.Text(Messages),
        JsonValueKind.Array => Joined(detail),
        _ => null,
    };

    private static string? Located(JsonElement item)
    {
        var message = item.AsText() ?? item.Text(Messages);
        if (message is null || !item.TryFind("loc", out var loc) || loc.ValueKind != JsonValueKind.Array)
        {
            return message;
        }

        var place = new List<string>();
        foreach (var part in loc.EnumerateArray())
        {
            if (part.AsText() is { } text)
            {
                place.Add(text);
            }
        }

        return string.Join(".", place) + ": " + message;
    }

    /// <summary>An <c>errors</c>: a list, or a map from field to texts.</summary>
    private static string? Fields(JsonElement root) => !root.TryFind("errors", out var errors) ? null : errors.ValueKind switch
    {
        JsonValueKind.Array => Joined(errors),
        JsonValueKind.Object => JoinedFields(errors),
        _ => null,
    };

    private static string? JoinedFields(JsonElement fields)
    {
        var parts = new MessageParts();
        foreach (var field in fields.EnumerateObject())
        {
            var text = field.Value.ValueKind == JsonValueKind.Array ? Joined(field.Value) : field.Value.AsText();
            if (!parts.TryAdd(text is null ? null : LenientJson.UnicodeName(field) + ": " + text))
            {
                break;
            }
        }

        return parts.Text;
    }

    private static string? Joined(JsonElement list)
    {
        var parts = new MessageParts();
        foreach (var item in list.EnumerateArray())
        {
            if (!parts.TryAdd(Located(item)))
            {
                break;
            }
        }

        return parts.Text;
    }

    /// <summary>Any scalar is a code; 0 is none.</summary>
    private static string? Code(JsonElement element, params ReadOnlySpan<string> names) =>
        element.Text(names) is { } code && code != "0" ? code : null;

    /// <summary>The first parts of a message, as many as anybody reads.</summary>
    private sealed class MessageParts
    {
        private readonly List<string> _texts = [];
        private int _count;
        private int _length;

        public string? Text => _texts.Count == 0 ? null : string.Join("; ", _texts);

        /// <summary>Takes a part, unless it is blank, and says whether another one is wanted.</summary>
        public bool TryAdd(string? part)
        {
            if (!string.IsNullOrWhiteSpace(part))
            {
                _texts.Add(part!);
                _length += part!.Length;
            }

            return ++_count < MaxParts && _length <= MaxMessageLength;
        }
    }
}
