using System.Collections.Concurrent;
using System.Security.Cryptography;
using ImageApi.Emulator.Media;

namespace ImageApi.Emulator.Uploads;

/// <summary>Keeps what was uploaded, within a bound: beyond it the oldest goes.</summary>
internal sealed class UploadStore(EmulatorOptions options) : IDisposable
{
    private const int LargestInMemory = 4 * 1024 * 1024;

    private readonly ConcurrentDictionary<string, StoredUpload> _uploads = new(StringComparer.Ordinal);
    private readonly Queue<StoredUpload> _byAge = [];
    private readonly Lock _gate = new();
    private long _stored;

    public StoredUpload? Find(string name) => _uploads.GetValueOrDefault(name);

    /// <summary>Reads a file to its end, without holding a large one in memory. It is not found until it is added.</summary>
    public static async Task<StoredUpload> ReceiveAsync(string id, string? declaredType, Stream content, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var memory = new MemoryStream();
        FileStream? file = null;
        var buffer = new byte[64 * 1024];
        var head = Array.Empty<byte>();
        try
        {
            int read;
            while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
            {
                hash.AppendData(buffer, 0, read);
                head = head.Length == 0 ? buffer[..read] : head;
                if (file is null && memory.Length + read > LargestInMemory)
                {
                    file = Spill();
                    memory.WriteTo(file);
                    await memory.DisposeAsync();
                }

                await (file ?? (Stream)memory).WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }

            var mimeType = MimeTypes.Of(head) ?? declaredType ?? MimeTypes.Unknown;
            var name = $"{id}.{MimeTypes.ExtensionOf(mimeType)}";
            var tag = Convert.ToHexStringLower(hash.GetHashAndReset());
            if (file is null)
            {
                return new StoredUpload(name, mimeType, tag, memory.ToArray());
            }

            await file.FlushAsync(cancellationToken);
            return new StoredUpload(name, mimeType, tag, file);
        }
        catch
        {
            if (file is not null)
            {
                await file.DisposeAsync();
            }

            throw;
        }
    }

    public void Add(StoredUpload upload)
    {
        lock (_gate)
        {
            _uploads[upload.Name] = upload;
            _byAge.Enqueue(upload);
            _stored += upload.Length;
            while (_stored > options.MaxStoredUploadBytes && _byAge.TryDequeue(out var oldest))
            {
                _stored -= oldest.Length;
                _uploads.TryRemove(oldest.Name, out _);
                oldest.Dispose();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            while (_byAge.TryDequeue(out var upload))
            {
                upload.Dispose();
            }

            _uploads.Clear();
        }
    }

    private static FileStream Spill() => new(
        Path.Combine(Path.GetTempPath(), $"image-api-emulator-{Guid.NewGuid():N}"),
        FileMode.CreateNew,
        FileAccess.ReadWrite,
        FileShare.ReadWrite | FileShare.Delete,
        64 * 1024,
        FileOptions.Asynchronous | FileOptions.DeleteOnClose);
}
