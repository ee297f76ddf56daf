using System.Net;
using ImageApi.Client.Diagnostics.Internal;
using ImageApi.Client.Http;
using ImageApi.Client.Jobs.Internal;
using ImageApi.Client.Media.References;
using Microsoft.Extensions.Logging;

namespace ImageApi.Client;

/// <summary>Submits jobs for pictures, videos and sounds and waits for them: <c>POST /v1/jobs</c>, <c>GET /v1/jobs/{id}</c>.</summary>
/// <remarks>
/// The id of a job is all that is needed to continue it, in any process. Cancelling a token stops the waiting, not the job: the API
/// documents no way to call a job off. Instances can be used by many threads at once.
/// </remarks>
public class JobsClient
{
    private static readonly ApiOperation Submit = new("jobs.submit", OperationKind.Paid, "Timeouts.Submission, or RequestOptions.Timeout");

    private readonly ApiTransport _transport;
    private readonly JobSettings _settings;
    private readonly JobStatusRequest _status;

    internal JobsClient(ApiTransport transport, JobSettings settings)
    {
        _transport = transport;
        _settings = settings;
        _status = new JobStatusRequest(transport, settings.Parsing);
    }

    /// <summary>Initializes an instance for mocking.</summary>
    protected JobsClient()
    {
        _transport = null!;
        _settings = null!;
        _status = null!;
    }

    /// <summary>Submits a job and returns at once, without waiting for what it generates.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="options">Time limit, idempotency key and headers of this call.</param>
    /// <param name="cancellationToken">Cancels it. The server may have taken the job by then.</param>
    /// <returns>The accepted job. Write its id down: it is what was paid for.</returns>
    /// <exception cref="ArgumentException"><paramref name="request"/> is incomplete or cannot be sent; nothing was.</exception>
    /// <exception cref="IOException">A reference image's file or stream failed.</exception>
    /// <exception cref="ImageApiResponseException">The server said no.</exception>
    /// <exception cref="ImageApiException">No answer came, or not a usable one; <see cref="ImageApiException.Outcome"/> says whether it may have been billed.</exception>
    /// <exception cref="ImageApiCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <example>
    /// <code>
    /// var job = await client.Jobs.SubmitAsync(new JobRequest { Input = new ImageJobInput { Prompt = "a red fox in the snow" } });
    /// </code>
    /// </example>
    public virtual async Task<Job> SubmitAsync(JobRequest request, RequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        JobRequestWriter.ThrowIfInvalid(request);

        using var scope = Begin(request, _transport.Settings.Telemetry);
        try
        {
            var (prepared, remaining) = await RequestPreparation.RunAsync(
                Submit,
                new RequestDraft<JobRequest>(request, _settings.Uploads),
                static (draft, token) => JobRequestWriter.WriteAsync(draft.Request, draft.Uploads, token),
                options?.Timeout,
                _transport.Time,
                cancellationToken).ConfigureAwait(false);
            using var body = prepared;
            var job = await _transport.SendAsync(
                new ApiRequest
                {
                    Operation = Submit,
                    Observer = scope,
                    Method = HttpMethod.Post,
                    Path = "v1/jobs",
                    Body = body,
                    Timeout = remaining ?? _settings.SubmitTimeout,
                    ConfiguredTimeout = options?.Timeout,
                    IdempotencyKey = options?.IdempotencyKey,
                    Headers = options?.Headers,
                },
                (response, token) => _status.ReadAsync(response, requestedId: null, token),
                cancellationToken).ConfigureAwait(false);
            scope?.Accept(JobIdValidation.ToLoggable(job.Id));
            return job;
        }
        catch (Exception e) when (scope is not null)
        {
            scope.Fail(e);
            throw;
        }
    }

