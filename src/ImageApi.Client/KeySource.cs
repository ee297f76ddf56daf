namespace ImageApi.Client;

/// <summary>Where the key comes from, and the address it is for. Not a record: its text would show the key.</summary>
internal sealed class KeySource(ImageApiClientOptions options)
{
    private readonly string? _key = options.ApiKey;
    private readonly Func<CancellationToken, ValueTask<string>>? _provider = options.ApiKeyProvider;

    public Uri Address { get; } = options.BaseAddress!;

    /// <summary>
    /// Finds out whether uploads made with another source's key can be taken for those of this one's account: the same address with the same key,
    /// or with a provider then and now, since a provider is there to give the keys of one account one after the other.
    /// </summary>
    public bool IsOfSameAccount(KeySource other) =>
        Http.BaseAddress.Normalize(Address) == Http.BaseAddress.Normalize(other.Address) && (_provider is null) == (other._provider is null) && (_provider is not null || _key == other._key);

    public ValueTask<string> ReadAsync(CancellationToken cancellationToken) => _provider is null ? new(_key!) : _provider(cancellationToken);
}
