using System.Net.Http.Json;

namespace ImageApi.Client.Benchmarks.Peers;

/// <summary>The way that is seen most: base64 as a string, in both directions.</summary>
internal sealed class StringPeer(Uri server) : NaivePeer(server)
{
    public override async Task GenerateToFileAsync(long bytes, string path)
    {
        using var response = await Http.PostAsJsonAsync("v1/images/generations", WireRequest.Create(CreateNoisePrompt(bytes), "b64_json"), WireJson.Default.WireRequest);
        var text = (await response.Content.ReadFromJsonAsync(WireJson.Default.TextResponse))!.Data[0].Base64;
        await File.WriteAllBytesAsync(path, Convert.FromBase64String(text));
    }
}
