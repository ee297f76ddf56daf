using ImageApi.Emulator.Generations;
using ImageApi.Emulator.Http;
using Microsoft.AspNetCore.Http;
using SkiaSharp;

namespace ImageApi.Emulator.Parsing;

/// <summary>Reads and checks what a paid request asks for. Unknown members are let pass, as OpenAI's clients send some.</summary>
internal sealed class GenerationRequestReader(ReferenceImageReader referenceImages, EmulatorOptions options)
{
    private const int MaxImages = 10;

    public async Task<GenerationRequest> ReadAsync(HttpContext http, EmulatorEndpoint endpoint)
    {
        using var document = await JsonRequestReader.ReadAsync(http);
        var root = new JsonObjectReader(document.RootElement, "");
        var model = root.GetRequiredString("model");
        var kind = GetKind(model);
        var isJob = endpoint == EmulatorEndpoint.JobSubmission;
        if (!isJob && kind != GenerationKind.Image)
        {
            throw ApiException.Invalid($"The model '{model}' makes no images: submit a job for it.", "model", "model_not_supported");
        }

        var input = isJob ? root.GetRequiredObject("input") : root;
        var prompt = input.GetRequiredString("prompt");
        var (width, height) = ImageSizeReader.Read(input);
        var background = input.GetOneOf("background", "auto", "opaque", "transparent") ?? "auto";
        var format = input.GetOneOf("output_format", "png", "jpeg", "webp") ?? "png";
        input.GetString("user");
        return new GenerationRequest
        {
            Id = ApiId.New(isJob ? "job" : "gen"),
            Kind = kind,
            Model = model,
            Prompt = prompt,
            Width = width,
            Height = height,
            Format = format switch { "jpeg" => SKEncodedImageFormat.Jpeg, "webp" => SKEncodedImageFormat.Webp, _ => SKEncodedImageFormat.Png },
            Background = background,
            IsTransparent = background == "transparent",
            Quality = input.GetOneOf("quality", "auto", "low", "medium", "high", "standard", "hd") ?? "auto",
            AsBase64 = input.GetOneOf("response_format", "url", "b64_json") == "b64_json",
            Count = input.GetInt32("n", 1, MaxImages) ?? 1,
            Compression = input.GetInt32("output_compression", 0, 100) ?? 90,
            Created = options.TimeProvider.GetUtcNow(),
            ReferenceImages = referenceImages.Read(http, input),
        };
    }

    private static GenerationKind GetKind(string model)
    {
        if (model.Contains("video", StringComparison.OrdinalIgnoreCase))
        {
            return GenerationKind.Video;
        }

        return Array.Exists(["audio", "music", "speech"], keyword => model.Contains(keyword, StringComparison.OrdinalIgnoreCase))
            ? GenerationKind.Audio
            : GenerationKind.Image;
    }
}
