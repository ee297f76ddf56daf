using System.Text.Json;
using ImageApi.Emulator.Faults;
using ImageApi.Emulator.Http;
using ImageApi.Emulator.Media;
using ImageApi.Emulator.Orders;
using Microsoft.AspNetCore.Http;

namespace ImageApi.Emulator.Images;

/// <summary><c>POST /v1/images/generations</c>.</summary>
internal sealed class GenerationEndpoint(
    OrderReader reader, OrderStore orders, Till till, MediaLibrary library, FaultGate gate, EmulatorOptions options)
{
    public async Task GenerateAsync(HttpContext http)
    {
        var order = await reader.ReadAsync(http, EmulatorEndpoint.Generation);
        var about = new FaultContext(EmulatorEndpoint.Generation, http.Request.Headers) { Prompt = order.Prompt };
        await gate.RunAsync(http, about, async _ =>
        {
            var charged = till.Charge(http, EmulatorEndpoint.Generation, order, out var known);
            if (!known)
            {
                orders.Add(charged);
            }

            if (options.GenerationDelay > TimeSpan.Zero)
            {
                await Task.Delay(options.GenerationDelay, options.TimeProvider, http.RequestAborted);
            }

            if (charged.AsBase64)
            {
                await WriteInlineAsync(http, charged);
                return;
            }

            await ApiAnswer.WriteAsync(http, StatusCodes.Status200OK, writer =>
            {
                WriteHead(writer, charged);
                for (var index = 0; index < charged.Count; index++)
                {
                    writer.WriteStartObject();
                    writer.WriteString("url", library.LinkTo(http, charged.MediaName(index)));
                    writer.WriteEndObject();
                }

                WriteTail(writer, charged);
            });
        });
    }

    private async Task WriteInlineAsync(HttpContext http, Order order)
    {
        http.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(http.Response.BodyWriter);
        WriteHead(writer, order);
        for (var index = 0; index < order.Count; index++)
        {
            writer.WriteStartObject();
            await ApiAnswer.WriteBase64Async(writer, "b64_json", library.Make(order, index).Bytes, http.RequestAborted);
            writer.WriteEndObject();
        }

        WriteTail(writer, order);
    }

    private static void WriteHead(Utf8JsonWriter writer, Order order)
    {
        writer.WriteStartObject();
        writer.WriteNumber("created", order.Created.ToUnixTimeSeconds());
        writer.WriteStartArray("data");
    }

    // The contract ends with data; the rest is what OpenAI's own endpoint tells, and what its clients read.
    private static void WriteTail(Utf8JsonWriter writer, Order order)
    {
        writer.WriteEndArray();
        writer.WriteString("size", $"{order.Width}x{order.Height}");
        writer.WriteString("quality", order.Quality == "auto" ? "medium" : order.Quality);
        writer.WriteString("output_format", order.FormatWord);
        writer.WriteString("background", order.Transparent ? "transparent" : "opaque");
        var text = (order.Prompt.Length + 3) / 4;
        var images = order.References.Count * 64;
        var output = order.Count * Math.Max(1, order.Width / 16 * (order.Height / 16));
        writer.WriteStartObject("usage");
        writer.WriteNumber("total_tokens", text + images + output);
        writer.WriteNumber("input_tokens", text + images);
        writer.WriteNumber("output_tokens", output);
        writer.WriteStartObject("input_tokens_details");
        writer.WriteNumber("text_tokens", text);
        writer.WriteNumber("image_tokens", images);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
