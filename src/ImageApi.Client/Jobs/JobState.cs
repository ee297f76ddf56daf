namespace ImageApi.Client;

/// <summary>The state of a job, normalized from the server's words, most of which are not published.</summary>
public enum JobState
{
    /// <summary>The server's word is not known: the job is not taken for ended.</summary>
    Unknown = 0,

    /// <summary>It waits for its turn.</summary>
    Pending = 1,

    /// <summary>It is being worked on.</summary>
    Running = 2,

    /// <summary>It has ended well.</summary>
    Succeeded = 3,

    /// <summary>It has ended badly.</summary>
    Failed = 4,

    /// <summary>It was called off.</summary>
    Canceled = 5,
}
