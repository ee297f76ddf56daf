using RestSharp;
using RestSharp.Authenticators.OAuth2;

namespace ImageApi.Client.Benchmarks.Peers;

/// <summary>A general client for JSON APIs, with its own serializer.</summary>
internal sealed class RestSharpPeer(Uri server) : Peer
{
    private readonly RestClient _client = Make(server, Key);
    private readonly RestClient _refused = Make(server, Serving.BenchServer.RefusedKey);

    public override async Task LinkAsync()
    {
        var answer = await _client.PostAsync<WireAnswer>(new RestRequest("v1/images/generations").AddJsonBody(WireRequest.For(Prompt, "url")));
        _ = answer!.Data[0].Url ?? throw new InvalidOperationException("There is no link.");
    }

    public override async Task ImageToFileAsync(long bytes, string path)
    {
        var answer = await _client.PostAsync<WireAnswer>(new RestRequest("v1/images/generations").AddJsonBody(WireRequest.For(NoisePrompt(bytes), "b64_json")));
        await File.WriteAllBytesAsync(path, answer!.Data[0].Bytes!);
    }

    public override async Task UploadAsync(string path) => await _client.PostAsync(Form(path));

    public override async Task RefusedUploadAsync(string path) => await _refused.ExecutePostAsync(Form(path));

    public override async Task DownloadAsync(Uri link, string path)
    {
        await using var stream = await _client.DownloadStreamAsync(new RestRequest(link));
        await using var file = File.Create(path);
        await stream!.CopyToAsync(file);
    }

    protected override void Dispose(bool disposing)
    {
        _client.Dispose();
        _refused.Dispose();
        base.Dispose(disposing);
    }

    private static RestRequest Form(string path) => new RestRequest("v1/files/upload").AddParameter("kind", "image").AddFile("file", path);

    private static RestClient Make(Uri server, string key) => new(new RestClientOptions(server)
    {
        Authenticator = new OAuth2AuthorizationRequestHeaderAuthenticator(key, "Bearer"),
        Timeout = TimeSpan.FromMinutes(10),
    });
}
