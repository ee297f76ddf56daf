namespace ImageApi.Client;

/// <summary>Why a call failed.</summary>
public enum ImageApiFailureReason
{
    /// <summary>The API rejected the request or reported an error: an <see cref="ImageApiResponseException"/>.</summary>
    Response = 0,

    /// <summary>The request could not be sent or its response did not arrive: DNS, connection, TLS, a handler, the API key provider or the attempt pipeline failed.</summary>
    Connection = 1,

    /// <summary>No complete response arrived within a time limit of the call.</summary>
    Timeout = 2,

    /// <summary>A response arrived that is not a valid response of this API.</summary>
    InvalidResponse = 3,

    /// <summary>A response was larger or nested deeper than the limits in the options allow.</summary>
    LimitExceeded = 4,

    /// <summary>A media URL did not return a complete image, video or audio file, or the server generated none. The URL or the job can be requested again.</summary>
    Download = 5,

    /// <summary>A job failed, was not found, or did not complete within the wait: one of the three job exceptions.</summary>
    Job = 6,
}