    /// <summary>Asks once for the state of a job.</summary>
    /// <param name="jobId">The id.</param>
    /// <param name="options">Time limit and headers of this call.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>The job as it stands, whatever its state; <see cref="JobState.Unknown"/> when the server only said "not yet".</returns>
    /// <exception cref="ArgumentException"><paramref name="jobId"/> is empty or cannot be an id; nothing was sent.</exception>
    /// <exception cref="JobNotFoundException">The server does not know the job.</exception>
    /// <exception cref="ImageApiException">The state could not be asked for.</exception>
    /// <exception cref="ImageApiCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <example>
    /// <code>
    /// var job = await client.Jobs.GetAsync("job_example");
    /// </code>
    /// </example>
    public virtual async Task<Job> GetAsync(string jobId, RequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        JobIdValidation.ThrowIfInvalid(jobId, nameof(jobId));

        using var scope = Begin(jobId, _transport.Settings.Telemetry);
        try
        {
            var job = await _status.GetAsync(jobId, options?.Timeout ?? _settings.QueryTimeout, maxRetries: null, options?.Headers, scope, cancellationToken)
                .ConfigureAwait(false) ?? new Job { Id = jobId };
            scope?.Succeed();
            return job;
        }
        catch (ImageApiResponseException e) when (e.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone)
        {
            scope?.Fail(e);
            throw JobExceptions.NotFound(e, jobId, last: null);
        }
        catch (Exception e) when (scope is not null)
        {
            scope.Fail(e);
            throw;
        }
    }

    /// <summary>Waits for a job until it has ended. The id alone is enough, from any process; the server is asked at once.</summary>
    /// <param name="jobId">The id.</param>
    /// <param name="options">Limit, intervals and progress.</param>
    /// <param name="cancellationToken">Stops the waiting; the job goes on.</param>
    /// <returns>The job, which has succeeded.</returns>
    /// <exception cref="ArgumentException"><paramref name="jobId"/> is empty or cannot be an id; nothing was sent.</exception>
    /// <exception cref="JobFailedException">The job came to a bad end.</exception>
    /// <exception cref="JobTimeoutException">It did not end within the limit; wait again with its id.</exception>
    /// <exception cref="JobNotFoundException">The server does not know the job.</exception>
    /// <exception cref="ImageApiException">Its state could not be asked for, several times in a row.</exception>
    /// <exception cref="ImageApiCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <example>
    /// <code>
    /// var job = await client.Jobs.WaitAsync("job_example", new JobWaitOptions { Timeout = TimeSpan.FromMinutes(5) });
    /// </code>
    /// </example>
    public virtual Task<Job> WaitAsync(string jobId, JobWaitOptions? options = null, CancellationToken cancellationToken = default)
    {
        JobIdValidation.ThrowIfInvalid(jobId, nameof(jobId));

        return JobPolling.WaitAsync(CreatePoller(jobId, options), cancellationToken);
    }

    /// <summary>Watches a job: yields it at first and at every change, until it has ended, well or badly.</summary>
    /// <param name="jobId">The id.</param>
    /// <param name="options">Limit, intervals and progress.</param>
    /// <param name="cancellationToken">Stops the watching; the job goes on.</param>
    /// <returns>The job at every change of state, status word, progress or output; the last one has ended.</returns>
    /// <exception cref="ArgumentException"><paramref name="jobId"/> is empty or cannot be an id; nothing was sent.</exception>
    /// <exception cref="JobTimeoutException">It did not end within the limit; watch again with its id.</exception>
    /// <exception cref="JobNotFoundException">The server does not know the job.</exception>
    /// <exception cref="ImageApiException">Its state could not be asked for, several times in a row.</exception>
    /// <exception cref="ImageApiCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <example>
    /// <code>
    /// await foreach (var job in client.Jobs.WatchAsync("job_example"))
    /// {
    ///     Console.WriteLine(job.State);
    /// }
    /// </code>
    /// </example>
    public virtual IAsyncEnumerable<Job> WatchAsync(string jobId, JobWaitOptions? options = null, CancellationToken cancellationToken = default)
    {
        JobIdValidation.ThrowIfInvalid(jobId, nameof(jobId));

        // every enumeration is a wait of its own
        return JobPolling.WatchAsync(() => CreatePoller(jobId, options), cancellationToken);
    }

