using ImageApi.Emulator.Http;
using Microsoft.AspNetCore.Http;
using SkiaSharp;

namespace ImageApi.Emulator.Orders;

/// <summary>Reads and checks what a paid request asks for. Unknown members are let pass, as OpenAI's clients send some.</summary>
internal sealed class OrderReader(ReferenceReader references, EmulatorOptions options)
{
    private const int MostImages = 10;

    public async Task<Order> ReadAsync(HttpContext http, EmulatorEndpoint endpoint)
    {
        using var document = await JsonBody.ReadAsync(http);
        var root = new Fields(document.RootElement, "");
        var model = root.RequiredText("model");
        var kind = KindOf(model);
        var job = endpoint == EmulatorEndpoint.JobSubmission;
        if (!job && kind != OrderKind.Image)
        {
            throw ApiException.Invalid($"The model '{model}' makes no images: submit a job for it.", "model", "model_not_supported");
        }

        var fields = job ? root.RequiredObject("input") : root;
        var prompt = fields.RequiredText("prompt");
        var (width, height) = OrderSize.Read(fields);
        var background = fields.Word("background", "auto", "opaque", "transparent") ?? "auto";
        var format = fields.Word("output_format", "png", "jpeg", "webp") ?? "png";
        fields.Text("user");
        return new Order
        {
            Id = ApiId.New(job ? "job" : "gen"),
            Kind = kind,
            Model = model,
            Prompt = prompt,
            Width = width,
            Height = height,
            Format = format switch { "jpeg" => SKEncodedImageFormat.Jpeg, "webp" => SKEncodedImageFormat.Webp, _ => SKEncodedImageFormat.Png },
            Background = background,
            Transparent = background == "transparent",
            Quality = fields.Word("quality", "auto", "low", "medium", "high", "standard", "hd") ?? "auto",
            AsBase64 = fields.Word("response_format", "url", "b64_json") == "b64_json",
            Count = fields.Integer("n", 1, MostImages) ?? 1,
            Compression = fields.Integer("output_compression", 0, 100) ?? 90,
            Created = options.TimeProvider.GetUtcNow(),
            References = references.Read(http, fields),
        };
    }

    private static OrderKind KindOf(string model)
    {
        if (model.Contains("video", StringComparison.OrdinalIgnoreCase))
        {
            return OrderKind.Video;
        }

        return Array.Exists(["audio", "music", "speech"], word => model.Contains(word, StringComparison.OrdinalIgnoreCase))
            ? OrderKind.Audio
            : OrderKind.Image;
    }
}
