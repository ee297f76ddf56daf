using ImageApi.Client.Diagnostics.Internal;
using ImageApi.Client.Http.Content;
using ImageApi.Client.Http.Downloads;

namespace ImageApi.Client.Http;

/// <summary>A request for the transport to send.</summary>
internal sealed class ApiRequest
{
    public required ApiOperation Operation { get; init; }

    /// <summary>Gets who watches the call; null when nobody does.</summary>
    public IAttemptObserver? Observer { get; init; }

    public required HttpMethod Method { get; init; }

    /// <summary>Gets the path below the base address, escaped.</summary>
    public string Path { get; init; } = string.Empty;

    /// <summary>Gets a result link to fetch instead of a path of the API.</summary>
    public Uri? DownloadUri { get; init; }

    public ReplayableContent? Body { get; init; }

    /// <summary>Gets the limit for the whole call: attempts, waits and the reading of the answer.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Gets the limit that was configured, where <see cref="Timeout"/> is what is left of it.</summary>
    public TimeSpan? ConfiguredTimeout { get; init; }

    public string? IdempotencyKey { get; init; }

    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>Gets how often the request may be repeated at most; null for what the settings say.</summary>
    public int? MaxRetries { get; init; }

    /// <summary>Gets the job that the request is about.</summary>
    public string? JobId { get; init; }

    /// <summary>Gets a value indicating whether the request only prepares one that is to be paid: as long as it is under way nothing was bought.</summary>
    public bool IsPreparation { get; init; }

    /// <summary>Gets how far a download has come; null for what is not gone on with.</summary>
    public RangeResumeState? ResumeState { get; init; }

    /// <summary>Gets what says whether an answer was passed on of which nothing can be taken back, so that another could not be used; null when none is.</summary>
    public Func<bool>? IsResponseCommitted { get; init; }

    /// <summary>Gets how long may pass without a byte sent or an answer begun; null for no such limit.</summary>
    public TimeSpan? SendIdleTimeout { get; init; }
}
