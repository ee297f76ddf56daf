namespace ImageApi.Client.Benchmarks.Peers;

/// <summary>A client that is measured, used as its users would use it. What a client cannot do is not in <see cref="Measuring.Workload"/>.</summary>
internal abstract class Peer : IDisposable
{
    protected const string ApiKey = "sk-measured";
    protected const string Prompt = "A red fox in the snow, soft morning light, 35 mm";

    /// <summary>Generates a picture and gets a link to it.</summary>
    public virtual Task GenerateUrlAsync() => throw new NotSupportedException();

    /// <summary>Generates a picture that comes as base64, and writes it to a file.</summary>
    public virtual Task GenerateToFileAsync(long bytes, string path) => throw new NotSupportedException();

    /// <summary>Generates a picture that comes as base64, and holds it in memory.</summary>
    /// <returns>How many bytes it has.</returns>
    public virtual Task<long> GenerateToMemoryAsync(long bytes) => throw new NotSupportedException();

    /// <summary>Sends a file as base64 in the JSON of a request.</summary>
    public virtual Task SendReferenceImageAsync(string path) => throw new NotSupportedException();

    /// <summary>Uploads a file as a form.</summary>
    public virtual Task UploadAsync(string path) => throw new NotSupportedException();

    /// <summary>Uploads a file with a key that the server refuses.</summary>
    public virtual Task SendRejectedUploadAsync(string path) => throw new NotSupportedException();

    /// <summary>Downloads a picture to a file.</summary>
    public virtual Task DownloadAsync(Uri url, string path) => throw new NotSupportedException();

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
    }

    protected static string CreateNoisePrompt(long bytes) => FormattableString.Invariant($"{Serving.RequestReader.NoisePromptPrefix}{bytes}");
}
