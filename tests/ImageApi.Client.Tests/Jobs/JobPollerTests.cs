using System.Net;
using FsCheck.Xunit;
using Microsoft.Extensions.Time.Testing;
using static ImageApi.Client.Tests.Support.StubHandler;

namespace ImageApi.Client.Tests.Jobs;

/// <summary>When a wait asks, what it puts up with, and when it ends: in virtual time.</summary>
public sealed class JobPollerTests
{
    private static readonly JobRequest Request = new() { Input = new ImageJobInput { Prompt = "fox" } };
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task RunAsync_polls_with_exponential_intervals_up_to_ten_seconds()
    {
        var (client, stub) = CreateClient([Job("queued"), .. Enumerable.Repeat(Job("processing"), 7), SucceededJob()]);

        await VirtualTime.RunAsync(_time, () => client.Jobs.RunAsync(Request));

        Assert.Equal([2.0, 5.0, 9.5, 16.25, 26.25, 36.25, 46.25, 56.25], stub.RequestTimes("GET"));
    }

    [Fact]
    public async Task WaitAsync_polls_immediately()
    {
        var (client, stub) = CreateClient([SucceededJob()]);

        await VirtualTime.RunAsync(_time, () => client.Jobs.WaitAsync("job_1"));

        Assert.Equal([0.0], stub.RequestTimes("GET"));
    }

    [Fact]
    public async Task Jitter_shortens_the_poll_interval_by_up_to_20_percent()
    {
        var (client, stub) = CreateClient([Job("queued"), Job("processing"), SucceededJob()], random: 1);

        await VirtualTime.RunAsync(_time, () => client.Jobs.RunAsync(Request));

        Assert.Equal([1.6, 4.0], stub.RequestTimes("GET").Select(static seconds => Math.Round(seconds, 3)));
    }

    [Fact]
    public async Task Poll_intervals_follow_the_wait_options()
    {
        var (client, stub) = CreateClient([Job("queued"), Job("queued"), Job("queued"), SucceededJob()]);
        var options = new JobWaitOptions { FirstInterval = TimeSpan.FromSeconds(1), IntervalFactor = 3, MaxInterval = TimeSpan.FromSeconds(4) };

        await VirtualTime.RunAsync(_time, () => client.Jobs.RunAsync(Request, new JobRunOptions { Wait = options }));

        Assert.Equal([1.0, 4.0, 8.0], stub.RequestTimes("GET"));
    }

    [Fact]
    public async Task S28_retry_after_delays_the_next_poll()
    {
        var (client, stub) = CreateClient([Json("{}", 429, "30"), SucceededJob()]);

        await VirtualTime.RunAsync(_time, () => client.Jobs.WaitAsync("job_1"));

        Assert.Equal([0.0, 30.0], stub.RequestTimes("GET"));
    }

    [Fact]
    public async Task Shorter_retry_after_does_not_shorten_the_poll_interval()
    {
        var (client, stub) = CreateClient([Json("{}", 503, "1"), SucceededJob()]);

        await VirtualTime.RunAsync(_time, () => client.Jobs.WaitAsync("job_1"));

        Assert.Equal([0.0, 2.0], stub.RequestTimes("GET"));
    }

    [Fact]
    public async Task Retry_after_of_a_successful_poll_is_honored()
    {
        var (client, stub) = CreateClient([Json("""{"id":"job_1","status":"processing"}""", 200, "25"), SucceededJob()]);

        await VirtualTime.RunAsync(_time, () => client.Jobs.WaitAsync("job_1"));

        Assert.Equal([0.0, 25.0], stub.RequestTimes("GET"));
    }

    [Fact]
    public async Task S30_retry_after_beyond_the_timeout_throws_immediately()
    {
        var (client, stub) = CreateClient([Json("{}", 429, "99999999999")]);

        var error = await VirtualTime.ThrowsAsync<JobTimeoutException>(_time, () => client.Jobs.WaitAsync("job_1"));

        Assert.Equal("job_1", error.JobId);
        Assert.Equal(TimeSpan.FromSeconds(99999999999), error.Info.RetryAfter);
        Assert.Contains("asks to wait", error.Message, StringComparison.Ordinal);
        Assert.Equal(RequestOutcome.Accepted, error.Outcome);
        Assert.Single(stub.Requests);
    }

