namespace ImageApi.Client.Benchmarks.Peers;

/// <summary>This library, with its defaults: retries, time limits, idempotency keys.</summary>
internal sealed class OurPeer(Uri server) : Peer
{
    private readonly ImageApiClient _client = Make(server, Key);
    private readonly ImageApiClient _refused = Make(server, Serving.BenchServer.RefusedKey);
    private readonly Watcher _watcher = new();

    public override async Task LinkAsync()
    {
        var result = await _client.Images.GenerateAsync(new ImageRequest { Prompt = Prompt });
        _ = result.Images[0].Url ?? throw new InvalidOperationException("There is no link.");
    }

    public override Task ImageToFileAsync(long bytes, string path) =>
        _client.Images.GenerateToFilesAsync(new ImageRequest { Prompt = NoisePrompt(bytes), ResponseFormat = ImageResponseFormat.Base64 }, path);

    public override async Task<long> ImageToBytesAsync(long bytes)
    {
        var result = await _client.Images.GenerateAsync(new ImageRequest { Prompt = NoisePrompt(bytes), ResponseFormat = ImageResponseFormat.Base64 });
        return result.Images[0].Data!.Value.Length;
    }

    public override Task ReferenceAsync(string path) =>
        _client.Images.GenerateAsync(new ImageRequest { Prompt = Prompt, ReferenceImages = [ReferenceImage.FromFile(path)] });

    public override async Task UploadAsync(string path)
    {
        await _client.Files.UploadAsync(FileUpload.FromPath(path), new TransferOptions { Progress = _watcher });
        if (_watcher.Bytes != new FileInfo(path).Length)
        {
            throw new InvalidOperationException("The progress did not reach the end.");
        }
    }

    public override async Task RefusedUploadAsync(string path)
    {
        try
        {
            await _refused.Files.UploadAsync(FileUpload.FromPath(path));
        }
        catch (ImageApiErrorException)
        {
            return;
        }

        throw new InvalidOperationException("The upload was not refused.");
    }

    public override Task DownloadAsync(Uri link, string path) =>
        _client.Media.SaveAsync(new GeneratedMedia { Url = link.AbsoluteUri, MimeType = "image/png" }, path);

    protected override void Dispose(bool disposing)
    {
        _client.Dispose();
        _refused.Dispose();
        base.Dispose(disposing);
    }

    private static ImageApiClient Make(Uri server, string key) => new(new ImageApiClientOptions { BaseAddress = server, ApiKey = key });

    private sealed class Watcher : IProgress<TransferProgress>
    {
        public long Bytes { get; private set; }

        public void Report(TransferProgress value) => Bytes = value.BytesTransferred;
    }
}
