namespace ImageApi.Client.Http;

/// <summary>A success answer that is none. Thrown by the readers of the rooms; the transport makes a public error of it.</summary>
internal sealed class AnswerException(AttemptEnd end, string message, Exception? inner = null) : Exception(message, inner)
{
    public AttemptEnd End { get; } = end;

    public ApiError? Error { get; init; }

    public string? JobId { get; init; }

    public string? RequestId { get; init; }

    /// <summary>Gets what is known better than the rules know it.</summary>
    public RequestOutcome? Outcome { get; init; }

    public static AnswerException Unreadable(string message, Exception? inner = null) => new(AttemptEnd.Unreadable, message, inner);

    /// <summary>Something told instead of what was asked for. Only what the server calls an error proves that nothing was done.</summary>
    public static AnswerException FromError(ApiError error, string? requestId) =>
        new(error.IsNamed ? AttemptEnd.ErrorInside : AttemptEnd.Unreadable, error.Message ?? "The server answered with an error.") { Error = error, RequestId = requestId };

    public static AnswerException TooLarge(string message) => new(AttemptEnd.TooLarge, message);
}
