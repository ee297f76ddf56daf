using ImageApi.Client.Benchmarks.Serving;

namespace ImageApi.Client.Benchmarks.Measuring;

/// <summary>The files and links around one run. What was written is looked at when the run is over: a client that did not do its work is not measured.</summary>
internal sealed class Scene : IDisposable
{
    private readonly string _folder;
    private readonly Uri _server;
    private readonly List<(string Path, long Bytes)> _targets = [];

    public Scene(Uri server, string folder, long bytes, int calls)
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
    public Uri Link => new(_server, FormattableString.Invariant($"results/{Bytes}"));

    /// <summary>Makes the file to send, and beside it the request that holds it as base64.</summary>
    public void MakeSource()
    {
        if (Bytes == 0 || File.Exists(Source))
        {
            return;
        }

        Noise.WriteFile(Source, Bytes);
        using var json = File.Create(Source + ".json");
        json.Write("""{"prompt":"A red fox","reference_images":[{"mime_type":"image/png","data_base64":" """u8.TrimEnd((byte)' '));
        foreach (var piece in Noise.Base64(Bytes))
        {
            json.Write(piece.Span);
        }

        json.Write("\"}]}"u8);
    }

    /// <summary>Names a file that is to have at least so many bytes after the run.</summary>
    public string NewTarget(long bytes)
    {
        var path = Path.Combine(_folder, Guid.NewGuid().ToString("N") + ".png");
        lock (_targets)
        {
            _targets.Add((path, bytes));
        }

        return path;
    }

    public static void MustBe(long wanted, long found)
    {
        if (found < wanted)
        {
            throw new InvalidOperationException(FormattableString.Invariant($"There are {found} bytes instead of {wanted}."));
        }
    }

    /// <summary>Looks at what the run wrote, and deletes it.</summary>
    public void Check()
    {
        foreach (var (path, bytes) in _targets)
        {
            MustBe(bytes, new FileInfo(path).Length);
        }

        Dispose();
    }

    public void Dispose()
    {
        _targets.ForEach(static target => File.Delete(target.Path));
        _targets.Clear();
    }
}
