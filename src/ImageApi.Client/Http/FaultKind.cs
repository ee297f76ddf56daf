namespace ImageApi.Client.Http;

/// <summary>Which public error a fault becomes.</summary>
internal enum FaultKind
{
    Error,
    Connection,
    Timeout,
    Protocol,
    Limit,
}
