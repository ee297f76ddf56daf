using ImageApi.Client.Validation;

namespace ImageApi.Client.Internal;

/// <summary>Where the key comes from, and the address it is for. Not a record: its text would show the key.</summary>
internal sealed class ApiKeySource(ImageApiClientOptions options)
{
    private readonly string? _apiKey = options.ApiKey;
    private readonly Func<CancellationToken, ValueTask<string>>? _provider = options.ApiKeyProvider;

    public Uri BaseAddress { get; } = options.BaseAddress!;

    /// <summary>
    /// Finds out whether uploads made with another source's key can be taken for those of this one's account: the same address with the same key,
    /// or with a provider then and now, since a provider is there to give the keys of one account one after the other.
    /// </summary>
    public bool IsSameAccount(ApiKeySource other) =>
        BaseAddressValidation.Normalize(BaseAddress) == BaseAddressValidation.Normalize(other.BaseAddress) && (_provider is null) == (other._provider is null) && (_provider is not null || _apiKey == other._apiKey);

    public ValueTask<string> ReadAsync(CancellationToken cancellationToken) => _provider is null ? new(_apiKey!) : _provider(cancellationToken);
}
