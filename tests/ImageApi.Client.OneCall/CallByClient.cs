using ImageApi.Client;

// One picture with this library.
using var client = new ImageApiClient(new ImageApiClientOptions
{
    BaseAddress = new Uri(Environment.GetEnvironmentVariable("IMAGEAPI_BASE_ADDRESS")!),
    ApiKey = Environment.GetEnvironmentVariable("IMAGEAPI_API_KEY"),
});

var result = await client.Images.GenerateAsync(new ImageRequest { Prompt = "A red fox in the snow" });
Console.WriteLine(result.Images[0].Url);
