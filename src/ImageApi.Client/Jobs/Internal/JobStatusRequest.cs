using System.Net;
using ImageApi.Client.Diagnostics.Internal;
using ImageApi.Client.Http;
using ImageApi.Client.Http.Errors;
using ImageApi.Client.Media.Extraction;

namespace ImageApi.Client.Jobs.Internal;

/// <summary>Sends one status query of a job and reads the response: <c>GET /v1/jobs/{id}</c>.</summary>
internal sealed class JobStatusRequest(ApiTransport transport, JobParserContext context)
{
    public static readonly ApiOperation Operation = new("jobs.get", OperationKind.Query, "Timeouts.StatusQuery, or RequestOptions.Timeout");

    /// <summary>Sends the query.</summary>
    /// <returns>The job; null when the server only said "not yet".</returns>
    public Task<Job?> GetAsync(
        string jobId,
        TimeSpan timeout,
        int? maxRetries,
        IReadOnlyDictionary<string, string>? headers,
        IAttemptObserver? observer,
        CancellationToken cancellationToken) => transport.SendAsync(
            new ApiRequest
            {
                Operation = Operation,
                Observer = observer,
                Method = HttpMethod.Get,
                Path = JobIdValidation.Path(jobId),
                Timeout = timeout,
                Headers = headers,
                MaxRetries = maxRetries,
                JobId = jobId,
            },
            (response, token) => ReadIfAnyAsync(response, jobId, token),
            cancellationToken).AsTask();

    /// <summary>Reads a job from a response.</summary>
    public ValueTask<Job> ReadAsync(ApiResponse response, string? requestedId, CancellationToken cancellationToken) => ExtractedJson.ReadAsync(
        response, store: null, (json, response) => JobParser.Parse(json, requestedId, context, response.RequestId), cancellationToken);

    /// <summary>Reads a job; null for "not yet".</summary>
    private async ValueTask<Job?> ReadIfAnyAsync(ApiResponse response, string jobId, CancellationToken cancellationToken)
    {
        try
        {
            return response.StatusCode == HttpStatusCode.NotModified
                ? null
                : (await ReadAsync(response, jobId, cancellationToken).ConfigureAwait(false)) with { RetryAfter = response.RetryAfter };
        }
        catch (InvalidResponseException e) when (e.Kind == FailureKind.EmptyBody && response.StatusCode == HttpStatusCode.Accepted)
        {
            return null; // a 202 need not say anything
        }
    }
}
