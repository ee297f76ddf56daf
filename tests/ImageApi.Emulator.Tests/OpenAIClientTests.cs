using System.ClientModel;
using ImageApi.Emulator.Tests.Support;
using OpenAI;
using OpenAI.Images;

namespace ImageApi.Emulator.Tests;

/// <summary>OpenAI's own .NET client, pointed at the emulator.</summary>
public sealed class OpenAIClientTests
{
    [Fact]
    public async Task Generates_an_image_by_link()
    {
        await using var caller = await Caller.StartAsync();

        GeneratedImage image = await Client(caller).GenerateImageAsync("a red fox", new ImageGenerationOptions { ResponseFormat = GeneratedImageFormat.Uri });

        Assert.Equal((1024, 1024), PngChunks.Size(await caller.Http.GetByteArrayAsync(image.ImageUri)));
    }

    [Fact]
    public async Task Generates_an_image_inline()
    {
        await using var caller = await Caller.StartAsync();

        GeneratedImage image = await Client(caller).GenerateImageAsync(
            "a red fox", new ImageGenerationOptions { ResponseFormat = GeneratedImageFormat.Bytes, Size = GeneratedImageSize.W256xH256 });

        Assert.Equal((256, 256), PngChunks.Size(image.ImageBytes.ToArray()));
    }

    [Fact]
    public async Task Generates_with_no_options_at_all()
    {
        await using var caller = await Caller.StartAsync();

        GeneratedImageCollection images = await Client(caller).GenerateImagesAsync("a red fox", 2);

        Assert.Equal(2, images.Count);
        Assert.All(images, image => Assert.NotNull(image.ImageUri));
    }

    [Fact]
    public async Task Wrong_key_is_a_typed_error()
    {
        await using var caller = await Caller.StartAsync();

        var error = await Assert.ThrowsAsync<ClientResultException>(() => Client(caller, "wrong-key").GenerateImageAsync("a red fox"));

        Assert.Equal(401, error.Status);
        Assert.Contains("invalid_api_key", error.Message, StringComparison.Ordinal);
    }

    /// <summary>What the comparison in the README says of it.</summary>
    [Fact]
    public async Task Sends_a_request_again_that_was_charged_and_answered_with_500()
    {
        await using var caller = await Caller.StartAsync();
        caller.Emulator.Faults.Always(EmulatorEndpoint.Generation, EmulatorFault.ChargeThenStatus(500));

        await Assert.ThrowsAsync<ClientResultException>(() => Client(caller).GenerateImageAsync("a red fox"));

        Assert.Equal(4, caller.Emulator.Ledger.ChargesFor("a red fox"));
    }

    private static ImageClient Client(Caller caller, string? key = null) => new(
        "gpt-image-2",
        new ApiKeyCredential(key ?? caller.Emulator.ApiKey),
        new OpenAIClientOptions { Endpoint = new Uri(caller.Emulator.BaseAddress, "v1/") });
}
