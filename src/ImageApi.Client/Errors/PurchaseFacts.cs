using System.Runtime.CompilerServices;
using ImageApi.Client.Errors;

namespace ImageApi.Client;

/// <summary>
/// What is known of a purchase when a call ends with an error, of whatever type. Errors of your own files, streams and callbacks come out
/// as they are, and cannot say by themselves that something was bought: <see cref="Of"/> says it for them.
/// </summary>
public sealed record PurchaseFacts
{
    // not Exception.Data, which whoever logs an exception may print: links hold signatures
    private static readonly ConditionalWeakTable<Exception, PurchaseFacts> Known = new();

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
    public IReadOnlyList<string> SavedPaths { get; init => field = value ?? []; } = [];

    /// <summary>Gets the links of what was generated and that nobody has fetched.</summary>
    /// <value>Never null. Links may hold signatures: they are in no message and no <c>ToString()</c>.</value>
    public IReadOnlyList<string> UnsavedLinks { get; init => field = value ?? []; } = [];

    /// <summary>Finds what is known of the purchase that an error is about.</summary>
    /// <param name="error">An error that a call of this library ended with, or one that wraps such an error.</param>
    /// <returns>The facts; of several errors in one those of the gravest, of a call that may have been billed; null when the error came from no call of this library, or was an argument error: nothing was sent then.</returns>
    public static PurchaseFacts? Of(Exception? error)
    {
        PurchaseFacts? first = null;
        foreach (var facts in ErrorChain.Find(error, Told))
        {
            if (facts.Outcome is RequestOutcome.Unknown or RequestOutcome.Accepted)
            {
                return facts;
            }

            first ??= facts;
        }

        return first;
    }

    private static PurchaseFacts? Told(Exception error) => Known.TryGetValue(error, out var facts) ? facts : error switch
    {
        ImageApiException e => new()
        {
            Operation = e.Operation,
            Outcome = e.Outcome,
            RequestId = e.RequestId,
            JobId = e.JobId,
            IdempotencyKey = e.IdempotencyKey,
            SavedPaths = e.SavedPaths,
            UnsavedLinks = e.UnsavedLinks,
        },
        ImageApiCanceledException e => new()
        {
            Operation = e.Operation, Outcome = e.Outcome, JobId = e.JobId, IdempotencyKey = e.IdempotencyKey, SavedPaths = e.SavedPaths, UnsavedLinks = e.UnsavedLinks,
        },
        _ => null,
    };

    /// <summary>Describes the facts without links.</summary>
    /// <returns>A short text.</returns>
    public override string ToString() => $"{Operation ?? "call"}: {Outcome}, {SavedPaths.Count} saved, {UnsavedLinks.Count} unsaved links";

    /// <summary>Lets an error tell what is known. An instance that is thrown more than once tells of the last time.</summary>
    internal static void Tell(Exception error, PurchaseFacts facts)
    {
        switch (error)
        {
            case ImageApiException e:
                (e.SavedPaths, e.UnsavedLinks) = (facts.SavedPaths, facts.UnsavedLinks);
                break;
            case ImageApiCanceledException e:
                (e.SavedPaths, e.UnsavedLinks) = (facts.SavedPaths, facts.UnsavedLinks);
                break;
        }

        lock (Known)
        {
            Known.Remove(error);
            Known.Add(error, facts);
        }
    }

    /// <summary>Lets an error tell what is known, unless it is one of the library's own, which knows better.</summary>
    internal static void TellIfForeign(Exception error, PurchaseFacts facts)
    {
        if (error is not (ImageApiException or ImageApiCanceledException))
        {
            Tell(error, facts);
        }
    }
}