    [Theory]
    [InlineData("-5")]
    [InlineData("abc")]
    [InlineData("")]
    public async Task S31_invalid_retry_after_keeps_the_poll_interval(string retryAfter)
    {
        var (client, stub) = CreateClient([Json("{}", 429, retryAfter), SucceededJob()]);

        await VirtualTime.RunAsync(_time, () => client.Jobs.WaitAsync("job_1"));

        Assert.Equal([0.0, 2.0], stub.RequestTimes("GET"));
    }

    [Fact]
    public async Task J2_timeout_is_preceded_by_one_final_poll()
    {
        var (client, stub) = CreateClient([Job("processing")]);

        var error = await VirtualTime.ThrowsAsync<JobTimeoutException>(
            _time, () => client.Jobs.WaitAsync("job_1", new JobWaitOptions { Timeout = TimeSpan.FromSeconds(7) }));

        Assert.Equal([0.0, 2.0, 5.0, 7.0], stub.RequestTimes("GET"));
        Assert.Equal("job_1", error.JobId);
        Assert.Equal(JobState.Running, error.Job!.State);
        Assert.Equal(RequestOutcome.Accepted, error.Outcome);
    }

    [Fact]
    public async Task Timeout_before_the_first_poll_still_polls_once()
    {
        var (client, stub) = CreateClient([Job("queued"), SucceededJob()]);
        var options = new JobWaitOptions
        {
            Timeout = TimeSpan.FromSeconds(7),
            Progress = new CallbackProgress<Job>(_ => _time.Advance(TimeSpan.FromSeconds(9))),
        };

        var job = await VirtualTime.RunAsync(_time, () => client.Jobs.RunAsync(Request, new JobRunOptions { Wait = options }));

        Assert.Equal(JobState.Succeeded, job.State);
        Assert.Single(stub.RequestTimes("GET"));
    }

    [Fact]
    public async Task Single_api_key_provider_failure_does_not_stop_polling()
    {
        var providerCalls = 0;
        var (client, stub) = CreateClient([Job("queued"), SucceededJob()], configure: options => options.ApiKeyProvider =
            _ => ++providerCalls == 2 ? throw new InvalidOperationException("no vault") : new(TestClients.ApiKey));

        var job = await VirtualTime.RunAsync(_time, () => client.Jobs.WaitAsync("job_1"));

        Assert.Equal(JobState.Succeeded, job.State);
        Assert.Equal(3, providerCalls);
        Assert.Equal(2, stub.Requests.Count);
    }

    [Fact]
    public async Task Repeated_api_key_provider_failures_throw_with_the_job_id()
    {
        var providerCalls = 0;
        var (client, _) = CreateClient([Job("queued")], configure: options => options.ApiKeyProvider =
            _ => ++providerCalls > 1 ? throw new InvalidOperationException("no vault") : new(TestClients.ApiKey));

        var error = await VirtualTime.ThrowsAsync<ImageApiException>(_time, () => client.Jobs.RunAsync(Request));

        Assert.Equal(("job_1", RequestOutcome.Accepted), (error.JobId, error.Outcome));
        Assert.IsType<InvalidOperationException>(error.InnerException);
    }

    [Fact]
    public async Task Final_poll_at_the_timeout_can_return_the_result()
    {
        var (client, _) = CreateClient([Job("processing"), Job("processing"), Job("processing"), SucceededJob()]);

        var job = await VirtualTime.RunAsync(
            _time, () => client.Jobs.WaitAsync("job_1", new JobWaitOptions { Timeout = TimeSpan.FromSeconds(7) }));

        Assert.Equal(JobState.Succeeded, job.State);
    }

    [Fact]
    public async Task Five_consecutive_poll_failures_are_tolerated()
    {
        var (client, stub) = CreateClient([.. Enumerable.Repeat(Json("{}", 500), 5), SucceededJob()]);

        await VirtualTime.RunAsync(_time, () => client.Jobs.WaitAsync("job_1"));

        Assert.Equal(6, stub.Requests.Count);
    }