    /// <summary>Submits a job and waits until it has ended.</summary>
    /// <remarks>
    /// The id is in the caller's hands before the first wait, through <see cref="JobRunOptions.OnSubmitted"/>, and in every error after that.
    /// Nothing that happens while waiting makes the job be submitted a second time.
    /// </remarks>
    /// <param name="request">What is wanted.</param>
    /// <param name="options">The settings of the submission and of the wait.</param>
    /// <param name="cancellationToken">Stops the waiting; the job goes on.</param>
    /// <returns>The job, which has succeeded.</returns>
    /// <exception cref="ArgumentException"><paramref name="request"/> is incomplete or cannot be sent; nothing was.</exception>
    /// <exception cref="JobFailedException">The job came to a bad end.</exception>
    /// <exception cref="JobTimeoutException">It did not end within the limit; wait again with its id.</exception>
    /// <exception cref="ImageApiException">The submission failed, or the state could not be asked for.</exception>
    /// <exception cref="ImageApiCanceledException"><paramref name="cancellationToken"/> was cancelled; it carries the id, once there is one.</exception>
    /// <example>
    /// <code>
    /// var job = await client.Jobs.RunAsync(
    ///     new JobRequest { Input = new ImageJobInput { Prompt = "a red fox in the snow" } },
    ///     new JobRunOptions { OnSubmitted = (accepted, token) => store.WriteAsync(accepted.Id, token) });
    /// await client.Media.SaveAsync(job.Output.Images[0], "fox.png");
    /// </code>
    /// </example>
    public virtual async Task<Job> RunAsync(JobRequest request, JobRunOptions? options = null, CancellationToken cancellationToken = default)
    {
        var submitted = await SubmitAsync(request, options?.Submission, cancellationToken).ConfigureAwait(false);
        if (options?.OnSubmitted is { } onSubmitted)
        {
            await JobPolling.NotifyAsync(onSubmitted, submitted, cancellationToken).ConfigureAwait(false);
        }

        var model = request.Model ?? ImageRequest.DefaultModel;
        return await JobPolling.WaitAsync(CreatePoller(submitted.Id, options?.Wait, submitted, model), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks for a medium of a job anew, since its link no longer works.</summary>
    internal async Task<GeneratedMedia?> RefreshUrlAsync(GeneratedMedia media, CancellationToken cancellationToken)
    {
        var job = await GetAsync(media.JobId!, options: null, cancellationToken).ConfigureAwait(false);
        var sameKind = job.Output.All.Where(item => item.Kind == media.Kind).ToList();
        return JobMediaPositions.Find(media, sameKind);
    }

    private static OperationScope? Begin(JobRequest request, ClientTelemetry telemetry) => telemetry.Begin(new(Submit.Name, TelemetryNames.Submit)
    {
        Model = request.Model ?? ImageRequest.DefaultModel,
        OutputType = request.Input.OutputType,
        Count = (request.Input as ImageJobInput)?.Count,
        Prompt = telemetry.IncludesPrompts ? request.Input.GetPrompt() : null,
    });

    private static OperationScope? Begin(string jobId, ClientTelemetry telemetry) => !telemetry.IsLogged ? null : telemetry.Begin(
        new(JobStatusRequest.Operation.Name, SpanName: null) { JobId = JobIdValidation.ToLoggable(jobId), Level = LogLevel.Debug });

    private JobPoller CreatePoller(string jobId, JobWaitOptions? options, Job? submitted = null, string? model = null)
    {
        var queryTimeout = options?.RequestOptions?.Timeout ?? _settings.QueryTimeout;
        var headers = options?.RequestOptions?.Headers;
        return new JobPoller(jobId, _settings.Wait.Override(options), submitted, model, _transport, PollAsync);

        Task<Job?> PollAsync(TimeSpan remaining, IAttemptObserver? observer, CancellationToken token) =>
            _status.GetAsync(jobId, remaining < queryTimeout ? remaining : queryTimeout, maxRetries: 0, headers, observer, token);
    }
}
