namespace ImageApi.Client.Http.Errors;

/// <summary>How one attempt came to its end.</summary>
internal enum FailureKind
{
    /// <summary>The server gave an answer that says no, or a redirect.</summary>
    ErrorStatus,

    /// <summary>A connection could not be had, or it broke, or it was silent for too long.</summary>
    ConnectionLost,

    /// <summary>TLS could not be agreed on, or the certificate is not trusted.</summary>
    TlsFailure,

    /// <summary>The time limit of the whole call ran out.</summary>
    CallTimeout,

    /// <summary>The answer stopped in the middle and stayed silent.</summary>
    ReadTimeout,

    /// <summary>A success answer came that cannot be understood.</summary>
    InvalidBody,

    /// <summary>A success answer came without content.</summary>
    EmptyBody,

    /// <summary>A success answer came that says error, or says that what was asked for is not there.</summary>
    ErrorInBody,

    /// <summary>A success answer came that is about something else, or contradicts itself.</summary>
    Mismatch,

    /// <summary>The answer is beyond a limit.</summary>
    LimitExceeded,

    /// <summary>The client was disposed, or a handler outside of this library interfered.</summary>
    HandlerFailure,
}
