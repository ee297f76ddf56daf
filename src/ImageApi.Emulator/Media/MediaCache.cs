namespace ImageApi.Emulator.Media;

/// <summary>Keeps the results made last, within a bound: whoever fetches one by parts or twice need not wait for it again.</summary>
internal sealed class MediaCache
{
    private const long Bound = 96L * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<(string Name, Lazy<MediaContent> Content)>> _byName = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Name, Lazy<MediaContent> Content)> _byUse = [];
    private long _size;

    public MediaContent Get(string name, Func<MediaContent> make)
    {
        var entry = Entry(name, make);
        var fresh = !entry.IsValueCreated;
        var content = entry.Value;
        if (fresh)
        {
            Shrink(name, content.Bytes.Length);
        }

        return content;
    }

    private Lazy<MediaContent> Entry(string name, Func<MediaContent> make)
    {
        lock (_gate)
        {
            if (_byName.TryGetValue(name, out var node))
            {
                _byUse.Remove(node);
                _byUse.AddFirst(node);
                return node.Value.Content;
            }

            var entry = new Lazy<MediaContent>(make);
            _byName[name] = _byUse.AddFirst((name, entry));
            return entry;
        }
    }

    private void Shrink(string name, int added)
    {
        lock (_gate)
        {
            _size += added;
            while (_size > Bound && _byUse.Last is { } oldest && oldest.Value.Name != name && oldest.Value.Content.IsValueCreated)
            {
                _size -= oldest.Value.Content.Value.Bytes.Length;
                _byUse.RemoveLast();
                _byName.Remove(oldest.Value.Name);
            }
        }
    }
}
