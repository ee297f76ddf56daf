namespace ImageApi.Emulator.Media;

/// <summary>Caches the latest rendered results up to a size limit, so that range requests and repeated downloads are fast.</summary>
internal sealed class MediaCache
{
    private const long MaxBytes = 96L * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<(string Name, Lazy<MediaContent> Content)>> _byName = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Name, Lazy<MediaContent> Content)> _byRecency = [];
    private long _sizeInBytes;

    public MediaContent Get(string name, Func<MediaContent> factory)
    {
        var entry = GetOrAddEntry(name, factory);
        var isNew = !entry.IsValueCreated;
        var content = entry.Value;
        if (isNew)
        {
            Evict(name, content.Bytes.Length);
        }

        return content;
    }

    private Lazy<MediaContent> GetOrAddEntry(string name, Func<MediaContent> factory)
    {
        lock (_gate)
        {
            if (_byName.TryGetValue(name, out var node))
            {
                _byRecency.Remove(node);
                _byRecency.AddFirst(node);
                return node.Value.Content;
            }

            var entry = new Lazy<MediaContent>(factory);
            _byName[name] = _byRecency.AddFirst((name, entry));
            return entry;
        }
    }

    private void Evict(string name, int addedBytes)
    {
        lock (_gate)
        {
            _sizeInBytes += addedBytes;
            while (_sizeInBytes > MaxBytes && _byRecency.Last is { } oldest && oldest.Value.Name != name && oldest.Value.Content.IsValueCreated)
            {
                _sizeInBytes -= oldest.Value.Content.Value.Bytes.Length;
                _byRecency.RemoveLast();
                _byName.Remove(oldest.Value.Name);
            }
        }
    }
}
