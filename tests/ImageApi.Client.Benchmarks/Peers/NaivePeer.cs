using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace ImageApi.Client.Benchmarks.Peers;

/// <summary>HttpClient and source-generated JSON, as one would write them without a library: no retries, no limits, no checks.</summary>
internal class NaivePeer : Peer
{
    public NaivePeer(Uri server)
    {
        Http = new HttpClient { BaseAddress = server, Timeout = TimeSpan.FromMinutes(10) };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ApiKey);
    }

    protected HttpClient Http { get; }

    public override async Task GenerateUrlAsync()
    {
        var response = await GenerateAsync(WireRequest.Create(Prompt, "url"));
        _ = response.Data[0].Url ?? throw new InvalidOperationException("The response contains no URL.");
    }

    public override async Task GenerateToFileAsync(long bytes, string path)
    {
        var response = await GenerateAsync(WireRequest.Create(CreateNoisePrompt(bytes), "b64_json"));
        await File.WriteAllBytesAsync(path, response.Data[0].Bytes!);
    }

    public override async Task<long> GenerateToMemoryAsync(long bytes)
    {
        var response = await GenerateAsync(WireRequest.Create(CreateNoisePrompt(bytes), "b64_json"));
        return response.Data[0].Bytes!.Length;
    }

    public override async Task SendReferenceImageAsync(string path) =>
        await GenerateAsync(WireRequest.Create(Prompt, "url") with { ReferenceImages = [new WireReference("image/png", await File.ReadAllBytesAsync(path))] });

    public override async Task UploadAsync(string path)
    {
        using var response = await PostFileAsync(path, ApiKey);
        response.EnsureSuccessStatusCode();
    }

    public override async Task SendRejectedUploadAsync(string path)
    {
        using var response = await PostFileAsync(path, Serving.BenchmarkServer.InvalidApiKey);
    }

    public override async Task DownloadAsync(Uri url, string path) => await File.WriteAllBytesAsync(path, await Http.GetByteArrayAsync(url));

    protected override void Dispose(bool disposing)
    {
        Http.Dispose();
        base.Dispose(disposing);
    }

    private async Task<HttpResponseMessage> PostFileAsync(string path, string apiKey)
    {
        await using var file = File.OpenRead(path);
        using var form = new MultipartFormDataContent { { new StringContent("image"), "kind" }, { new StreamContent(file), "file", Path.GetFileName(path) } };
        using var message = new HttpRequestMessage(HttpMethod.Post, "v1/files/upload") { Content = form };
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        return await Http.SendAsync(message);
    }

    private async Task<WireResponse> GenerateAsync(WireRequest request)
    {
        using var response = await Http.PostAsJsonAsync("v1/images/generations", request, WireJson.Default.WireRequest);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync(WireJson.Default.WireResponse))!;
    }
}
