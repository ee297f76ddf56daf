namespace ImageApi.Emulator.Http;

/// <summary>An error response in the format of OpenAI.</summary>
internal sealed class ApiException(int statusCode, string type, string message, string? param = null, string? code = null) : Exception(message)
{
    public int StatusCode { get; } = statusCode;

    public string Type { get; } = type;

    public string? Param { get; } = param;

    public string? Code { get; } = code;

    public static ApiException Invalid(string message, string? param = null, string? code = null)
        => new(400, "invalid_request_error", message, param, code);

    public static ApiException NotFound(string message, string? code = "not_found")
        => new(404, "invalid_request_error", message, code: code);

    public static ApiException ForStatus(int statusCode, string? code, string? message) => new(
        statusCode,
        statusCode switch { 429 => "rate_limit_error", >= 500 => "server_error", _ => "invalid_request_error" },
        message ?? $"The emulator was told to answer with {statusCode}.",
        code: code);
}
