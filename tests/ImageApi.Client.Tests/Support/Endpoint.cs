namespace ImageApi.Client.Tests.Support;

/// <summary>The calls of the fault matrix.</summary>
public enum Endpoint
{
    /// <summary><c>POST /v1/images/generations</c>.</summary>
    Generate,

    /// <summary><c>POST /v1/jobs</c>.</summary>
    Submit,

    /// <summary><c>GET /v1/jobs/{id}</c>, once.</summary>
    Get,

    /// <summary><c>GET /v1/jobs/{id}</c>, until the job has ended.</summary>
    Wait,

    /// <summary><c>POST /v1/files/upload</c>.</summary>
    Upload,

    /// <summary>The <c>GET</c> of a result link.</summary>
    Download,
}
