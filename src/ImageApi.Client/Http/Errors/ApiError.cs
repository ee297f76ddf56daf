namespace ImageApi.Client.Http.Errors;

/// <summary>An error as the server tells it.</summary>
internal sealed record ApiError(string? Message, string? Code, string? Type, string? Param)
{
    /// <summary>Gets a value indicating whether the server calls it an error. A mere message or detail may as well say "ok".</summary>
    public bool IsNamed { get; init; }

    public string? RequestId { get; init; }

    public string? JobId { get; init; }
}
