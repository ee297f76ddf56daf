using RestSharp;
using RestSharp.Authenticators.OAuth2;

namespace ImageApi.Client.Benchmarks.Peers;

/// <summary>A general client for JSON APIs, with its own serializer.</summary>
internal sealed class RestSharpPeer(Uri server) : Peer
{
    private readonly RestClient _client = CreateClient(server, ApiKey);
    private readonly RestClient _unauthorizedClient = CreateClient(server, Serving.BenchmarkServer.InvalidApiKey);

    public override async Task GenerateUrlAsync()
    {
        var response = await _client.PostAsync<WireResponse>(new RestRequest("v1/images/generations").AddJsonBody(WireRequest.Create(Prompt, "url")));
        _ = response!.Data[0].Url ?? throw new InvalidOperationException("The response contains no URL.");
    }

    public override async Task GenerateToFileAsync(long bytes, string path)
    {
        var response = await _client.PostAsync<WireResponse>(new RestRequest("v1/images/generations").AddJsonBody(WireRequest.Create(CreateNoisePrompt(bytes), "b64_json")));
        await File.WriteAllBytesAsync(path, response!.Data[0].Bytes!);
    }

    public override async Task UploadAsync(string path) => await _client.PostAsync(CreateForm(path));

    public override async Task SendRejectedUploadAsync(string path) => await _unauthorizedClient.ExecutePostAsync(CreateForm(path));

    public override async Task DownloadAsync(Uri url, string path)
    {
        await using var stream = await _client.DownloadStreamAsync(new RestRequest(url));
        await using var file = File.Create(path);
        await stream!.CopyToAsync(file);
    }

    protected override void Dispose(bool disposing)
    {
        _client.Dispose();
        _unauthorizedClient.Dispose();
        base.Dispose(disposing);
    }

    private static RestRequest CreateForm(string path) => new RestRequest("v1/files/upload").AddParameter("kind", "image").AddFile("file", path);

    private static RestClient CreateClient(Uri server, string apiKey) => new(new RestClientOptions(server)
    {
        Authenticator = new OAuth2AuthorizationRequestHeaderAuthenticator(apiKey, "Bearer"),
        Timeout = TimeSpan.FromMinutes(10),
    });
}
