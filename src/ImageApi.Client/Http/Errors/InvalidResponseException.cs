namespace ImageApi.Client.Http.Errors;

/// <summary>Thrown by response parsers when a 2xx response is unusable. The transport turns it into a public exception.</summary>
internal sealed class InvalidResponseException(FailureKind kind, string message, Exception? inner = null) : Exception(message, inner)
{
    public FailureKind Kind { get; } = kind;

    public ApiError? Error { get; init; }

    public string? JobId { get; init; }

    public string? RequestId { get; init; }

    /// <summary>Gets what is known better than the rules know it.</summary>
    public RequestOutcome? Outcome { get; init; }

    public static InvalidResponseException Invalid(string message, Exception? inner = null) => new(FailureKind.InvalidBody, message, inner);

    /// <summary>Creates the exception for an error in a 2xx response. Only a named error proves that the request was rejected.</summary>
    public static InvalidResponseException FromError(ApiError error, string? requestId) =>
        new(error.IsNamed ? FailureKind.ErrorInBody : FailureKind.InvalidBody, error.Message ?? "The server answered with an error.") { Error = error, RequestId = requestId };
}
