using System.Runtime.CompilerServices;
using ImageApi.Client.Exceptions.Internal;

namespace ImageApi.Client;

/// <summary>
/// What is known of a purchase when a call ends with an error, of whatever type. Errors of your own files, streams and callbacks come out
/// as they are, and cannot say by themselves that something was bought: <see cref="FromException"/> says it for them.
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

    /// <summary>Gets the request id that the server gave, for its support desk.</summary>
    public string? RequestId { get; init; }

    /// <summary>Gets the id of the job this is about; <c>Jobs.WaitAsync</c> continues it from any process.</summary>
    public string? JobId { get; init; }

    /// <summary>Gets the idempotency key that was sent with every attempt, for support tickets.</summary>
    public string? IdempotencyKey { get; init; }

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

    private static RequestInfo? Lookup(Exception error) => Attached.TryGetValue(error, out var info) ? info : error switch
    {
        ImageApiException e => new()
        {
            Operation = e.Operation,
            Outcome = e.Outcome,
            RequestId = e.RequestId,
            JobId = e.JobId,
            IdempotencyKey = e.IdempotencyKey,
            SavedFiles = e.SavedFiles,
            PendingUrls = e.PendingUrls,
        },
        ImageApiCanceledException e => new()
        {
            Operation = e.Operation, Outcome = e.Outcome, JobId = e.JobId, IdempotencyKey = e.IdempotencyKey, SavedFiles = e.SavedFiles, PendingUrls = e.PendingUrls,
        },
        _ => null,
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
                (e.SavedFiles, e.PendingUrls) = (info.SavedFiles, info.PendingUrls);
                break;
            case ImageApiCanceledException e:
                (e.SavedFiles, e.PendingUrls) = (info.SavedFiles, info.PendingUrls);
                break;
        }

        lock (Attached)
        {
            Attached.Remove(error);
            Attached.Add(error, info);
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
}
