using System.Net.Sockets;
using System.Security.Authentication;
using ImageApi.Client.Buffers;
using ImageApi.Client.Http.Errors;
using ImageApi.Client.Http.Retries;
using ImageApi.Client.Http.Timeouts;
using ImageApi.Client.Redaction;

namespace ImageApi.Client.Http.Failures;

/// <summary>Classifies an exception of the transport by its type and the conditions of the attempt.</summary>
internal static class FailureClassifier
{
    public static AttemptFailure Classify(Exception exception, AttemptConditions conditions)
    {
        if (exception is InvalidResponseException invalid)
        {
            return FromInvalidResponse(invalid, conditions);
        }

        if (exception is SizeLimitException)
        {
            return Create(ImageApiFailureReason.LimitExceeded, FailureKind.LimitExceeded, exception.Message, exception, conditions);
        }

        if (conditions.Content?.RefusalMessage is { } refusal)
        {
            return Create(ImageApiFailureReason.Connection, FailureKind.HandlerFailure, refusal, exception, conditions);
        }

        if (conditions.IsCallTimeout)
        {
            return CallTimeout(exception, conditions);
        }

        if (Find<ReadTimeoutException>(exception) is { } readTimeout)
        {
            return Create(ImageApiFailureReason.Timeout, FailureKind.ReadTimeout, $"The response was truncated. {readTimeout.Message}", exception, conditions);
        }

        if (conditions.IsSendTimeout)
        {
            return Create(ImageApiFailureReason.Timeout, FailureKind.ConnectionLost, $"{conditions.Host} accepted no more of the request, or began no response, within the idle timeout (Timeouts.Idle).", exception, conditions);
        }

        if (Find<AuthenticationException>(exception) is { } tls)
        {
            return Create(ImageApiFailureReason.Connection, FailureKind.TlsFailure, $"TLS with {conditions.Host} failed: {tls.Message}", exception, conditions);
        }

        return exception switch
        {
            OperationCanceledException when Find<TimeoutException>(exception) is not null =>
                Create(ImageApiFailureReason.Timeout, FailureKind.ConnectionLost, conditions.BodyStarted ? "The HttpClient's own timeout expired." : $"No connection to {conditions.Host} within the connect timeout (Timeouts.Connect).", exception, conditions),
            OperationCanceledException =>
                Create(ImageApiFailureReason.Connection, FailureKind.HandlerFailure, "The HttpClient was disposed or canceled its requests.", exception, conditions),
            HttpRequestException http => FromHttpRequestException(http, conditions),
            // a connection that is reset as it is made comes out of the platform's handler as a bare SocketException
            IOException or InvalidDataException or SocketException => Create(ImageApiFailureReason.Connection, FailureKind.ConnectionLost, DescribeConnectionLoss(exception, conditions), exception, conditions),
            _ => Create(ImageApiFailureReason.Connection, FailureKind.HandlerFailure, $"A handler of the HttpClient failed with {exception.GetType().Name}: {ReasonOf(exception)}.", exception, conditions),
        };
    }

    /// <summary>The timeout expired before an attempt began.</summary>
    public static AttemptFailure CallTimeout(CallContext call, Exception exception, bool isPipelineTimeout = false) =>
        CallTimeout(exception, new AttemptConditions(call, Content: null, StatusCode: null, Response: null, ApiKey: string.Empty, HonorsIdempotencyKey: false) { IsPipelineTimeout = isPipelineTimeout });

    private static AttemptFailure CallTimeout(Exception exception, AttemptConditions conditions)
    {
        var request = conditions.Call.Request;
        var limit = conditions.IsPipelineTimeout ? "the timeout of the attempt pipeline (AttemptPipeline)"
            : $"{FailureMessage.Format(request.ConfiguredTimeout ?? request.Timeout)} ({request.Operation.TimeLimit})";
        return Create(ImageApiFailureReason.Timeout, FailureKind.CallTimeout, $"No complete response within {limit}.", exception, conditions);
    }

