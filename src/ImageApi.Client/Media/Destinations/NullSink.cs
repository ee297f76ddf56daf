namespace ImageApi.Client.Media.Destinations;

/// <summary>Takes what nobody wants, such as the reference images that a server repeats in its answer.</summary>
internal sealed class NullSink : MediaSink
{
    private byte[] _bytes = [];

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        if (_bytes.Length < sizeHint)
        {
            _bytes = new byte[sizeHint];
        }

        return _bytes;
    }

    protected override ReadOnlySpan<byte> Written(int count) => _bytes.AsSpan(0, count);

    protected override void Commit(int count)
    {
    }
}
