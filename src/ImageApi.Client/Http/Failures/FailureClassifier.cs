using System.Net.Sockets;
using System.Security.Authentication;
using ImageApi.Client.Buffers;
using ImageApi.Client.Http.Errors;
using ImageApi.Client.Http.Retries;
using ImageApi.Client.Http.Timeouts;
using ImageApi.Client.Redaction;

namespace ImageApi.Client.Http.Failures;

/// <summary>Finds out what an exception of the transport means. Its type alone does not tell: the circumstances do.</summary>
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
            return Create(ExceptionKind.Limit, FailureKind.LimitExceeded, exception.Message, exception, conditions);
        }

        if (conditions.Content?.RefusalMessage is { } refusal)
        {
            return Create(ExceptionKind.Connection, FailureKind.HandlerFailure, refusal, exception, conditions);
        }

        if (conditions.IsCallTimeout)
        {
            return CallTimeout(exception, conditions);
        }

        if (Find<ReadTimeoutException>(exception) is { } readTimeout)
        {
            return Create(ExceptionKind.Timeout, FailureKind.ReadTimeout, $"The answer stopped in the middle. {readTimeout.Message}", exception, conditions);
        }

        if (conditions.IsSendTimeout)
        {
            return Create(ExceptionKind.Timeout, FailureKind.ConnectionLost, "The server took no more of the request, or gave no answer to it (Timeouts.Idle).", exception, conditions);
        }

        if (Find<AuthenticationException>(exception) is { } tls)
        {
            return Create(ExceptionKind.Connection, FailureKind.TlsFailure, $"TLS with {conditions.Host} failed: {tls.Message}", exception, conditions);
        }

        return exception switch
        {
            OperationCanceledException when Find<TimeoutException>(exception) is not null =>
                Create(ExceptionKind.Timeout, FailureKind.ConnectionLost, conditions.BodyStarted ? "The HttpClient's own time limit struck." : $"No connection to {conditions.Host} within the time limit for connecting (Timeouts.Connect).", exception, conditions),
            OperationCanceledException =>
                Create(ExceptionKind.Connection, FailureKind.HandlerFailure, "The HttpClient was disposed or cancelled its requests.", exception, conditions),
            HttpRequestException http => FromHttpRequestException(http, conditions),
            // a connection that is reset as it is made comes out of the platform's handler as a bare SocketException
            IOException or InvalidDataException or SocketException => Create(ExceptionKind.Connection, FailureKind.ConnectionLost, DescribeConnectionLoss(exception, conditions), exception, conditions),
            _ => Create(ExceptionKind.Connection, FailureKind.HandlerFailure, $"A handler of the HttpClient failed with {exception.GetType().Name}: {ReasonOf(exception)}.", exception, conditions),
        };
    }

    /// <summary>The time was up before an attempt began.</summary>
    public static AttemptFailure CallTimeout(CallContext call, Exception exception, bool isPipelineTimeout = false) =>
        CallTimeout(exception, new AttemptConditions(call, Content: null, StatusCode: null, Response: null, ApiKey: string.Empty, HonorsIdempotencyKey: false) { IsPipelineTimeout = isPipelineTimeout });

    private static AttemptFailure CallTimeout(Exception exception, AttemptConditions conditions)
    {
        var limit = conditions.IsPipelineTimeout ? "the time that the application's own pipeline gives an attempt (AttemptPipeline)"
            : $"{conditions.Call.Request.Timeout.TotalSeconds:0.###} s ({conditions.Call.Request.Operation.TimeLimit})";
        return Create(ExceptionKind.Timeout, FailureKind.CallTimeout, $"No answer within {limit}.", exception, conditions);
    }

    private static AttemptFailure FromHttpRequestException(HttpRequestException exception, AttemptConditions conditions)
    {
#if !NETSTANDARD2_0 // there a connection that speaks something else than HTTP looks like one that was cut
        switch (exception.HttpRequestError)
        {
            case HttpRequestError.InvalidResponse:
                return Create(ExceptionKind.InvalidResponse, FailureKind.InvalidBody, "What came back is not HTTP.", exception, conditions);
            case HttpRequestError.ConfigurationLimitExceeded:
                return Create(ExceptionKind.InvalidResponse, FailureKind.InvalidBody, "The answer's headers are larger than the limit.", exception, conditions);
            case HttpRequestError.SecureConnectionError:
                return Create(ExceptionKind.Connection, FailureKind.TlsFailure, $"TLS with {conditions.Host} failed.", exception, conditions);
        }
#endif
        return Create(ExceptionKind.Connection, FailureKind.ConnectionLost, DescribeConnectionLoss(exception, conditions), exception, conditions);
    }

    private static string DescribeConnectionLoss(Exception exception, AttemptConditions conditions) =>
        !conditions.BodyStarted && conditions.Content is not null ? $"No connection to {conditions.Host}: {ReasonOf(exception)}."
            : conditions.StatusCode is not null ? "The connection was cut in the middle of the answer."
            : conditions.Call.Request.Body is { Length: >= 1024 * 1024 or null } ? "The server closed the connection while the request was sent: it may be too large."
            : $"The connection to {conditions.Host} failed before an answer came: {ReasonOf(exception)}.";

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
        var kind = invalid.Kind switch
        {
            FailureKind.ErrorInBody => ExceptionKind.Response,
            _ => ExceptionKind.InvalidResponse,
        };
        return new AttemptFailure
        {
            Kind = kind,
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

    private static AttemptFailure Create(ExceptionKind kind, FailureKind failureKind, string message, Exception cause, AttemptConditions conditions)
    {
        var retryConditions = conditions.ToRetryConditions(failureKind);
        return new AttemptFailure
        {
            Kind = kind,
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
