using ImageApi.Client.Benchmarks.Serving;

namespace ImageApi.Client.Benchmarks.Measuring;

/// <summary>The files and links around one run. What was written is looked at when the run is over: a client that did not do its work is not measured.</summary>
internal sealed class WorkloadContext : IDisposable
{
    private readonly string _folder;
    private readonly Uri _server;
    private readonly List<(string Path, long Bytes)> _outputs = [];

    public WorkloadContext(Uri server, string folder, long bytes, int calls)
    {
        _server = server;
        _folder = folder;
        Bytes = bytes;
        Calls = calls;
        Source = Path.Combine(folder, FormattableString.Invariant($"source-{bytes}.png"));
    }

    public long Bytes { get; }

    public int Calls { get; }

    /// <summary>Gets the file to send.</summary>
    public string Source { get; }

    /// <summary>Gets the link to fetch.</summary>
    public Uri DownloadUrl => new(_server, FormattableString.Invariant($"results/{Bytes}"));

    /// <summary>Makes the file to send, and beside it the request that holds it as base64.</summary>
    public void CreateSource()
    {
        if (Bytes == 0 || File.Exists(Source))
        {
            return;
        }

        NoiseImage.WriteFile(Source, Bytes);
        using var json = File.Create(Source + ".json");
        json.Write("""{"prompt":"A red fox","reference_images":[{"mime_type":"image/png","data_base64":" """u8.TrimEnd((byte)' '));
        foreach (var chunk in NoiseImage.Base64Chunks(Bytes))
        {
            json.Write(chunk.Span);
        }

        json.Write("\"}]}"u8);
    }

    /// <summary>Names a file that is to have at least so many bytes after the run.</summary>
    public string NewOutputPath(long bytes)
    {
        var path = Path.Combine(_folder, Guid.NewGuid().ToString("N") + ".png");
        lock (_outputs)
        {
            _outputs.Add((path, bytes));
        }

        return path;
    }

    public static void ThrowIfFewerBytes(long expected, long actual)
    {
        if (actual < expected)
        {
            throw new InvalidOperationException(FormattableString.Invariant($"Expected at least {expected} bytes, but found {actual}."));
        }
    }

    /// <summary>Looks at what the run wrote, and deletes it.</summary>
    public void VerifyOutputs()
    {
        foreach (var (path, bytes) in _outputs)
        {
            ThrowIfFewerBytes(bytes, new FileInfo(path).Length);
        }

        Dispose();
    }

    public void Dispose()
    {
        _outputs.ForEach(static output => File.Delete(output.Path));
        _outputs.Clear();
    }
}
