using System.ClientModel;
using System.Text.Json;
using OpenAI;
using OpenAI.Files;
using OpenAI.Images;

namespace ImageApi.Client.Benchmarks.Peers;

/// <summary>The SDK of the convention that the API follows.</summary>
internal sealed class OpenAiPeer(Uri server) : Peer
{
    private readonly ImageClient _images = Make(server, Key).GetImageClient("gpt-image-2");
    private readonly OpenAIFileClient _files = Make(server, Key).GetOpenAIFileClient();
    private readonly OpenAIFileClient _refused = Make(server, Serving.BenchServer.RefusedKey).GetOpenAIFileClient();
    private readonly ImageGenerationOptions _link = new() { Size = GeneratedImageSize.W1024xH1024, ResponseFormat = GeneratedImageFormat.Uri };
    private readonly ImageGenerationOptions _bytes = new() { Size = GeneratedImageSize.W1024xH1024, ResponseFormat = GeneratedImageFormat.Bytes };

    public override async Task LinkAsync()
    {
        GeneratedImage image = await _images.GenerateImageAsync(Prompt, _link);
        _ = image.ImageUri ?? throw new InvalidOperationException("There is no link.");
    }

    public override async Task ImageToFileAsync(long bytes, string path)
    {
        GeneratedImage image = await _images.GenerateImageAsync(NoisePrompt(bytes), _bytes);
        await using var file = File.Create(path);
        await file.WriteAsync(image.ImageBytes.ToMemory());
    }

    public override async Task<long> ImageToBytesAsync(long bytes)
    {
        GeneratedImage image = await _images.GenerateImageAsync(NoisePrompt(bytes), _bytes);
        return image.ImageBytes.ToMemory().Length;
    }

    public override async Task ReferenceAsync(string path)
    {
        // its own types have no base64 references: this is its protocol method, which takes any JSON
        var body = JsonSerializer.SerializeToUtf8Bytes(
            WireRequest.For(Prompt, "url") with { ReferenceImages = [new WireReference("image/png", await File.ReadAllBytesAsync(path))] }, WireJson.Default.WireRequest);
        using var content = BinaryContent.Create(BinaryData.FromBytes(body));
        await _images.GenerateImagesAsync(content);
    }

    public override async Task UploadAsync(string path)
    {
        await using var file = File.OpenRead(path);
        await _files.UploadFileAsync(file, Path.GetFileName(path), FileUploadPurpose.Vision);
    }

    public override async Task RefusedUploadAsync(string path)
    {
        await using var file = File.OpenRead(path);
        try
        {
            await _refused.UploadFileAsync(file, Path.GetFileName(path), FileUploadPurpose.Vision);
        }
        catch (ClientResultException)
        {
            // as expected; or the connection broke, which is told in the same way
        }
    }

    private static OpenAIClient Make(Uri server, string key) => new(new ApiKeyCredential(key), new OpenAIClientOptions { Endpoint = new Uri(server, "v1") });
}
