namespace ImageApi.Emulator;

/// <summary>What a request is about.</summary>
public enum EmulatorEndpoint
{
    /// <summary>Nothing the API has: an unknown path or method.</summary>
    Other,

    /// <summary><c>POST /v1/images/generations</c>; it costs money.</summary>
    Generation,

    /// <summary><c>POST /v1/jobs</c>; it costs money.</summary>
    JobSubmission,

    /// <summary><c>GET /v1/jobs/{id}</c>.</summary>
    JobPoll,

    /// <summary><c>POST /v1/files/upload</c>.</summary>
    Upload,

    /// <summary><c>GET</c> of a link to a result or an upload.</summary>
    MediaDownload,
}
