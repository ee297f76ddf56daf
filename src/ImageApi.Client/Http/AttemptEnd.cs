namespace ImageApi.Client.Http;

/// <summary>How one attempt came to its end.</summary>
internal enum AttemptEnd
{
    /// <summary>The server gave an answer that says no, or a redirect.</summary>
    Answered,

    /// <summary>A connection could not be had, or it broke, or it was silent for too long.</summary>
    Cut,

    /// <summary>TLS could not be agreed on, or the certificate is not trusted.</summary>
    TlsRefused,

    /// <summary>The time limit of the whole call ran out.</summary>
    TimedOut,

    /// <summary>The answer stopped in the middle and stayed silent.</summary>
    Stalled,

    /// <summary>A success answer came that cannot be understood.</summary>
    Unreadable,

    /// <summary>A success answer came without content.</summary>
    Empty,

    /// <summary>A success answer came that says error, or says that what was asked for is not there.</summary>
    ErrorInside,

    /// <summary>A success answer came that is about something else, or contradicts itself.</summary>
    Contradictory,

    /// <summary>The answer is beyond a limit.</summary>
    TooLarge,

    /// <summary>The client was disposed, or a handler outside of this library interfered.</summary>
    Broken,
}
