using ImageApi.Client.Redaction;
using ImageApi.Client.Validation;

namespace ImageApi.Client.Jobs.Internal;

/// <summary>The rules for ids that become a part of a path.</summary>
internal static class JobIdValidation
{
    private const int MaxLength = 1024;

    public static void ThrowIfInvalid(string? jobId, string paramName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(jobId, paramName);
        RequestValidation.ThrowIfMalformed(jobId, paramName, "The job id");
        if (jobId is "." or ".." || jobId.Length > MaxLength || jobId.Any(char.IsControl))
        {
            throw new ArgumentException($"A job id must not be a dot or two, hold control characters, or be longer than {MaxLength} characters.", paramName);
        }
    }

    /// <summary>An id as it may stand in a text: a server's id of another kind than <see cref="ThrowIfInvalid"/> lets in forges no lines.</summary>
    public static string ToLoggable(string jobId) => SecretRedactor.Redact(jobId, apiKey: null)!;

    public static string Path(string jobId) => "v1/jobs/" + Uri.EscapeDataString(jobId);
}
