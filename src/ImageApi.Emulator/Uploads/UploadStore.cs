using System.Collections.Concurrent;
using System.Security.Cryptography;
using ImageApi.Emulator.Http;

namespace ImageApi.Emulator.Uploads;

/// <summary>Keeps what was uploaded, within a bound: beyond it the oldest goes.</summary>
internal sealed class UploadStore(EmulatorOptions options) : IDisposable
{
    private const int MaxBytesInMemory = 4 * 1024 * 1024;

    private readonly ConcurrentDictionary<string, StoredUpload> _uploads = new(StringComparer.Ordinal);
    private readonly Queue<StoredUpload> _byAge = [];
    private readonly Lock _gate = new();
    private long _storedBytes;

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
            int bytesRead;
            while ((bytesRead = await content.ReadAsync(buffer, cancellationToken)) > 0)
            {
                hash.AppendData(buffer, 0, bytesRead);
                head = head.Length == 0 ? buffer[..bytesRead] : head;
                if (file is null && memory.Length + bytesRead > MaxBytesInMemory)
                {
                    file = CreateTempFile();
                    memory.WriteTo(file);
                    await memory.DisposeAsync();
                }

                await (file ?? (Stream)memory).WriteAsync(buffer.AsMemory(0, bytesRead), cancellationToken);
            }

            var mimeType = MediaTypes.Of(head) ?? declaredType ?? MediaTypes.Unknown;
            var name = $"{id}.{MediaTypes.ExtensionOf(mimeType)}";
            var hashHex = Convert.ToHexStringLower(hash.GetHashAndReset());
            if (file is null)
            {
                return new StoredUpload(name, mimeType, hashHex, memory.ToArray());
            }

            await file.FlushAsync(cancellationToken);
            return new StoredUpload(name, mimeType, hashHex, file);
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
            _storedBytes += upload.Length;
            while (_storedBytes > options.MaxStoredUploadBytes && _byAge.TryDequeue(out var oldest))
            {
                _storedBytes -= oldest.Length;
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

    private static FileStream CreateTempFile() => new(
        Path.Combine(Path.GetTempPath(), $"image-api-emulator-{Guid.NewGuid():N}"),
        FileMode.CreateNew,
        FileAccess.ReadWrite,
        FileShare.ReadWrite | FileShare.Delete,
        64 * 1024,
        FileOptions.Asynchronous | FileOptions.DeleteOnClose);
}
