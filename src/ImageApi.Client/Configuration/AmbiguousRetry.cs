namespace ImageApi.Client;

/// <summary>What is done with a paid request that may or may not have been carried out.</summary>
public enum AmbiguousRetry
{
    /// <summary>It is never sent again: the error says that the outcome is unknown.</summary>
    Never = 0,

    /// <summary>It is sent again with the same key and the same bytes. Only for servers that are known to honour idempotency keys.</summary>
    WhenServerHonorsIdempotencyKeys = 1,
}
