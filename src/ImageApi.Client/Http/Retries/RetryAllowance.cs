namespace ImageApi.Client.Http.Retries;

/// <summary>How often the same request may be sent again for the same reason.</summary>
internal enum RetryAllowance
{
    Never,
    Once,

    /// <summary>As often as the retry settings allow.</summary>
    UpToMaxRetries,
}
