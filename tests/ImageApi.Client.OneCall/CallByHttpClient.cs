using System.Net.Http.Headers;
using System.Net.Http.Json;
using OneCall;

// The same picture with the platform alone: what no client can do without.
using var http = new HttpClient { BaseAddress = new Uri(Environment.GetEnvironmentVariable("IMAGEAPI_BASE_ADDRESS")!) };
using var request = new HttpRequestMessage(HttpMethod.Post, "v1/images/generations")
{
    Content = JsonContent.Create(new GenerationRequest("gpt-image-2", "A red fox in the snow", "1024x1024", "url", []), WireJson.Default.GenerationRequest),
};
request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Environment.GetEnvironmentVariable("IMAGEAPI_API_KEY"));
using var response = await http.SendAsync(request);
response.EnsureSuccessStatusCode();
var result = await response.Content.ReadFromJsonAsync(WireJson.Default.GenerationResponse);
Console.WriteLine(result!.Data[0].Url);