    [Fact]
    public async Task Sixth_consecutive_poll_failure_stops_polling()
    {
        var (client, stub) = CreateClient([Job("queued"), Json("""{"error":{"code":"boom"}}""", 500)]);

        var error = await VirtualTime.ThrowsAsync<ImageApiResponseException>(_time, () => client.Jobs.RunAsync(Request));

        Assert.Equal("job_1", error.JobId);
        Assert.Equal("boom", error.ErrorCode);
        Assert.Equal(RequestOutcome.Accepted, error.Outcome);
        Assert.Equal(6, stub.RequestTimes("GET").Count());
        Assert.Single(stub.RequestTimes("POST"));
    }

    [Fact]
    public async Task J11_intermittent_poll_failures_do_not_stop_polling()
    {
        var flappingResponses = Enumerable.Range(0, 60).Select(static i => i % 6 == 5 ? Job("processing") : i % 2 == 0 ? Json("{}", 502) : ConnectionFailure());
        var (client, stub) = CreateClient([Job("queued"), .. flappingResponses, SucceededJob()]);

        var job = await VirtualTime.RunAsync(_time, () => client.Jobs.RunAsync(Request));

        Assert.Equal(JobState.Succeeded, job.State);
        Assert.Single(stub.RequestTimes("POST"));
    }

    [Fact]
    public async Task J4_not_found_right_after_submission_is_retried()
    {
        var (client, stub) = CreateClient([Job("queued"), Json("{}", 404), Json("{}", 404), SucceededJob()]);

        var job = await VirtualTime.RunAsync(_time, () => client.Jobs.RunAsync(Request));

        Assert.Equal(JobState.Succeeded, job.State);
        Assert.Single(stub.RequestTimes("POST"));
    }

    [Fact]
    public async Task J4_third_404_throws_without_resubmitting_the_job()
    {
        var (client, stub) = CreateClient([Job("queued"), Json("{}", 404)]);

        var error = await VirtualTime.ThrowsAsync<JobNotFoundException>(_time, () => client.Jobs.RunAsync(Request));

        Assert.Equal("job_1", error.JobId);
        Assert.Equal(RequestOutcome.Accepted, error.Outcome);
        Assert.Equal(3, stub.RequestTimes("GET").Count());
        Assert.Single(stub.RequestTimes("POST"));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(410)]
    public async Task WaitAsync_throws_immediately_when_the_job_is_not_found(int status)
    {
        var (client, stub) = CreateClient([Json("{}", status)]);

        var error = await VirtualTime.ThrowsAsync<JobNotFoundException>(_time, () => client.Jobs.WaitAsync("job_1"));

        Assert.Equal("job_1", error.JobId);
        Assert.Single(stub.Requests);
    }

    [Fact]
    public async Task J3_job_that_disappears_throws_immediately()
    {
        var (client, stub) = CreateClient([Job("queued"), Job("processing"), Json("{}", 404)]);

        var error = await VirtualTime.ThrowsAsync<JobNotFoundException>(_time, () => client.Jobs.RunAsync(Request));

        Assert.Equal(JobState.Running, error.Job!.State);
        Assert.Equal(2, stub.RequestTimes("GET").Count());
        Assert.Single(stub.RequestTimes("POST"));
    }

    [Fact]
    public async Task S25_conflict_response_continues_polling()
    {
        var (client, _) = CreateClient([Json("{}", 409), Json("{}", 409), SucceededJob()]);

        Assert.Equal(JobState.Succeeded, (await VirtualTime.RunAsync(_time, () => client.Jobs.WaitAsync("job_1"))).State);
    }

    [Theory]
    [InlineData(400, null)]
    [InlineData(401, null)]
    [InlineData(403, null)]
    [InlineData(429, "insufficient_quota")]
    public async Task Permanent_client_error_stops_polling(int status, string? code)
    {
        var (client, stub) = CreateClient([Job("queued"), Json($$$"""{"error":{"code":"{{{code}}}"}}""", status)]);

        var error = await VirtualTime.ThrowsAsync<ImageApiResponseException>(_time, () => client.Jobs.RunAsync(Request));

        Assert.Equal(status, (int)error.StatusCode!);
        Assert.Equal("job_1", error.JobId);
        Assert.Equal(RequestOutcome.Accepted, error.Outcome);
        Assert.Single(stub.RequestTimes("GET"));
    }

