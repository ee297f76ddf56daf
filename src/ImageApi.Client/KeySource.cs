namespace ImageApi.Client;

/// <summary>Where the key comes from, and the address it is for. Not a record: its text would show the key.</summary>
internal sealed class KeySource(ImageApiClientOptions options)
{
    private readonly string? _key = options.ApiKey;
    private readonly Func<CancellationToken, ValueTask<string>>? _provider = options.ApiKeyProvider;

    public Uri Address { get; } = options.BaseAddress!;

    public ValueTask<string> ReadAsync(CancellationToken cancellationToken) => _provider is null ? new(_key!) : _provider(cancellationToken);
}
