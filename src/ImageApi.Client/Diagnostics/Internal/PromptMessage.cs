using System.Text;
using System.Text.Json;

namespace ImageApi.Client.Diagnostics.Internal;

/// <summary>Formats a prompt as the OpenTelemetry conventions require: a list of messages with parts. Used only with sensitive data enabled.</summary>
internal static class PromptMessage
{
    public static string Of(string prompt)
    {
        using var text = new MemoryStream();
        using (var writer = new Utf8JsonWriter(text))
        {
            writer.WriteStartArray();
            writer.WriteStartObject();
            writer.WriteString("role", "user");
            writer.WriteStartArray("parts");
            writer.WriteStartObject();
            writer.WriteString("type", "text");
            writer.WriteString("content", prompt);
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }
}
