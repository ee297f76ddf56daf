using System.Net;
using System.Runtime.CompilerServices;
using ImageApi.Client.Exceptions.Internal;

namespace ImageApi.Client;

/// <summary>
/// What is known about a request that failed. The library's exceptions carry it as <c>Info</c>. Exceptions of your own files, streams and
/// callbacks are thrown unchanged: <see cref="FromException"/> returns it for them, and for the library's.
/// </summary>
public sealed record RequestInfo
{
    // not Exception.Data, which whoever logs an exception may print: links hold signatures
    private static readonly ConditionalWeakTable<Exception, RequestInfo> Attached = new();

    /// <summary>Gets the name of the call that failed, such as <c>images.generate</c>.</summary>
    public string? Operation { get; init; }

    /// <summary>Gets what is known about the request: whether it may have been carried out and billed.</summary>
    /// <value>The default is <see cref="RequestOutcome.Unknown"/>, the careful answer.</value>
    public RequestOutcome Outcome { get; init; }

    /// <summary>Gets the HTTP status of the last response; null when there was none.</summary>
    public HttpStatusCode? StatusCode { get; init; }

    /// <summary>Gets the server's error code, such as <c>invalid_api_key</c>.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>Gets the request id that the server gave, for its support desk.</summary>
    public string? RequestId { get; init; }

    /// <summary>Gets the id of the job this is about; <c>Jobs.WaitAsync</c> continues it from any process.</summary>
    public string? JobId { get; init; }

    /// <summary>Gets the ids of all jobs this is about.</summary>
    /// <value>Never null. The default is <see cref="JobId"/> alone, or empty without one.</value>
    public IReadOnlyList<string> JobIds { get => field ?? (JobId is { } id ? [id] : []); init; }

    /// <summary>Gets the idempotency key that was sent with every attempt, for support tickets.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Gets how many attempts were made; 0 when none was.</summary>
    public int Attempts { get; init; }

    /// <summary>Gets how long the server asked to wait before another attempt; <see cref="TimeSpan.MaxValue"/> when it named more than that.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Gets the full paths of the files that hold what arrived whole; they stay where they are.</summary>
    /// <value>Never null. A picture whose name the disk refused lies under another one, in the worst case that of an unfinished file (<c>.partial-…</c>).</value>
    public IReadOnlyList<string> SavedFiles { get; init => field = value ?? []; } = [];

    /// <summary>Gets the links of what was generated and that nobody has fetched.</summary>
    /// <value>Never null. Links may hold signatures: they are in no message and no <c>ToString()</c>.</value>
    public IReadOnlyList<string> PendingUrls { get; init => field = value ?? []; } = [];

    /// <summary>Gets the media that arrived complete in memory or in streams before the error: they were billed.</summary>
    /// <value>Never null. Those in files are in <see cref="SavedFiles"/>.</value>
    public IReadOnlyList<GeneratedMedia> ReceivedMedia { get; init => field = value ?? []; } = [];

    /// <summary>Finds what is known of the purchase that an error is about.</summary>
    /// <param name="error">An error that a call of this library ended with, or one that wraps such an error.</param>
    /// <returns>The facts; of several errors in one those of the gravest, of a call that may have been billed; null when the error came from no call of this library, or was an argument error: nothing was sent then.</returns>
    public static RequestInfo? FromException(Exception? error)
    {
        RequestInfo? first = null;
        foreach (var info in ExceptionChain.Find(error, Lookup))
        {
            if (info.Outcome is RequestOutcome.Unknown or RequestOutcome.Accepted)
            {
                return info;
            }

            first ??= info;
        }

        return first;
    }

    private static RequestInfo? Lookup(Exception error) => error switch
    {
        ImageApiException e => e.Info,
        ImageApiCanceledException e => e.Info,
        _ => Attached.TryGetValue(error, out var info) ? info : null,
    };

    /// <summary>Describes the facts without links.</summary>
    /// <returns>A short text.</returns>
    public override string ToString() => $"{Operation ?? "call"}: {Outcome}, {SavedFiles.Count} saved, {PendingUrls.Count} unsaved links";

    /// <summary>Lets an error tell what is known. An instance that is thrown more than once tells of the last time.</summary>
    internal static void Attach(Exception error, RequestInfo info)
    {
        switch (error)
        {
            case ImageApiException e:
                e.SetInfo(info.CompletedBy(e.Info));
                break;
            case ImageApiCanceledException e:
                e.SetInfo(info.CompletedBy(e.Info));
                break;
            default:
                lock (Attached)
                {
                    Attached.Remove(error);
                    Attached.Add(error, info);
                }

                break;
        }
    }

    /// <summary>Lets an error tell what is known, unless it is one of the library's own, which knows better.</summary>
    internal static void AttachIfExternal(Exception error, RequestInfo info)
    {
        if (error is not (ImageApiException or ImageApiCanceledException))
        {
            Attach(error, info);
        }
    }

    /// <summary>Adds the facts that only the exception itself has.</summary>
    private RequestInfo CompletedBy(RequestInfo own) => this with
    {
        Operation = Operation ?? own.Operation,
        StatusCode = StatusCode ?? own.StatusCode,
        ErrorCode = ErrorCode ?? own.ErrorCode,
        RequestId = RequestId ?? own.RequestId,
        JobId = JobId ?? own.JobId,
        IdempotencyKey = IdempotencyKey ?? own.IdempotencyKey,
        Attempts = Attempts == 0 ? own.Attempts : Attempts,
        RetryAfter = RetryAfter ?? own.RetryAfter,
    };
}
