namespace ImageApi.Client.Http;

/// <summary>How often the same request may be sent again for the same reason.</summary>
internal enum Repeat
{
    Never,
    Once,

    /// <summary>As often as the retry settings allow.</summary>
    Yes,
}
