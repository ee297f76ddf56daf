using ImageApi.Client.Http.Failures;

namespace ImageApi.Client.Http;

/// <summary>The state of one logical call over all its attempts.</summary>
internal abstract class CallContext(ApiRequest request, string? idempotencyKey, long startedAt, CancellationToken callerToken)
{
    public ApiRequest Request => request;

    public string? IdempotencyKey => idempotencyKey;

    public long StartedAt => startedAt;

    public CancellationToken CallerToken => callerToken;

    /// <summary>Gets or sets the id of the job: the requested one, or one recovered from a truncated response.</summary>
    public string? JobId { get; set; } = request.JobId;

    public int Attempts { get; set; }

    /// <summary>Gets or sets what the retry that is under way took from the client's budget.</summary>
    public int LastRetryCost { get; set; }

    /// <summary>Gets the first fault, which a later answer to a repeated request must not hide.</summary>
    public AttemptFailure? FirstFailure { get; private set; }

    public AttemptFailure? LastFailure { get; private set; }

    /// <summary>Gets or sets a value indicating whether any attempt may have been carried out: no later answer takes that back.</summary>
    public bool MayHaveBeenBilled { get; set; }

    /// <summary>Gets what is known about the purchase. What a query or a download is about was bought already, and what an upload prepares is not yet.</summary>
    public RequestOutcome Outcome => request.IsPreparation ? RequestOutcome.NotSent
        : request.Operation.Kind is OperationKind.Query or OperationKind.Download
        ? LastFailure?.Decision.Outcome ?? RequestOutcome.Accepted
        : MayHaveBeenBilled ? RequestOutcome.Unknown : LastFailure?.Decision.Outcome ?? RequestOutcome.NotSent;

    /// <summary>Takes down how an attempt failed.</summary>
    public AttemptFailure AddFailure(AttemptFailure failure)
    {
        FirstFailure ??= failure;
        LastFailure = failure;
        MayHaveBeenBilled |= failure.Decision.Outcome == RequestOutcome.Unknown;
        return failure;
    }

    /// <summary>Gets what is known about the request so far.</summary>
    public RequestInfo Info => CreateInfo(LastFailure);

    /// <summary>Gets what is known about the request when it ends with a failure; null for one without a response.</summary>
    public RequestInfo CreateInfo(AttemptFailure? failure) => new()
    {
        Operation = request.Operation.Name,
        Outcome = Outcome,
        StatusCode = failure?.StatusCode,
        ErrorCode = failure?.Error?.Code,
        RequestId = failure?.RequestId,
        JobId = JobId ?? failure?.JobId,
        IdempotencyKey = idempotencyKey,
        Attempts = Attempts,
        RetryAfter = failure?.RetryAfter,
    };

    /// <summary>Reads the answer of a successful attempt.</summary>
    public abstract ValueTask ReadAsync(ApiResponse response, CancellationToken cancellationToken);
}
