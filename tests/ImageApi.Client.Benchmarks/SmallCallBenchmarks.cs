using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using BenchmarkDotNet.Attributes;
using ImageApi.Client.Benchmarks.Peers;
using OpenAI;
using OpenAI.Images;
using RestSharp;

namespace ImageApi.Client.Benchmarks;

/// <summary>A small call without a network: what the clients themselves cost.</summary>
[MemoryDiagnoser]
[InProcess]
public class SmallCallBenchmarks : IDisposable
{
    private const string ApiKey = "sk-measured";
    private const string Prompt = "A red fox in the snow, soft morning light, 35 mm";
    private static readonly Uri Server = new("http://127.0.0.1:1/");

    private readonly HttpClient _http = new(new CannedResponseHandler()) { BaseAddress = Server, Timeout = Timeout.InfiniteTimeSpan };
    private readonly ImageApiClient _imageApi;
    private readonly ImageClient _openAi;
    private readonly RestClient _restSharp;
    private readonly ImageGenerationOptions _urlOptions = new() { Size = GeneratedImageSize.W1024xH1024, ResponseFormat = GeneratedImageFormat.Uri };

    public SmallCallBenchmarks()
    {
        _imageApi = new ImageApiClient(_http, new ImageApiClientOptions { BaseAddress = Server, ApiKey = ApiKey });
        _openAi = new OpenAIClient(new ApiKeyCredential(ApiKey), new OpenAIClientOptions { Endpoint = new Uri(Server, "v1"), Transport = new HttpClientPipelineTransport(_http) })
            .GetImageClient("gpt-image-2");
        _restSharp = new RestClient(_http, new RestClientOptions(Server));
    }

    [Benchmark(Baseline = true)]
    public async Task<string?> OpenAiSdk()
    {
        GeneratedImage image = await _openAi.GenerateImageAsync(Prompt, _urlOptions);
        return image.ImageUri.OriginalString;
    }

    [Benchmark]
    public async Task<string?> ThisLibrary()
    {
        var result = await _imageApi.Images.GenerateAsync(new ImageRequest { Prompt = Prompt });
        return result.Images[0].Url;
    }

    [Benchmark]
    public async Task<string?> SourceGeneratedJson()
    {
        using var response = await _http.PostAsJsonAsync("v1/images/generations", WireRequest.Create(Prompt, "url"), WireJson.Default.WireRequest);
        return (await response.Content.ReadFromJsonAsync(WireJson.Default.WireResponse))!.Data[0].Url;
    }

    [Benchmark]
    public async Task<string?> RestSharp()
    {
        var response = await _restSharp.PostAsync<WireResponse>(new RestRequest("v1/images/generations").AddJsonBody(WireRequest.Create(Prompt, "url")));
        return response!.Data[0].Url;
    }

    public void Dispose()
    {
        _imageApi.Dispose();
        _restSharp.Dispose();
        _http.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Reads the request as a connection would, and has the answer ready.</summary>
    private sealed class CannedResponseHandler : HttpMessageHandler
    {
        private static readonly byte[] ResponseBody = """{"created":1767225600,"data":[{"url":"https://files.example.com/results/7c9e6679-7425-40de-944b-e07fc1f90ae7.png"}]}"""u8.ToArray();
        private static readonly MediaTypeHeaderValue JsonContentType = new("application/json");

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await request.Content!.CopyToAsync(Stream.Null, cancellationToken);
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(ResponseBody) { Headers = { ContentType = JsonContentType } }, RequestMessage = request };
        }
    }
}
