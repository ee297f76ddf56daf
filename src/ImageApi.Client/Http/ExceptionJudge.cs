using System.Net.Sockets;
using System.Security.Authentication;

namespace ImageApi.Client.Http;

/// <summary>Finds out what an exception of the transport means. Its type alone does not tell: the circumstances do.</summary>
internal static class ExceptionJudge
{
    public static Fault Judge(Exception exception, Circumstances at)
    {
        if (exception is AnswerException answer)
        {
            return FromAnswer(answer, at);
        }

        if (at.Content?.Refusal is { } refusal)
        {
            return ToFault(FaultKind.Connection, AttemptEnd.Broken, refusal, exception, at);
        }

        if (at.OutOfTime)
        {
            return OutOfTime(exception, at);
        }

        if (Find<StalledException>(exception) is { } stalled)
        {
            return ToFault(FaultKind.Timeout, AttemptEnd.Stalled, $"The answer stopped in the middle. {stalled.Message}", exception, at);
        }

        if (at.SendStalled)
        {
            return ToFault(FaultKind.Timeout, AttemptEnd.Cut, "The server took no more of the request, or gave no answer to it (Timeouts.Idle).", exception, at);
        }

        if (Find<AuthenticationException>(exception) is { } tls)
        {
            return ToFault(FaultKind.Connection, AttemptEnd.TlsRefused, $"TLS with {at.Host} failed: {tls.Message}", exception, at);
        }

        return exception switch
        {
            OperationCanceledException when Find<TimeoutException>(exception) is not null =>
                ToFault(FaultKind.Timeout, AttemptEnd.Cut, at.BodyStarted ? "The HttpClient's own time limit struck." : $"No connection to {at.Host} within the time limit for connecting (Timeouts.Connect).", exception, at),
            OperationCanceledException =>
                ToFault(FaultKind.Connection, AttemptEnd.Broken, "The HttpClient was disposed or cancelled its requests.", exception, at),
            HttpRequestException http => FromTransport(http, at),
            // a connection that is reset as it is made comes out of the platform's handler as a bare SocketException
            IOException or InvalidDataException or SocketException => ToFault(FaultKind.Connection, AttemptEnd.Cut, DescribeCut(exception, at), exception, at),
            _ => ToFault(FaultKind.Connection, AttemptEnd.Broken, $"A handler of the HttpClient failed with {exception.GetType().Name}: {ReasonOf(exception)}.", exception, at),
        };
    }

    /// <summary>The time was up before an attempt began.</summary>
    public static Fault OutOfTime(ApiCall call, Exception exception, bool endedByPipeline = false) =>
        OutOfTime(exception, new Circumstances(call, Content: null, StatusCode: null, Answer: null, Key: string.Empty, KeyIsHonoured: false) { EndedByPipeline = endedByPipeline });

    private static Fault OutOfTime(Exception exception, Circumstances at)
    {
        var limit = at.EndedByPipeline ? "the time that the application's own pipeline gives an attempt (AttemptPipeline)"
            : $"{at.Call.Request.Timeout.TotalSeconds:0.###} s ({at.Call.Request.Operation.TimeLimit})";
        return ToFault(FaultKind.Timeout, AttemptEnd.TimedOut, $"No answer within {limit}.", exception, at);
    }

    private static Fault FromTransport(HttpRequestException exception, Circumstances at)
    {
#if !NETSTANDARD2_0 // there a connection that speaks something else than HTTP looks like one that was cut
        switch (exception.HttpRequestError)
        {
            case HttpRequestError.InvalidResponse:
                return ToFault(FaultKind.Protocol, AttemptEnd.Unreadable, "What came back is not HTTP.", exception, at);
            case HttpRequestError.ConfigurationLimitExceeded:
                return ToFault(FaultKind.Protocol, AttemptEnd.Unreadable, "The answer's headers are larger than the limit.", exception, at);
            case HttpRequestError.SecureConnectionError:
                return ToFault(FaultKind.Connection, AttemptEnd.TlsRefused, $"TLS with {at.Host} failed.", exception, at);
        }
#endif
        return ToFault(FaultKind.Connection, AttemptEnd.Cut, DescribeCut(exception, at), exception, at);
    }

    private static string DescribeCut(Exception exception, Circumstances at) =>
        !at.BodyStarted && at.Content is not null ? $"No connection to {at.Host}: {ReasonOf(exception)}."
            : at.StatusCode is not null ? "The connection was cut in the middle of the answer."
            : at.Call.Request.Body is { Length: >= 1024 * 1024 or null } ? "The server closed the connection while the request was sent: it may be too large."
            : $"The connection to {at.Host} failed before an answer came: {ReasonOf(exception)}.";

    /// <summary>On .NET Framework the outermost exception only says that something failed.</summary>
    private static string ReasonOf(Exception exception) =>
#if NETSTANDARD2_0
        exception.GetBaseException().Message.TrimEnd('.');
#else
        exception.Message.TrimEnd('.');
#endif

    private static Fault FromAnswer(AnswerException answer, Circumstances at)
    {
        var seen = at.Observe(answer.End) with { ErrorCode = answer.Error?.Code };
        var verdict = RetryRules.Judge(at.Call.Request.Operation.Kind, seen);
        var kind = answer.End switch
        {
            AttemptEnd.ErrorInside => FaultKind.Error,
            AttemptEnd.TooLarge => FaultKind.Limit,
            _ => FaultKind.Protocol,
        };
        return new Fault
        {
            Kind = kind,
            Message = Redactor.Clean(answer.Message, at.Key)!,
            Seen = seen,
            Verdict = answer.Outcome is { } outcome ? new Verdict(outcome, Repeat.Never) : verdict,
            StatusCode = at.StatusCode,
            Error = Clean(answer.Error, at.Key),
            JobId = Redactor.Clean(answer.JobId ?? at.Answer?.SalvagedJobId, at.Key),
            RequestId = Redactor.Clean(answer.RequestId ?? at.Answer?.RequestId, at.Key),
            Excerpt = Redactor.Clean(at.Answer?.Excerpt, at.Key),
            Cause = Redactor.Clean(answer.InnerException, at.Key),
        };
    }

    public static ApiError? Clean(ApiError? error, string key) => error is null ? null : error with
    {
        Message = Redactor.Clean(error.Message, key),
        Code = Redactor.Clean(error.Code, key),
        Type = Redactor.Clean(error.Type, key),
        Param = Redactor.Clean(error.Param, key),
    };

    private static Fault ToFault(FaultKind kind, AttemptEnd end, string message, Exception cause, Circumstances at)
    {
        var seen = at.Observe(end);
        return new Fault
        {
            Kind = kind,
            Message = Redactor.Clean(message, at.Key)!,
            Seen = seen,
            Verdict = RetryRules.Judge(at.Call.Request.Operation.Kind, seen),
            StatusCode = at.StatusCode,
            JobId = Redactor.Clean(at.Answer?.SalvagedJobId, at.Key),
            RequestId = Redactor.Clean(at.Answer?.RequestId, at.Key),
            Excerpt = Redactor.Clean(at.Answer?.Excerpt, at.Key),
            Cause = Redactor.Clean(cause, at.Key),
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
