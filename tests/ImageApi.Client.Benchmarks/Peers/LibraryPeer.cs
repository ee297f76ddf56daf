namespace ImageApi.Client.Benchmarks.Peers;

/// <summary>This library, with its defaults: retries, time limits, idempotency keys.</summary>
internal sealed class LibraryPeer(Uri server) : Peer
{
    private readonly ImageApiClient _client = CreateClient(server, ApiKey);
    private readonly ImageApiClient _unauthorizedClient = CreateClient(server, Serving.BenchmarkServer.InvalidApiKey);
    private readonly TransferCounter _progress = new();

    public override async Task GenerateUrlAsync()
    {
        var result = await _client.Images.GenerateAsync(new ImageRequest { Prompt = Prompt });
        _ = result.Images[0].Url ?? throw new InvalidOperationException("The response contains no URL.");
    }

    public override Task GenerateToFileAsync(long bytes, string path) =>
        _client.Images.GenerateToFilesAsync(new ImageRequest { Prompt = CreateNoisePrompt(bytes), ResponseFormat = ImageResponseFormat.Base64 }, path);

    public override async Task<long> GenerateToMemoryAsync(long bytes)
    {
        var result = await _client.Images.GenerateAsync(new ImageRequest { Prompt = CreateNoisePrompt(bytes), ResponseFormat = ImageResponseFormat.Base64 });
        return result.Images[0].Data!.Value.Length;
    }

    public override Task SendReferenceImageAsync(string path) =>
        _client.Images.GenerateAsync(new ImageRequest { Prompt = Prompt, ReferenceImages = [ReferenceImage.FromFile(path)] });

    public override async Task UploadAsync(string path)
    {
        await _client.Files.UploadAsync(FileUpload.FromFile(path), new TransferOptions { Progress = _progress });
        if (_progress.BytesTransferred != new FileInfo(path).Length)
        {
            throw new InvalidOperationException("The progress did not reach 100 %.");
        }
    }

    public override async Task SendRejectedUploadAsync(string path)
    {
        try
        {
            await _unauthorizedClient.Files.UploadAsync(FileUpload.FromFile(path));
        }
        catch (ImageApiResponseException)
        {
            return;
        }

        throw new InvalidOperationException("The upload was not rejected.");
    }

    public override Task DownloadAsync(Uri url, string path) =>
        _client.Media.SaveAsync(new GeneratedMedia { Url = url.AbsoluteUri, MimeType = "image/png" }, path);

    protected override void Dispose(bool disposing)
    {
        _client.Dispose();
        _unauthorizedClient.Dispose();
        base.Dispose(disposing);
    }

    private static ImageApiClient CreateClient(Uri server, string apiKey) => new(new ImageApiClientOptions { BaseAddress = server, ApiKey = apiKey });

    private sealed class TransferCounter : IProgress<TransferProgress>
    {
        public long BytesTransferred { get; private set; }

        public void Report(TransferProgress value) => BytesTransferred = value.BytesTransferred;
    }
}
