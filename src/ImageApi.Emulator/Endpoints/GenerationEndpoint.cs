using System.Text.Json;
using ImageApi.Emulator.Generations;
using ImageApi.Emulator.Http;
using ImageApi.Emulator.Media;
using ImageApi.Emulator.Parsing;
using Microsoft.AspNetCore.Http;

namespace ImageApi.Emulator.Endpoints;

/// <summary><c>POST /v1/images/generations</c>.</summary>
internal sealed class GenerationEndpoint(
    GenerationRequestReader reader, GenerationStore generations, BillingService billing, MediaRepository mediaRepository, FaultInjectionMiddleware faultInjection, EmulatorOptions options)
{
    public async Task GenerateAsync(HttpContext http)
    {
        var request = await reader.ReadAsync(http, EmulatorEndpoint.Generation);
        var context = new FaultContext(EmulatorEndpoint.Generation, http.Request.Headers) { Prompt = request.Prompt };
        await faultInjection.RunAsync(http, context, async _ =>
        {
            var charged = billing.Charge(http, EmulatorEndpoint.Generation, request, out var isRepeat);
            if (!isRepeat)
            {
                generations.Add(charged);
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

            await ApiResponseWriter.WriteAsync(http, StatusCodes.Status200OK, writer =>
            {
                WriteResponseStart(writer, charged);
                for (var index = 0; index < charged.Count; index++)
                {
                    writer.WriteStartObject();
                    writer.WriteString("url", mediaRepository.CreateUrl(http, charged.GetMediaName(index)));
                    writer.WriteEndObject();
                }

                WriteResponseEnd(writer, charged);
            });
        });
    }

    private async Task WriteInlineAsync(HttpContext http, GenerationRequest request)
    {
        http.Response.ContentType = "application/json";
        await using var writer = new Utf8JsonWriter(http.Response.BodyWriter);
        WriteResponseStart(writer, request);
        for (var index = 0; index < request.Count; index++)
        {
            writer.WriteStartObject();
            await ApiResponseWriter.WriteBase64Async(writer, "b64_json", mediaRepository.GetContent(request, index).Bytes, http.RequestAborted);
            writer.WriteEndObject();
        }

        WriteResponseEnd(writer, request);
    }

    private static void WriteResponseStart(Utf8JsonWriter writer, GenerationRequest request)
    {
        writer.WriteStartObject();
        writer.WriteNumber("created", request.Created.ToUnixTimeSeconds());
        writer.WriteStartArray("data");
    }

    // The contract ends with data; the rest is what OpenAI's own endpoint tells, and what its clients read.
    private static void WriteResponseEnd(Utf8JsonWriter writer, GenerationRequest request)
    {
        writer.WriteEndArray();
        writer.WriteString("size", $"{request.Width}x{request.Height}");
        writer.WriteString("quality", request.Quality == "auto" ? "medium" : request.Quality);
        writer.WriteString("output_format", request.FormatName);
        writer.WriteString("background", request.IsTransparent ? "transparent" : "opaque");
        var textTokens = (request.Prompt.Length + 3) / 4;
        var imageTokens = request.ReferenceImages.Count * 64;
        var outputTokens = request.Count * Math.Max(1, request.Width / 16 * (request.Height / 16));
        writer.WriteStartObject("usage");
        writer.WriteNumber("total_tokens", textTokens + imageTokens + outputTokens);
        writer.WriteNumber("input_tokens", textTokens + imageTokens);
        writer.WriteNumber("output_tokens", outputTokens);
        writer.WriteStartObject("input_tokens_details");
        writer.WriteNumber("text_tokens", textTokens);
        writer.WriteNumber("image_tokens", imageTokens);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
