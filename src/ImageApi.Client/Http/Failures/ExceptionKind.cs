namespace ImageApi.Client.Http.Failures;

/// <summary>Which public error a fault becomes.</summary>
internal enum ExceptionKind
{
    Response,
    Connection,
    Timeout,
    InvalidResponse,
    Limit,
}
