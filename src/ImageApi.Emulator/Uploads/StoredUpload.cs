namespace ImageApi.Emulator.Uploads;

/// <summary>One stored file: in memory when it is small, in the temporary folder otherwise.</summary>
internal sealed class StoredUpload : IDisposable
{
    private readonly byte[]? _bytes;
    private readonly FileStream? _file;

    public StoredUpload(string name, string mimeType, string hash, byte[] bytes)
        : this(name, mimeType, hash, bytes.LongLength) => _bytes = bytes;

    public StoredUpload(string name, string mimeType, string hash, FileStream file)
        : this(name, mimeType, hash, file.Length) => _file = file;

    private StoredUpload(string name, string mimeType, string hash, long length)
    {
        Name = name;
        MimeType = mimeType;
        Hash = hash;
        Length = length;
    }

    public string Name { get; }

    public string MimeType { get; }

    public string Hash { get; }

    public long Length { get; }

    public Stream OpenRead() => _bytes is { } bytes
        ? new MemoryStream(bytes, writable: false)
        : new FileStream(_file!.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 64 * 1024, FileOptions.Asynchronous);

    // The file was opened to be deleted when it is closed.
    public void Dispose() => _file?.Dispose();
}
