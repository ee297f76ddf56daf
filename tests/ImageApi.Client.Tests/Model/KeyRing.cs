namespace ImageApi.Client.Tests.Model;

/// <summary>A vault whose key is right, then wrong, then right again.</summary>
internal sealed class KeyRing(string rightKey)
{
    private bool _wrong;

    public void Rotate() => _wrong = !_wrong;

    public ValueTask<string> GetAsync(CancellationToken cancellationToken) => new(_wrong ? "wrong-" + rightKey : rightKey);
}
