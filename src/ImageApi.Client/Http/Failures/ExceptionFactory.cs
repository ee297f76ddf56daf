using ImageApi.Client.Buffers;
using ImageApi.Client.Exceptions.Internal;
using ImageApi.Client.Http.Errors;
using ImageApi.Client.Http.Retries;
using ImageApi.Client.Http.Timeouts;

namespace ImageApi.Client.Http.Failures;

/// <summary>Creates the exceptions of requests and downloads, with all facts in the message and as properties.</summary>
internal static class ExceptionFactory
{
    /// <summary>Creates the exception of a call that ends with a failed attempt.</summary>
    public static ImageApiException Create(CallContext call, AttemptFailure failure)
    {
        var info = call.CreateInfo(failure);
        var earlier = call.FirstFailure is { } first && first != failure && first.Decision.Outcome == RequestOutcome.Unknown
            ? ToException(first, info with { StatusCode = first.StatusCode, Attempts = 1 }, call.Request, earlier: null)
            : null;
        return ToException(failure, info, call.Request, earlier);
    }

    /// <summary>The API key provider failed, which it may do between two attempts as well.</summary>
    public static ImageApiException ApiKeyFailed(CallContext call, string happened, Exception? cause) =>
        CreateWithoutResponse(call, happened, cause, repeatsAllowed: cause is null ? 0 : int.MaxValue); // the next status check may find it well again

    /// <summary>The attempt pipeline let no attempt pass.</summary>
    public static ImageApiException NotExecuted(CallContext call, Exception? cause) => CreateWithoutResponse(
        call, $"The attempt pipeline executed no attempt: {cause?.GetType().Name ?? "it completed without one"}.", cause, int.MaxValue); // a circuit closes again

    public static ImageApiException PreparationTimedOut(ApiOperation operation, TimeSpan limit, Exception? cause)
    {
        var info = new RequestInfo { Operation = operation.Name, Outcome = RequestOutcome.NotSent };
        var happened = $"The reference images were not ready within {FailureMessage.Format(limit)} ({operation.TimeLimit}), the limit of the whole call.";
        return new(FailureMessage.Create(operation.Name, happened, info, FailureMessage.Money(info)), cause) { Reason = ImageApiFailureReason.Timeout, Info = info };
    }

    /// <summary>Creates the exception of a call that the caller canceled.</summary>
    public static ImageApiCanceledException Canceled(CallContext call, Exception cause) =>
        cause as ImageApiCanceledException ?? Canceled(call.Request.Operation, call.Info, cause, call.CallerToken);

    public static ImageApiCanceledException Canceled(ApiOperation operation, string? jobId, RequestOutcome outcome, Exception? cause, CancellationToken token) =>
        Canceled(operation, new RequestInfo { Operation = operation.Name, JobId = jobId, Outcome = outcome }, cause, token);

    /// <summary>Creates the exception of media whose bytes are unusable or did not arrive.</summary>
    public static ImageApiException MediaFailed(string operation, string? jobId, Exception cause, ImageApiFailureReason reason)
    {
        var info = new RequestInfo { Operation = operation, JobId = jobId, Outcome = RequestOutcome.Accepted };
        return new(FailureMessage.Create(operation, cause.Message, info, money: null), cause)
        {
            Reason = cause is SizeLimitException ? ImageApiFailureReason.LimitExceeded : cause is ReadTimeoutException ? ImageApiFailureReason.Timeout : reason,
            Info = info,
        };
    }

    /// <summary>Creates the exception of media that the server could not generate.</summary>
    public static ImageApiException GenerationFailed(ApiOperation operation, string? jobId, GenerationError error)
    {
        var info = new RequestInfo { Operation = operation.Name, JobId = jobId, Outcome = RequestOutcome.Accepted, ErrorCode = error.Code };
        var happened = $"The server did not generate this item: {error.Message ?? error.Code ?? "it gave no reason"}";
        return new(FailureMessage.Create(operation.Name, happened, info, money: null))
        {
            Reason = ImageApiFailureReason.Download,
            Info = info,
            ErrorType = error.Type,
            IsContentRejected = KnownErrorCodes.IsPolicy(error.Code),
        };
    }

    private static ImageApiCanceledException Canceled(ApiOperation operation, RequestInfo info, Exception? cause, CancellationToken token) => new(
        FailureMessage.Create(operation.Name, "The caller's token canceled the call.", info, operation.Kind == OperationKind.Paid ? FailureMessage.Money(info) : null), cause, token)
    {
        Info = info,
    };

    private static ImageApiException CreateWithoutResponse(CallContext call, string happened, Exception? cause, int repeatsAllowed)
    {
        var info = call.CreateInfo(failure: null);
        return new(FailureMessage.Create(info.Operation, happened, info, MoneyOf(call.Request, info)), cause)
        {
            Reason = ImageApiFailureReason.Connection,
            Info = info,
            RepeatsAllowed = repeatsAllowed,
        };
    }

    private static ImageApiException ToException(AttemptFailure failure, RequestInfo info, ApiRequest request, Exception? earlier)
    {
        var message = FailureMessage.Create(info.Operation, failure.Message, info, MoneyOf(request, info));
        var cause = failure.Cause ?? earlier;
        var details = new ResponseDetails(failure.Error?.Type, failure.Error?.Param, failure.Excerpt, KnownErrorCodes.IsPolicy(failure.Error?.Code));
        var repeatsAllowed = failure.Decision.Retry switch { RetryAllowance.UpToMaxRetries => int.MaxValue, RetryAllowance.Once => 1, _ => 0 };
        var isDownload = request.Operation.Kind == OperationKind.Download
            && failure.Reason is ImageApiFailureReason.Response or ImageApiFailureReason.InvalidResponse;
        return failure.Reason == ImageApiFailureReason.Response && !isDownload
            ? new ImageApiResponseException(message, cause, details) { Info = info, RepeatsAllowed = repeatsAllowed }
            : new ImageApiException(message, cause, details) { Reason = isDownload ? ImageApiFailureReason.Download : failure.Reason, Info = info, RepeatsAllowed = repeatsAllowed };
    }

    private static string? MoneyOf(ApiRequest request, RequestInfo info) =>
        request.IsPreparation ? "It was an upload for a paid request, which has not been sent: you have not been charged."
        : request.Operation.Kind == OperationKind.Paid ? FailureMessage.Money(info)
        : null;
}