    [Fact]
    public async Task J6_unknown_status_is_polled_until_the_timeout()
    {
        var (client, _) = CreateClient([Job("hibernating")]);

        var error = await VirtualTime.ThrowsAsync<JobTimeoutException>(_time, () => client.Jobs.WaitAsync("job_1"));

        Assert.Equal("hibernating", error.Job!.Status.Value);
        Assert.Equal(TimeSpan.FromMinutes(30), _time.GetUtcNow() - _time.Start);
    }

    [Theory]
    [InlineData("""{"id":"job_1","status":"succeeded"}""")]
    [InlineData("""{"id":"job_1","status":"succeeded","output":null}""")]
    [InlineData("""{"id":"job_1","status":"succeeded","output":[]}""")]
    [InlineData("""{"id":"job_1","status":"succeeded","output":{"images":[null]}}""")]
    [InlineData("""{"id":"job_1","status":"succeeded","output":{"images":[{"url":null}]}}""")]
    public async Task J9_success_without_output_is_polled_twice_more(string json)
    {
        var (client, stub) = CreateClient([Json(json)]);

        var job = await VirtualTime.RunAsync(_time, () => client.Jobs.WaitAsync("job_1"));

        Assert.Equal(JobState.Succeeded, job.State);
        Assert.Empty(job.Output.All);
        Assert.Equal(3, stub.Requests.Count);
    }

    [Fact]
    public async Task J9_late_output_is_returned_by_a_later_poll()
    {
        var (client, _) = CreateClient([Job("succeeded"), SucceededJob()]);

        Assert.Single((await VirtualTime.RunAsync(_time, () => client.Jobs.WaitAsync("job_1"))).Output.Images);
    }

    [Fact]
    public async Task J1_repeated_wrong_job_id_throws_after_one_retry()
    {
        var (client, stub) = CreateClient([SucceededJob("job_2")]);

        var error = await VirtualTime.ThrowsAsync<ImageApiException>(_time, () => client.Jobs.WaitAsync("job_1"));

        Assert.Contains("job_1", error.Message, StringComparison.Ordinal);
        Assert.Contains("job_2", error.Message, StringComparison.Ordinal);
        Assert.Equal("job_1", error.JobId);
        Assert.Equal(2, stub.Requests.Count);
    }

    [Fact]
    public async Task J1_single_wrong_job_id_is_retried()
    {
        var (client, _) = CreateClient([SucceededJob("job_2"), SucceededJob("job_1")]);

        Assert.Equal("job_1", (await VirtualTime.RunAsync(_time, () => client.Jobs.WaitAsync("job_1"))).Id);
    }

    [Fact]
    public async Task J1_job_id_verification_can_be_disabled()
    {
        var (client, _) = CreateClient([SucceededJob("job_2")], configure: static options => options.VerifyJobIds = false);

        Assert.Equal("job_1", (await VirtualTime.RunAsync(_time, () => client.Jobs.WaitAsync("job_1"))).Id);
    }

    [Fact]
    public async Task J5_status_moving_backward_continues_polling()
    {
        var (client, stub) = CreateClient([Job("processing"), Job("queued"), Job("processing"), SucceededJob(), Job("queued")]);

        Assert.Equal(JobState.Succeeded, (await VirtualTime.RunAsync(_time, () => client.Jobs.WaitAsync("job_1"))).State);
        Assert.Equal(4, stub.Requests.Count);
    }

