using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace ImageApi.Client.Benchmarks.Peers;

/// <summary>HttpClient and source-generated JSON, as one would write them without a library: no retries, no limits, no checks.</summary>
internal class NaivePeer : Peer
{
    public NaivePeer(Uri server)
    {
        Http = new HttpClient { BaseAddress = server, Timeout = TimeSpan.FromMinutes(10) };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Key);
    }

    protected HttpClient Http { get; }

    public override async Task LinkAsync()
    {
        var answer = await GenerateAsync(WireRequest.For(Prompt, "url"));
        _ = answer.Data[0].Url ?? throw new InvalidOperationException("There is no link.");
    }

    public override async Task ImageToFileAsync(long bytes, string path)
    {
        var answer = await GenerateAsync(WireRequest.For(NoisePrompt(bytes), "b64_json"));
        await File.WriteAllBytesAsync(path, answer.Data[0].Bytes!);
    }

    public override async Task<long> ImageToBytesAsync(long bytes)
    {
        var answer = await GenerateAsync(WireRequest.For(NoisePrompt(bytes), "b64_json"));
        return answer.Data[0].Bytes!.Length;
    }

    public override async Task ReferenceAsync(string path) =>
        await GenerateAsync(WireRequest.For(Prompt, "url") with { ReferenceImages = [new WireReference("image/png", await File.ReadAllBytesAsync(path))] });

    public override async Task UploadAsync(string path)
    {
        using var answer = await PostFileAsync(path, Key);
        answer.EnsureSuccessStatusCode();
    }

    public override async Task RefusedUploadAsync(string path)
    {
        using var answer = await PostFileAsync(path, Serving.BenchServer.RefusedKey);
    }

    public override async Task DownloadAsync(Uri link, string path) => await File.WriteAllBytesAsync(path, await Http.GetByteArrayAsync(link));

    protected override void Dispose(bool disposing)
    {
        Http.Dispose();
        base.Dispose(disposing);
    }

    private async Task<HttpResponseMessage> PostFileAsync(string path, string key)
    {
        await using var file = File.OpenRead(path);
        using var form = new MultipartFormDataContent { { new StringContent("image"), "kind" }, { new StreamContent(file), "file", Path.GetFileName(path) } };
        using var message = new HttpRequestMessage(HttpMethod.Post, "v1/files/upload") { Content = form };
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return await Http.SendAsync(message);
    }

    private async Task<WireAnswer> GenerateAsync(WireRequest request)
    {
        using var answer = await Http.PostAsJsonAsync("v1/images/generations", request, WireJson.Default.WireRequest);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync(WireJson.Default.WireAnswer))!;
    }
}
