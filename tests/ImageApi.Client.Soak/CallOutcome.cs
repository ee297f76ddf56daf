namespace ImageApi.Client.Soak;

/// <summary>The one way in which a call ended.</summary>
internal enum CallOutcome : byte
{
    /// <summary>It has not ended.</summary>
    None,

    Succeeded,

    /// <summary>The error says that the request may have been carried out.</summary>
    Ambiguous,

    /// <summary>The error says that nothing was bought.</summary>
    Rejected,

    /// <summary>The job failed, did not end in time, or vanished; the error names it.</summary>
    JobFailed,

    /// <summary>The picture was bought, and its download failed.</summary>
    DownloadFailed,

    /// <summary>The error says bought, and names no job to ask for: a loss.</summary>
    JobIdMissing,

    /// <summary>Anything else came out: a broken promise.</summary>
    Unexpected,

    /// <summary>It did not end within the watchdog's time.</summary>
    TimedOut,
}
