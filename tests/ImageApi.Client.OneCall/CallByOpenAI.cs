using System.ClientModel;
using OpenAI;
using OpenAI.Images;

// The same picture with the SDK of the convention that the API follows.
var options = new OpenAIClientOptions { Endpoint = new Uri(new Uri(Environment.GetEnvironmentVariable("IMAGEAPI_BASE_ADDRESS")!), "v1") };
var client = new ImageClient("gpt-image-2", new ApiKeyCredential(Environment.GetEnvironmentVariable("IMAGEAPI_API_KEY")!), options);

GeneratedImage image = await client.GenerateImageAsync(
    "A red fox in the snow", new ImageGenerationOptions { Size = GeneratedImageSize.W1024xH1024, ResponseFormat = GeneratedImageFormat.Uri });
Console.WriteLine(image.ImageUri);