    private static AttemptFailure FromHttpRequestException(HttpRequestException exception, AttemptConditions conditions)
    {
#if !NETSTANDARD2_0 // there a connection that speaks something else than HTTP looks like one that was cut
        switch (exception.HttpRequestError)
        {
            case HttpRequestError.InvalidResponse:
                return Create(ImageApiFailureReason.InvalidResponse, FailureKind.InvalidBody, "The response is not HTTP.", exception, conditions);
            case HttpRequestError.ConfigurationLimitExceeded:
                return Create(ImageApiFailureReason.InvalidResponse, FailureKind.InvalidBody, "The response headers are larger than the limit.", exception, conditions);
            case HttpRequestError.SecureConnectionError:
                return Create(ImageApiFailureReason.Connection, FailureKind.TlsFailure, $"TLS with {conditions.Host} failed.", exception, conditions);
        }
#endif
        return Create(ImageApiFailureReason.Connection, FailureKind.ConnectionLost, DescribeConnectionLoss(exception, conditions), exception, conditions);
    }

    private static string DescribeConnectionLoss(Exception exception, AttemptConditions conditions) =>
        !conditions.BodyStarted && conditions.Content is not null ? $"No connection to {conditions.Host}: {ReasonOf(exception)}."
            : conditions.StatusCode is not null ? $"The connection to {conditions.Host} was closed mid-body: the response is truncated."
            : conditions.Call.Request.Body is { Length: >= 1024 * 1024 or null } ? $"{conditions.Host} closed the connection while the request was sent: the request may be too large."
            : $"The connection to {conditions.Host} failed before a response arrived: {ReasonOf(exception)}.";

    /// <summary>On .NET Framework the outermost exception only says that something failed.</summary>
    private static string ReasonOf(Exception exception) =>
#if NETSTANDARD2_0
        exception.GetBaseException().Message.TrimEnd('.');
#else
        exception.Message.TrimEnd('.');
#endif

    private static AttemptFailure FromInvalidResponse(InvalidResponseException invalid, AttemptConditions conditions)
    {
        var retryConditions = conditions.ToRetryConditions(invalid.Kind) with { ErrorCode = invalid.Error?.Code };
        var decision = RetryClassifier.Classify(conditions.Call.Request.Operation.Kind, retryConditions);
        return new AttemptFailure
        {
            Reason = invalid.Kind == FailureKind.ErrorInBody ? ImageApiFailureReason.Response : ImageApiFailureReason.InvalidResponse,
            Message = SecretRedactor.Redact(invalid.Message, conditions.ApiKey)!,
            Conditions = retryConditions,
            Decision = invalid.Outcome is { } outcome ? new RetryDecision(outcome, RetryAllowance.Never) : decision,
            StatusCode = conditions.StatusCode,
            Error = Redact(invalid.Error, conditions.ApiKey),
            JobId = SecretRedactor.Redact(invalid.JobId ?? conditions.Response?.RecoveredJobId, conditions.ApiKey),
            RequestId = SecretRedactor.Redact(invalid.RequestId ?? conditions.Response?.RequestId, conditions.ApiKey),
            Excerpt = SecretRedactor.Redact(conditions.Response?.Excerpt, conditions.ApiKey),
            Cause = SecretRedactor.Redact(invalid.InnerException, conditions.ApiKey),
        };
    }

    public static ApiError? Redact(ApiError? error, string apiKey) => error is null ? null : error with
    {
        Message = SecretRedactor.Redact(error.Message, apiKey),
        Code = SecretRedactor.Redact(error.Code, apiKey),
        Type = SecretRedactor.Redact(error.Type, apiKey),
        Param = SecretRedactor.Redact(error.Param, apiKey),
    };

    private static AttemptFailure Create(ImageApiFailureReason reason, FailureKind failureKind, string message, Exception cause, AttemptConditions conditions)
    {
        var retryConditions = conditions.ToRetryConditions(failureKind);
        return new AttemptFailure
        {
            Reason = reason,
            Message = SecretRedactor.Redact(message, conditions.ApiKey)!,
            Conditions = retryConditions,
            Decision = RetryClassifier.Classify(conditions.Call.Request.Operation.Kind, retryConditions),
            StatusCode = conditions.StatusCode,
            JobId = SecretRedactor.Redact(conditions.Response?.RecoveredJobId, conditions.ApiKey),
            RequestId = SecretRedactor.Redact(conditions.Response?.RequestId, conditions.ApiKey),
            Excerpt = SecretRedactor.Redact(conditions.Response?.Excerpt, conditions.ApiKey),
            Cause = SecretRedactor.Redact(cause, conditions.ApiKey),
        };
    }

    private static T? Find<T>(Exception? exception)
        where T : Exception
    {
        while (exception is not null and not T)
        {
            exception = exception.InnerException;
        }

        return exception as T;
    }
}
