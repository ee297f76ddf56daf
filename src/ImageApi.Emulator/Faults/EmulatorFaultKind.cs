namespace ImageApi.Emulator;

/// <summary>What goes wrong.</summary>
public enum EmulatorFaultKind
{
    /// <summary>Nothing but the wait.</summary>
    None,

    /// <summary>The response has an error status code.</summary>
    Status,

    /// <summary>The connection is reset without a response.</summary>
    Abort,

    /// <summary>No response is sent until the client disconnects.</summary>
    Stall,

    /// <summary>The response is truncated before its Content-Length.</summary>
    Truncate,

    /// <summary>A part of the response is sent, and the rest stalls until the client disconnects.</summary>
    StallMidBody,

    /// <summary>The job ends as failed.</summary>
    JobFails,

    /// <summary>The job says processing for ever.</summary>
    JobNeverCompletes,

    /// <summary>The job is not found.</summary>
    JobDisappears,

    /// <summary>The status query returns the id of another job.</summary>
    JobIdMismatch,

    /// <summary>The download returns a redirect.</summary>
    Redirect,
}
