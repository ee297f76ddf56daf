using ImageApi.Client.Http;
using ImageApi.Client.Serialization;

namespace ImageApi.Client.Jobs;

/// <summary>The rules for ids that become a part of a path.</summary>
internal static class JobId
{
    private const int MaxLength = 1024;

    public static void ThrowIfInvalid(string? jobId, string paramName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(jobId, paramName);
        RequestText.ThrowIfMalformed(jobId, paramName, "The job id");
        if (jobId is "." or ".." || jobId.Length > MaxLength || jobId.Any(char.IsControl))
        {
            throw new ArgumentException($"A job id must not be a dot or two, hold control characters, or be longer than {MaxLength} characters.", paramName);
        }
    }

    /// <summary>An id as it may stand in a text: a server's id of another kind than <see cref="ThrowIfInvalid"/> lets in forges no lines.</summary>
    public static string Shown(string jobId) => Redactor.Clean(jobId, key: null)!;

    public static string Path(string jobId) => "v1/jobs/" + Uri.EscapeDataString(jobId);
}
