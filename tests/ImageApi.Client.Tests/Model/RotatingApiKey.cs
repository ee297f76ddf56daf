namespace ImageApi.Client.Tests.Model;

/// <summary>A vault whose key is right, then wrong, then right again.</summary>
internal sealed class RotatingApiKey(string validApiKey)
{
    private bool _isWrong;

    public void Rotate() => _isWrong = !_isWrong;

    public ValueTask<string> GetAsync(CancellationToken cancellationToken) => new(_isWrong ? "wrong-" + validApiKey : validApiKey);
}
