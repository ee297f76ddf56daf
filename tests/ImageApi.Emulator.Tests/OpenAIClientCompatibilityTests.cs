using System.ClientModel;
using ImageApi.Emulator.Tests.Support;
using OpenAI;
using OpenAI.Images;

namespace ImageApi.Emulator.Tests;

/// <summary>OpenAI's own .NET client, pointed at the emulator.</summary>
public sealed class OpenAIClientCompatibilityTests
{
    [Fact]
    public async Task OpenAI_client_generates_an_image_with_a_URL()
    {
        await using var client = await EmulatorTestClient.StartAsync();

        GeneratedImage image = await CreateClient(client).GenerateImageAsync("a red fox", new ImageGenerationOptions { ResponseFormat = GeneratedImageFormat.Uri });

        Assert.Equal((1024, 1024), PngChunks.ReadSize(await client.Http.GetByteArrayAsync(image.ImageUri)));
    }

    [Fact]
    public async Task OpenAI_client_generates_a_base64_image()
    {
        await using var client = await EmulatorTestClient.StartAsync();

        GeneratedImage image = await CreateClient(client).GenerateImageAsync(
            "a red fox", new ImageGenerationOptions { ResponseFormat = GeneratedImageFormat.Bytes, Size = GeneratedImageSize.W256xH256 });

        Assert.Equal((256, 256), PngChunks.ReadSize(image.ImageBytes.ToArray()));
    }

    [Fact]
    public async Task OpenAI_client_generates_images_without_options()
    {
        await using var client = await EmulatorTestClient.StartAsync();

        GeneratedImageCollection images = await CreateClient(client).GenerateImagesAsync("a red fox", 2);

        Assert.Equal(2, images.Count);
        Assert.All(images, image => Assert.NotNull(image.ImageUri));
    }

    [Fact]
    public async Task Wrong_API_key_throws_ClientResultException()
    {
        await using var client = await EmulatorTestClient.StartAsync();

        var error = await Assert.ThrowsAsync<ClientResultException>(() => CreateClient(client, "wrong-key").GenerateImageAsync("a red fox"));

        Assert.Equal(401, error.Status);
        Assert.Contains("invalid_api_key", error.Message, StringComparison.Ordinal);
    }

    /// <summary>What the comparison in the README says of it.</summary>
    [Fact]
    public async Task OpenAI_client_retries_a_charged_request_after_a_500_response()
    {
        await using var client = await EmulatorTestClient.StartAsync();
        client.Emulator.Faults.Always(EmulatorEndpoint.Generation, EmulatorFault.ChargeThenStatus(500));

        await Assert.ThrowsAsync<ClientResultException>(() => CreateClient(client).GenerateImageAsync("a red fox"));

        Assert.Equal(4, client.Emulator.Ledger.ChargesFor("a red fox"));
    }

    private static ImageClient CreateClient(EmulatorTestClient client, string? apiKey = null) => new(
        "gpt-image-2",
        new ApiKeyCredential(apiKey ?? client.Emulator.ApiKey),
        new OpenAIClientOptions { Endpoint = new Uri(client.Emulator.BaseAddress, "v1/") });
}
