using System.ClientModel;
using System.Text.Json;
using OpenAI;
using OpenAI.Files;
using OpenAI.Images;

namespace ImageApi.Client.Benchmarks.Peers;

/// <summary>The SDK of the convention that the API follows.</summary>
internal sealed class OpenAiPeer(Uri server) : Peer
{
    private readonly ImageClient _images = CreateClient(server, ApiKey).GetImageClient("gpt-image-2");
    private readonly OpenAIFileClient _files = CreateClient(server, ApiKey).GetOpenAIFileClient();
    private readonly OpenAIFileClient _unauthorizedFiles = CreateClient(server, Serving.BenchmarkServer.InvalidApiKey).GetOpenAIFileClient();
    private readonly ImageGenerationOptions _urlOptions = new() { Size = GeneratedImageSize.W1024xH1024, ResponseFormat = GeneratedImageFormat.Uri };
    private readonly ImageGenerationOptions _bytesOptions = new() { Size = GeneratedImageSize.W1024xH1024, ResponseFormat = GeneratedImageFormat.Bytes };

    public override async Task GenerateUrlAsync()
    {
        GeneratedImage image = await _images.GenerateImageAsync(Prompt, _urlOptions);
        _ = image.ImageUri ?? throw new InvalidOperationException("The response contains no URL.");
    }

    public override async Task GenerateToFileAsync(long bytes, string path)
    {
        GeneratedImage image = await _images.GenerateImageAsync(CreateNoisePrompt(bytes), _bytesOptions);
        await using var file = File.Create(path);
        await file.WriteAsync(image.ImageBytes.ToMemory());
    }

    public override async Task<long> GenerateToMemoryAsync(long bytes)
    {
        GeneratedImage image = await _images.GenerateImageAsync(CreateNoisePrompt(bytes), _bytesOptions);
        return image.ImageBytes.ToMemory().Length;
    }

    public override async Task SendReferenceImageAsync(string path)
    {
        // its own types have no base64 references: this is its protocol method, which takes any JSON
        var body = JsonSerializer.SerializeToUtf8Bytes(
            WireRequest.Create(Prompt, "url") with { ReferenceImages = [new WireReference("image/png", await File.ReadAllBytesAsync(path))] }, WireJson.Default.WireRequest);
        using var content = BinaryContent.Create(BinaryData.FromBytes(body));
        await _images.GenerateImagesAsync(content);
    }

    public override async Task UploadAsync(string path)
    {
        await using var file = File.OpenRead(path);
        await _files.UploadFileAsync(file, Path.GetFileName(path), FileUploadPurpose.Vision);
    }

    public override async Task SendRejectedUploadAsync(string path)
    {
        await using var file = File.OpenRead(path);
        try
        {
            await _unauthorizedFiles.UploadFileAsync(file, Path.GetFileName(path), FileUploadPurpose.Vision);
        }
        catch (ClientResultException)
        {
            // as expected; or the connection broke, which is told in the same way
        }
    }

    private static OpenAIClient CreateClient(Uri server, string apiKey) => new(new ApiKeyCredential(apiKey), new OpenAIClientOptions { Endpoint = new Uri(server, "v1") });
}