    [Fact]
    public async Task J7_failed_job_without_an_error_has_a_clear_message()
    {
        var (client, _) = CreateClient([Json("""{"id":"job_1","status":"failed","request_id":"req_9"}""")]);

        var error = await VirtualTime.ThrowsAsync<JobFailedException>(_time, () => client.Jobs.WaitAsync("job_1"));

        Assert.Null(error.Job!.Error);
        Assert.Equal("job_1", error.JobId);
        Assert.Equal("req_9", error.RequestId);
        Assert.Equal(RequestOutcome.Accepted, error.Outcome);
        Assert.Contains("the server gave no reason.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task J8_exception_of_a_failed_job_contains_its_images()
    {
        var (client, _) = CreateClient([Job("failed", output: """{"url":"https://cdn.example/half.png"}""")]);

        var error = await VirtualTime.ThrowsAsync<JobFailedException>(_time, () => client.Jobs.WaitAsync("job_1"));

        Assert.Single(error.Job!.Output.Images);
    }

    [Theory]
    [InlineData("canceled", JobState.Canceled)]
    [InlineData("Cancelled", JobState.Canceled)]
    [InlineData("expired", JobState.Failed)]
    [InlineData("REJECTED", JobState.Failed)]
    [InlineData("error", JobState.Failed)]
    public async Task J10_failed_and_canceled_status_variants_throw(string status, JobState state)
    {
        var (client, _) = CreateClient([Job(status)]);

        var error = await VirtualTime.ThrowsAsync<JobFailedException>(_time, () => client.Jobs.WaitAsync("job_1"));

        Assert.Equal(state, error.Job!.State);
    }

    [Theory]
    [InlineData("success")]
    [InlineData("Completed")]
    [InlineData("DONE")]
    public async Task J10_succeeded_status_variants_complete_the_job(string status)
    {
        var (client, _) = CreateClient([Job(status, output: """{"url":"https://cdn.example/a.png"}""")]);

        Assert.Equal(JobState.Succeeded, (await VirtualTime.RunAsync(_time, () => client.Jobs.WaitAsync("job_1"))).State);
    }

    [Fact]
    public async Task J10_custom_status_mapping_is_used()
    {
        var (client, _) = CreateClient([Job("fertig")], configure: static options => options.JobStatusMappings["Fertig"] = JobState.Succeeded);

        Assert.Equal(JobState.Succeeded, (await VirtualTime.RunAsync(_time, () => client.Jobs.WaitAsync("job_1"))).State);
    }

    [Theory]
    [InlineData(202)]
    [InlineData(304)]
    public async Task Empty_poll_response_keeps_the_last_known_job(int status)
    {
        var (client, _) = CreateClient([Job("processing"), _ => new HttpResponseMessage((HttpStatusCode)status)]);

        var error = await VirtualTime.ThrowsAsync<JobTimeoutException>(_time, () => client.Jobs.WaitAsync("job_1"));

        Assert.Equal(JobState.Running, error.Job!.State);
    }

    [Fact]
    public async Task J13_system_clock_changes_do_not_affect_polling()
    {
        var time = new JumpingTimeProvider();
        var (client, stub) = CreateClient(
            [
                request =>
                {
                    time.Jump = TimeSpan.FromDays(1);
                    return Job("processing")(request);
                },
                request =>
                {
                    time.Jump = TimeSpan.FromDays(-1);
                    return Job("processing")(request);
                },
                SucceededJob(),
            ],
            time: time);

        await VirtualTime.RunAsync(time, () => client.Jobs.WaitAsync("job_1"));

        Assert.Equal(3, stub.Requests.Count);
    }

    [Fact]
    public async Task Progress_is_reported_after_every_successful_poll()
    {
        var (client, _) = CreateClient([Job("queued"), Job("processing"), Json("{}", 500), SucceededJob()]);
        var states = new List<JobState>();

        var waitOptions = new JobWaitOptions { Progress = new CallbackProgress<Job>(job => states.Add(job.State)) };
        await VirtualTime.RunAsync(_time, () => client.Jobs.RunAsync(Request, new JobRunOptions { Wait = waitOptions }));

        Assert.Equal([JobState.Pending, JobState.Running, JobState.Succeeded], states);
    }

    [Fact]
    public async Task OnSubmitted_is_awaited_before_the_first_poll()
    {
        var (client, stub) = CreateClient([Job("queued"), SucceededJob()]);
        string? storedId = null;
        var options = new JobRunOptions
        {
            OnSubmitted = async (job, token) =>
            {
                await Task.Delay(TimeSpan.FromSeconds(60), _time, token).ConfigureAwait(false);
                storedId = job.Id;
            },
        };

        await VirtualTime.RunAsync(_time, () => client.Jobs.RunAsync(Request, options));

        Assert.Equal("job_1", storedId);
        Assert.Equal([62.0], stub.RequestTimes("GET"));
    }

    [Fact]
    public async Task OnSubmitted_exception_is_rethrown_without_polling()
    {
        var (client, stub) = CreateClient([Job("queued")]);
        var options = new JobRunOptions { OnSubmitted = (_, _) => throw new InvalidOperationException("store is down") };

        var error = await VirtualTime.ThrowsAsync<InvalidOperationException>(_time, () => client.Jobs.RunAsync(Request, options));

        Assert.Equal("store is down", error.Message);
        Assert.Single(stub.Requests);
    }

    [Fact]
    public async Task Cancellation_in_OnSubmitted_throws_with_the_job_id()
    {
        var (client, _) = CreateClient([Job("queued")]);
        using var source = new CancellationTokenSource();
        var options = new JobRunOptions
        {
            OnSubmitted = async (_, token) =>
            {
                await source.CancelAsync();
                token.ThrowIfCancellationRequested();
            },
        };

        var error = await VirtualTime.ThrowsAsync<ImageApiCanceledException>(_time, () => client.Jobs.RunAsync(Request, options, source.Token));

        Assert.Equal("job_1", error.JobId);
        Assert.Equal(source.Token, error.CancellationToken);
        Assert.Equal(RequestOutcome.Accepted, error.Outcome);
    }

    [Fact]
    public async Task Poll_intervals_follow_the_client_options_where_a_call_gives_none()
    {
        var (client, stub) = CreateClient(
            [Job("queued"), Job("queued"), Job("queued"), SucceededJob()],
            configure: static options =>
            {
                options.Wait.FirstInterval = TimeSpan.FromSeconds(1);
                options.Wait.IntervalFactor = 3;
                options.Wait.MaxInterval = TimeSpan.FromSeconds(100);
            });
        var waitOptions = new JobWaitOptions { MaxInterval = TimeSpan.FromSeconds(4) };

        await VirtualTime.RunAsync(_time, () => client.Jobs.RunAsync(Request, new JobRunOptions { Wait = waitOptions }));

        Assert.Equal([1.0, 4.0, 8.0], stub.RequestTimes("GET"));
    }

    [Fact]
    public async Task Wait_timeout_of_the_client_options_is_used()
    {
        var (client, stub) = CreateClient(
            [.. Enumerable.Repeat(Job("queued"), 20)], configure: static options => options.Wait.Timeout = TimeSpan.FromSeconds(7));

        await VirtualTime.ThrowsAsync<JobTimeoutException>(_time, () => client.Jobs.WaitAsync("job_1"));

        Assert.Equal(7.0, stub.RequestTimes("GET").Last());
    }

    [Fact]
    public async Task Headers_of_the_submission_are_not_sent_with_the_polls()
    {
        var headers = new List<string>();
        var (client, _) = CreateClient([Recording(headers, Job("queued")), Recording(headers, SucceededJob())]);
        var options = new JobRunOptions { Submission = Tagged("submission"), Wait = new JobWaitOptions { RequestOptions = Tagged("wait") } };

        await VirtualTime.RunAsync(_time, () => client.Jobs.RunAsync(Request, options));

        Assert.Equal(["POST submission", "GET wait"], headers);
    }

    [Fact]
    public async Task Headers_of_the_wait_are_sent_with_every_poll()
    {
        var headers = new List<string>();
        var (client, _) = CreateClient([Recording(headers, Job("queued")), Recording(headers, SucceededJob()), Recording(headers, SucceededJob())]);
        var options = new JobWaitOptions { RequestOptions = Tagged("wait") };

        await VirtualTime.RunAsync(_time, () => client.Jobs.WaitAsync("job_1", options));
        await VirtualTime.RunAsync(_time, () => ToListAsync(client.Jobs.WatchAsync("job_1", options)));

        Assert.Equal(["GET wait", "GET wait", "GET wait"], headers);
    }

    [Fact]
    public async Task WatchAsync_yields_only_changes_until_the_final_state()
    {
        var (client, stub) = CreateClient([Job("queued"), Job("queued"), Job("processing"), _ => new HttpResponseMessage(HttpStatusCode.Accepted), Job("processing"), SucceededJob(), Job("queued")]);

        var updates = await VirtualTime.RunAsync(_time, () => ToListAsync(client.Jobs.WatchAsync("job_1")));

        Assert.Equal([JobState.Pending, JobState.Running, JobState.Succeeded], updates.Select(static job => job.State));
        Assert.Equal(6, stub.Requests.Count);
    }

    [Fact]
    public async Task WatchAsync_yields_a_failed_job_without_throwing()
    {
        var (client, _) = CreateClient([Job("failed")]);

        Assert.Equal(JobState.Failed, Assert.Single(await VirtualTime.RunAsync(_time, () => ToListAsync(client.Jobs.WatchAsync("job_1")))).State);
    }

    [Fact]
    public async Task WatchAsync_yields_progress_changes()
    {
        var (client, _) = CreateClient([Json("""{"id":"job_1","status":"running","progress":10}"""), Json("""{"id":"job_1","status":"running","progress":"50%"}"""), SucceededJob()]);

        var updates = await VirtualTime.RunAsync(_time, () => ToListAsync(client.Jobs.WatchAsync("job_1")));

        Assert.Equal([10.0, 50.0, null], updates.Select(static job => job.Progress));
    }

    [Fact]
    public async Task WatchAsync_restarts_with_every_enumeration()
    {
        var (client, stub) = CreateClient([Job("processing"), SucceededJob(), Job("processing"), SucceededJob()]);
        var jobs = client.Jobs.WatchAsync("job_1");

        await VirtualTime.RunAsync(_time, () => ToListAsync(jobs));
        _time.Advance(TimeSpan.FromHours(1));
        var secondRun = await VirtualTime.RunAsync(_time, () => ToListAsync(jobs));

        Assert.Equal(2, secondRun.Count);
        Assert.Equal(4, stub.Requests.Count);
    }

    /// <summary>Property 12: cancelled at any time, a run ends with its result or with the caller's cancellation; the id is known if the server accepted.</summary>
    [Property(MaxTest = Support.Property.DefaultCases)]
    public async Task Canceling_RunAsync_at_any_time_reports_the_job_id(ushort cancelAfterMilliseconds)
    {
        var time = new FakeTimeProvider();
        var (client, stub) = CreateClient(
            [Json("{}", 429, "2"), Job("queued"), Job("processing"), Json("{}", 500), Json("{}", 429, "20"), Job("processing"), SucceededJob()], time: time);
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(cancelAfterMilliseconds % 60_000), time);
        try
        {
            var job = await VirtualTime.RunAsync(time, () => client.Jobs.RunAsync(Request, null, source.Token), source.Token);
            Assert.Equal("job_1", job.Id);
        }
        catch (ImageApiCanceledException e)
        {
            var accepted = stub.RequestTimes("POST").Count() == 2;
            Assert.Equal(source.Token, e.CancellationToken);
            Assert.Equal(accepted ? "job_1" : null, e.JobId);
            Assert.Equal(accepted ? RequestOutcome.Accepted : stub.Requests.Count == 0 ? RequestOutcome.NotSent : RequestOutcome.Rejected, e.Outcome);
        }

        var requests = stub.Requests.Count;
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(requests, stub.Requests.Count);
        Assert.True(stub.RequestTimes("POST").Count() <= 2);
    }

    private static RequestOptions Tagged(string tag) => new() { Headers = new Dictionary<string, string> { ["X-Tag"] = tag } };

    private static Func<HttpRequestMessage, HttpResponseMessage> Recording(List<string> headers, Func<HttpRequestMessage, HttpResponseMessage> respond) => request =>
    {
        headers.Add($"{request.Method} {string.Join(",", request.Headers.TryGetValues("X-Tag", out var values) ? values : [])}");
        return respond(request);
    };

    private static async Task<List<Job>> ToListAsync(IAsyncEnumerable<Job> jobs)
    {
        var list = new List<Job>();
        await foreach (var job in jobs.ConfigureAwait(false))
        {
            list.Add(job);
        }

        return list;
    }

    private (ImageApiClient Client, StubHandler Stub) CreateClient(
        Func<HttpRequestMessage, HttpResponseMessage>[] responses, double random = 0, Action<ImageApiClientOptions>? configure = null, FakeTimeProvider? time = null)
    {
        var stub = new StubHandler(time ?? _time, responses);
        var options = TestClients.Options(new Uri("https://api.example"));
        configure?.Invoke(options);
        return (TestClients.Create(stub, options, time ?? _time, random: () => random), stub);
    }

    /// <summary>A clock whose date jumps while its time goes on.</summary>
    private sealed class JumpingTimeProvider : FakeTimeProvider
    {
        public TimeSpan Jump { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Jump;

        // the base class tells both by one clock
        public override long GetTimestamp() => base.GetTimestamp() - Jump.Ticks;
    }

    private sealed class CallbackProgress<T>(Action<T> callback) : IProgress<T>
    {
        public void Report(T value) => callback(value);
    }
}
