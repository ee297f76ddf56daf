namespace ImageApi.Emulator;

/// <summary>What goes wrong.</summary>
public enum EmulatorFaultKind
{
    /// <summary>Nothing but the wait.</summary>
    None,

    /// <summary>An answer with a status of its own.</summary>
    Status,

    /// <summary>The connection is reset without an answer.</summary>
    Abort,

    /// <summary>No answer comes until the caller leaves.</summary>
    Stall,

    /// <summary>The answer promises its whole length, and the connection ends after a part.</summary>
    Truncate,

    /// <summary>A part of the answer comes, and then nothing until the caller leaves.</summary>
    StallMidBody,

    /// <summary>The job ends as failed.</summary>
    JobFails,

    /// <summary>The job says processing for ever.</summary>
    JobNeverCompletes,

    /// <summary>The job is not found.</summary>
    JobDisappears,

    /// <summary>The state query answers with the id of another job.</summary>
    JobIdMismatch,

    /// <summary>The link answers with a redirect.</summary>
    Redirect,
}
