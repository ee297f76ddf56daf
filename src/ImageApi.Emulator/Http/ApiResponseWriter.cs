using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace ImageApi.Emulator.Http;

/// <summary>Writes JSON responses with a Content-Length, so that clients detect truncation.</summary>
internal static class ApiResponseWriter
{
    public const string RequestIdHeader = "x-request-id";

    public static async Task WriteAsync(HttpContext http, int statusCode, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            write(writer);
        }

        http.Response.StatusCode = statusCode;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = buffer.WrittenCount;
        await http.Response.Body.WriteAsync(buffer.WrittenMemory, http.RequestAborted);
    }

    public static Task WriteErrorAsync(HttpContext http, ApiException error) => WriteAsync(http, error.StatusCode, writer =>
    {
        writer.WriteStartObject();
        WriteError(writer, error.Message, error.Type, error.Param, error.Code);
        writer.WriteEndObject();
    });

    public static void WriteError(Utf8JsonWriter writer, string message, string type, string? param, string? code)
    {
        writer.WriteStartObject("error");
        writer.WriteString("message", message);
        writer.WriteString("type", type);
        writer.WriteString("param", param);
        writer.WriteString("code", code);
        writer.WriteEndObject();
    }

    /// <summary>Writes bytes as base64 in segments, because one string for a whole image would take megabytes.</summary>
    public static async Task WriteBase64Async(Utf8JsonWriter writer, string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        const int SegmentSize = 48 * 1024;
        writer.WritePropertyName(name);
        while (bytes.Length > SegmentSize)
        {
            writer.WriteBase64StringSegment(bytes.Span[..SegmentSize], isFinalSegment: false);
            bytes = bytes[SegmentSize..];
            await writer.FlushAsync(cancellationToken);
        }

        writer.WriteBase64StringSegment(bytes.Span, isFinalSegment: true);
    }
}
