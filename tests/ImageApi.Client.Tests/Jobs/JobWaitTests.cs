using System.Net;
using FsCheck.Xunit;
using Microsoft.Extensions.Time.Testing;
using static ImageApi.Client.Tests.Support.StubHandler;

namespace ImageApi.Client.Tests.Jobs;

/// <summary>When a wait asks, what it puts up with, and when it ends: in virtual time.</summary>
public sealed class JobWaitTests
{
    private static readonly JobRequest Request = new() { Input = new ImageJobInput { Prompt = "fox" } };
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Run_first_asks_after_two_seconds_then_half_as_long_again_up_to_ten()
    {
        var (client, stub) = Client([Job("queued"), .. Enumerable.Repeat(Job("processing"), 7), Done()]);

        await VirtualTime.RunAsync(_time, () => client.Jobs.RunAsync(Request));

        Assert.Equal([2.0, 5.0, 9.5, 16.25, 26.25, 36.25, 46.25, 56.25], stub.Times("GET"));
    }

    [Fact]
    public async Task Wait_asks_at_once()
    {
        var (client, stub) = Client([Done()]);

        await VirtualTime.RunAsync(_time, () => client.Jobs.WaitAsync("job_1"));

        Assert.Equal([0.0], stub.Times("GET"));
    }

    [Fact]
    public async Task Jitter_shortens_a_wait_by_a_fifth_at_most()
    {
        var (client, stub) = Client([Job("queued"), Job("processing"), Done()], random: 1);

        await VirtualTime.RunAsync(_time, () => client.Jobs.RunAsync(Request));

        Assert.Equal([1.6, 4.0], stub.Times("GET").Select(static at => Math.Round(at, 3)));
    }

    [Fact]
    public async Task Intervals_can_be_chosen()
    {
        var (client, stub) = Client([Job("queued"), Job("queued"), Job("queued"), Done()]);
        var options = new JobWaitOptions { FirstInterval = TimeSpan.FromSeconds(1), IntervalFactor = 3, MaxInterval = TimeSpan.FromSeconds(4) };

        await VirtualTime.RunAsync(_time, () => client.Jobs.RunAsync(Request, options));

        Assert.Equal([1.0, 4.0, 8.0], stub.Times("GET"));
    }

    [Fact]
    public async Task S28_retry_after_is_a_minimum()
    {
        var (client, stub) = Client([Json("{}", 429, "30"), Done()]);

        await VirtualTime.RunAsync(_time, () => client.Jobs.WaitAsync("job_1"));

        Assert.Equal([0.0, 30.0], stub.Times("GET"));
    }

    [Fact]
    public async Task A_shorter_retry_after_does_not_hasten_the_next_question()
    {
        var (client, stub) = Client([Json("{}", 503, "1"), Done()]);

        await VirtualTime.RunAsync(_time, () => client.Jobs.WaitAsync("job_1"));

        Assert.Equal([0.0, 2.0], stub.Times("GET"));
    }

    [Fact]
    public async Task A_wish_beside_a_state_is_kept_as_well()
    {
        var (client, stub) = Client([Json("""{"id":"job_1","status":"processing"}""", 200, "25"), Done()]);

        await VirtualTime.RunAsync(_time, () => client.Jobs.WaitAsync("job_1"));

        Assert.Equal([0.0, 25.0], stub.Times("GET"));
    }

    [Fact]
    public async Task S30_a_retry_after_beyond_the_limit_ends_the_wait_at_once()
    {
        var (client, stub) = Client([Json("{}", 429, "99999999999")]);

        var error = await VirtualTime.FailsAsync<JobTimeoutException>(_time, () => client.Jobs.WaitAsync("job_1"));

        Assert.Equal("job_1", error.JobId);
        Assert.Equal(TimeSpan.FromSeconds(99999999999), error.RetryAfter);
        Assert.Contains("asks to wait", error.Message, StringComparison.Ordinal);
        Assert.Equal(RequestOutcome.Accepted, error.Outcome);
        Assert.Single(stub.Requests);
    }

    [Theory]
    [InlineData("-5")]
    [InlineData("abc")]
    [InlineData("")]
    public async Task S31_an_unreadable_retry_after_leaves_the_own_interval(string retryAfter)
    {
        var (client, stub) = Client([Json("{}", 429, retryAfter), Done()]);

        await VirtualTime.RunAsync(_time, () => client.Jobs.WaitAsync("job_1"));

        Assert.Equal([0.0, 2.0], stub.Times("GET"));
    }

    [Fact]
    public async Task J2_the_deadline_is_met_with_one_last_question()
    {
        var (client, stub) = Client([Job("processing")]);

        var error = await VirtualTime.FailsAsync<JobTimeoutException>(
            _time, () => client.Jobs.WaitAsync("job_1", new JobWaitOptions { Timeout = TimeSpan.FromSeconds(7) }));

        Assert.Equal([0.0, 2.0, 5.0, 7.0], stub.Times("GET"));
        Assert.Equal("job_1", error.JobId);
        Assert.Equal(JobState.Running, error.Job!.State);
        Assert.Equal(RequestOutcome.Accepted, error.Outcome);
    }

    [Fact]
    public async Task A_time_that_is_up_before_the_first_pause_leaves_one_question()
    {
        var (client, stub) = Client([Job("queued"), Done()]);
        var options = new JobWaitOptions
        {
            Timeout = TimeSpan.FromSeconds(7),
            Progress = new Told<Job>(_ => _time.Advance(TimeSpan.FromSeconds(9))),
        };

        var job = await VirtualTime.RunAsync(_time, () => client.Jobs.RunAsync(Request, options));

        Assert.Equal(JobState.Succeeded, job.State);
        Assert.Single(stub.Times("GET"));
    }

    [Fact]
    public async Task A_provider_of_keys_that_fails_once_does_not_end_a_wait()
    {
        var asked = 0;
        var (client, stub) = Client([Job("queued"), Done()], configure: options => options.ApiKeyProvider =
            _ => ++asked == 2 ? throw new InvalidOperationException("no vault") : new(Clients.Key));

        var job = await VirtualTime.RunAsync(_time, () => client.Jobs.WaitAsync("job_1"));

        Assert.Equal(JobState.Succeeded, job.State);
        Assert.Equal(3, asked);
        Assert.Equal(2, stub.Requests.Count);
    }

    [Fact]
    public async Task A_provider_of_keys_that_always_fails_ends_a_wait_with_the_id()
    {
        var asked = 0;
        var (client, _) = Client([Job("queued")], configure: options => options.ApiKeyProvider =
            _ => ++asked > 1 ? throw new InvalidOperationException("no vault") : new(Clients.Key));

        var error = await VirtualTime.FailsAsync<ImageApiException>(_time, () => client.Jobs.RunAsync(Request));

        Assert.Equal(("job_1", RequestOutcome.Accepted), (error.JobId, error.Outcome));
        Assert.IsType<InvalidOperationException>(error.InnerException);
    }

    [Fact]
    public async Task The_last_question_may_bring_the_result()
    {
        var (client, _) = Client([Job("processing"), Job("processing"), Job("processing"), Done()]);

        var job = await VirtualTime.RunAsync(
            _time, () => client.Jobs.WaitAsync("job_1", new JobWaitOptions { Timeout = TimeSpan.FromSeconds(7) }));

        Assert.Equal(JobState.Succeeded, job.State);
    }

    [Fact]
    public async Task Five_failures_in_a_row_are_put_up_with()
    {
        var (client, stub) = Client([.. Enumerable.Repeat(Json("{}", 500), 5), Done()]);

        await VirtualTime.RunAsync(_time, () => client.Jobs.WaitAsync("job_1"));

        Assert.Equal(6, stub.Requests.Count);
    }

    [Fact]
    public async Task The_sixth_failure_in_a_row_ends_the_wait()
    {
        var (client, stub) = Client([Job("queued"), Json("""{"error":{"code":"boom"}}""", 500)]);

        var error = await VirtualTime.FailsAsync<ImageApiErrorException>(_time, () => client.Jobs.RunAsync(Request));

        Assert.Equal("job_1", error.JobId);
        Assert.Equal("boom", error.ErrorCode);
        Assert.Equal(RequestOutcome.Accepted, error.Outcome);
        Assert.Equal(6, stub.Times("GET").Count());
        Assert.Single(stub.Times("POST"));
    }

    [Fact]
    public async Task J11_failures_that_are_not_in_a_row_never_end_the_wait()
    {
        var flaps = Enumerable.Range(0, 60).Select(static i => i % 6 == 5 ? Job("processing") : i % 2 == 0 ? Json("{}", 502) : Cut());
        var (client, stub) = Client([Job("queued"), .. flaps, Done()]);

        var job = await VirtualTime.RunAsync(_time, () => client.Jobs.RunAsync(Request));

        Assert.Equal(JobState.Succeeded, job.State);
        Assert.Single(stub.Times("POST"));
    }

    [Fact]
    public async Task J4_an_own_job_may_be_unknown_at_first()
    {
        var (client, stub) = Client([Job("queued"), Json("{}", 404), Json("{}", 404), Done()]);

        var job = await VirtualTime.RunAsync(_time, () => client.Jobs.RunAsync(Request));

        Assert.Equal(JobState.Succeeded, job.State);
        Assert.Single(stub.Times("POST"));
    }

    [Fact]
    public async Task J4_the_third_404_ends_the_grace_and_nothing_is_submitted_again()
    {
        var (client, stub) = Client([Job("queued"), Json("{}", 404)]);

        var error = await VirtualTime.FailsAsync<JobNotFoundException>(_time, () => client.Jobs.RunAsync(Request));

        Assert.Equal("job_1", error.JobId);
        Assert.Equal(RequestOutcome.Accepted, error.Outcome);
        Assert.Equal(3, stub.Times("GET").Count());
        Assert.Single(stub.Times("POST"));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(410)]
    public async Task A_foreign_job_that_is_unknown_ends_the_wait_at_once(int status)
    {
        var (client, stub) = Client([Json("{}", status)]);

        var error = await VirtualTime.FailsAsync<JobNotFoundException>(_time, () => client.Jobs.WaitAsync("job_1"));

        Assert.Equal("job_1", error.JobId);
        Assert.Single(stub.Requests);
    }

    [Fact]
    public async Task J3_a_job_that_was_seen_and_vanishes_ends_the_wait_at_once()
    {
        var (client, stub) = Client([Job("queued"), Job("processing"), Json("{}", 404)]);

        var error = await VirtualTime.FailsAsync<JobNotFoundException>(_time, () => client.Jobs.RunAsync(Request));

        Assert.Equal(JobState.Running, error.Job!.State);
        Assert.Equal(2, stub.Times("GET").Count());
        Assert.Single(stub.Times("POST"));
    }

    [Fact]
    public async Task S25_a_conflict_goes_on()
    {
        var (client, _) = Client([Json("{}", 409), Json("{}", 409), Done()]);

        Assert.Equal(JobState.Succeeded, (await VirtualTime.RunAsync(_time, () => client.Jobs.WaitAsync("job_1"))).State);
    }

    [Theory]
    [InlineData(400, null)]
    [InlineData(401, null)]
    [InlineData(403, null)]
    [InlineData(429, "insufficient_quota")]
    public async Task A_refusal_that_time_does_not_heal_stops_the_wait(int status, string? code)
    {
        var (client, stub) = Client([Job("queued"), Json($$$"""{"error":{"code":"{{{code}}}"}}""", status)]);

        var error = await VirtualTime.FailsAsync<ImageApiErrorException>(_time, () => client.Jobs.RunAsync(Request));

        Assert.Equal(status, (int)error.StatusCode!);
        Assert.Equal("job_1", error.JobId);
        Assert.Equal(RequestOutcome.Accepted, error.Outcome);
        Assert.Single(stub.Times("GET"));
    }

    [Fact]
    public async Task J6_an_unknown_status_neither_ends_the_wait_nor_outlives_its_limit()
    {
        var (client, _) = Client([Job("hibernating")]);

        var error = await VirtualTime.FailsAsync<JobTimeoutException>(_time, () => client.Jobs.WaitAsync("job_1"));

        Assert.Equal("hibernating", error.Job!.Status.Value);
        Assert.Equal(TimeSpan.FromMinutes(30), _time.GetUtcNow() - _time.Start);
    }

    [Theory]
    [InlineData("""{"id":"job_1","status":"succeeded"}""")]
    [InlineData("""{"id":"job_1","status":"succeeded","output":null}""")]
    [InlineData("""{"id":"job_1","status":"succeeded","output":[]}""")]
    [InlineData("""{"id":"job_1","status":"succeeded","output":{"images":[null]}}""")]
    [InlineData("""{"id":"job_1","status":"succeeded","output":{"images":[{"url":null}]}}""")]
    public async Task J9_a_success_without_output_is_asked_for_twice_more_and_then_returned(string empty)
    {
        var (client, stub) = Client([Json(empty)]);

        var job = await VirtualTime.RunAsync(_time, () => client.Jobs.WaitAsync("job_1"));

        Assert.Equal(JobState.Succeeded, job.State);
        Assert.Empty(job.Output.All);
        Assert.Equal(3, stub.Requests.Count);
    }

    [Fact]
    public async Task J9_output_that_comes_late_is_waited_for()
    {
        var (client, _) = Client([Job("succeeded"), Done()]);

        Assert.Single((await VirtualTime.RunAsync(_time, () => client.Jobs.WaitAsync("job_1"))).Output.Images);
    }

    [Fact]
    public async Task J1_an_answer_about_another_job_is_asked_again_once_and_then_refused()
    {
        var (client, stub) = Client([Done("job_2")]);

        var error = await VirtualTime.FailsAsync<ImageApiProtocolException>(_time, () => client.Jobs.WaitAsync("job_1"));

        Assert.Contains("job_1", error.Message, StringComparison.Ordinal);
        Assert.Contains("job_2", error.Message, StringComparison.Ordinal);
        Assert.Equal("job_1", error.JobId);
        Assert.Equal(2, stub.Requests.Count);
    }

    [Fact]
    public async Task J1_one_answer_about_another_job_does_no_harm()
    {
        var (client, _) = Client([Done("job_2"), Done("job_1")]);

        Assert.Equal("job_1", (await VirtualTime.RunAsync(_time, () => client.Jobs.WaitAsync("job_1"))).Id);
    }

    [Fact]
    public async Task J1_the_check_can_be_switched_off()
    {
        var (client, _) = Client([Done("job_2")], configure: static options => options.RejectForeignJobs = false);

        Assert.Equal("job_1", (await VirtualTime.RunAsync(_time, () => client.Jobs.WaitAsync("job_1"))).Id);
    }

    [Fact]
    public async Task J5_a_status_that_goes_back_is_waited_on()
    {
        var (client, stub) = Client([Job("processing"), Job("queued"), Job("processing"), Done(), Job("queued")]);

        Assert.Equal(JobState.Succeeded, (await VirtualTime.RunAsync(_time, () => client.Jobs.WaitAsync("job_1"))).State);
        Assert.Equal(4, stub.Requests.Count);
    }

    [Fact]
    public async Task J7_a_failure_without_a_reason_says_so()
    {
        var (client, _) = Client([Json("""{"id":"job_1","status":"failed","request_id":"req_9"}""")]);

        var error = await VirtualTime.FailsAsync<JobFailedException>(_time, () => client.Jobs.WaitAsync("job_1"));

        Assert.Null(error.Job!.Error);
        Assert.Equal("job_1", error.JobId);
        Assert.Equal("req_9", error.RequestId);
        Assert.Equal(RequestOutcome.Accepted, error.Outcome);
        Assert.Contains("no reason given", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task J8_a_failure_with_images_carries_them()
    {
        var (client, _) = Client([Job("failed", output: """{"url":"https://cdn.example/half.png"}""")]);

        var error = await VirtualTime.FailsAsync<JobFailedException>(_time, () => client.Jobs.WaitAsync("job_1"));

        Assert.Single(error.Job!.Output.Images);
    }

    [Theory]
    [InlineData("canceled", JobState.Cancelled)]
    [InlineData("Cancelled", JobState.Cancelled)]
    [InlineData("expired", JobState.Failed)]
    [InlineData("REJECTED", JobState.Failed)]
    [InlineData("error", JobState.Failed)]
    public async Task J10_bad_ends_are_known_by_many_words(string word, JobState state)
    {
        var (client, _) = Client([Job(word)]);

        var error = await VirtualTime.FailsAsync<JobFailedException>(_time, () => client.Jobs.WaitAsync("job_1"));

        Assert.Equal(state, error.Job!.State);
    }

    [Theory]
    [InlineData("success")]
    [InlineData("Completed")]
    [InlineData("DONE")]
    public async Task J10_good_ends_are_known_by_many_words(string word)
    {
        var (client, _) = Client([Job(word, output: """{"url":"https://cdn.example/a.png"}""")]);

        Assert.Equal(JobState.Succeeded, (await VirtualTime.RunAsync(_time, () => client.Jobs.WaitAsync("job_1"))).State);
    }

    [Fact]
    public async Task J10_words_can_be_added()
    {
        var (client, _) = Client([Job("fertig")], configure: static options => options.JobStatusWords["Fertig"] = JobState.Succeeded);

        Assert.Equal(JobState.Succeeded, (await VirtualTime.RunAsync(_time, () => client.Jobs.WaitAsync("job_1"))).State);
    }

    [Theory]
    [InlineData(202)]
    [InlineData(304)]
    public async Task Not_yet_is_waited_on_and_does_not_hide_what_was_seen(int status)
    {
        var (client, _) = Client([Job("processing"), _ => new HttpResponseMessage((HttpStatusCode)status)]);

        var error = await VirtualTime.FailsAsync<JobTimeoutException>(_time, () => client.Jobs.WaitAsync("job_1"));

        Assert.Equal(JobState.Running, error.Job!.State);
    }

    [Fact]
    public async Task J13_a_system_clock_that_jumps_has_no_effect()
    {
        var time = new JumpingTime();
        var (client, stub) = Client(
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
                Done(),
            ],
            time: time);

        await VirtualTime.RunAsync(time, () => client.Jobs.WaitAsync("job_1"));

        Assert.Equal(3, stub.Requests.Count);
    }

    [Fact]
    public async Task Progress_is_told_after_every_answer()
    {
        var (client, _) = Client([Job("queued"), Job("processing"), Json("{}", 500), Done()]);
        var seen = new List<JobState>();

        await VirtualTime.RunAsync(_time, () => client.Jobs.RunAsync(Request, new JobWaitOptions { Progress = new Told<Job>(job => seen.Add(job.State)) }));

        Assert.Equal([JobState.Pending, JobState.Running, JobState.Succeeded], seen);
    }

    [Fact]
    public async Task OnSubmitted_is_awaited_before_the_first_wait()
    {
        var (client, stub) = Client([Job("queued"), Done()]);
        string? written = null;
        var options = new JobWaitOptions
        {
            OnSubmitted = async (job, token) =>
            {
                await Task.Delay(TimeSpan.FromSeconds(60), _time, token).ConfigureAwait(false);
                written = job.Id;
            },
        };

        await VirtualTime.RunAsync(_time, () => client.Jobs.RunAsync(Request, options));

        Assert.Equal("job_1", written);
        Assert.Equal([62.0], stub.Times("GET"));
    }

    [Fact]
    public async Task An_exception_of_OnSubmitted_comes_out_and_nothing_is_asked()
    {
        var (client, stub) = Client([Job("queued")]);
        var options = new JobWaitOptions { OnSubmitted = (_, _) => throw new InvalidOperationException("store is down") };

        var error = await VirtualTime.FailsAsync<InvalidOperationException>(_time, () => client.Jobs.RunAsync(Request, options));

        Assert.Equal("store is down", error.Message);
        Assert.Single(stub.Requests);
    }

    [Fact]
    public async Task A_cancellation_in_OnSubmitted_carries_the_id()
    {
        var (client, _) = Client([Job("queued")]);
        using var source = new CancellationTokenSource();
        var options = new JobWaitOptions
        {
            OnSubmitted = async (_, token) =>
            {
                await source.CancelAsync();
                token.ThrowIfCancellationRequested();
            },
        };

        var error = await VirtualTime.FailsAsync<ImageApiCanceledException>(_time, () => client.Jobs.RunAsync(Request, options, source.Token));

        Assert.Equal("job_1", error.JobId);
        Assert.Equal(source.Token, error.CancellationToken);
        Assert.Equal(RequestOutcome.Accepted, error.Outcome);
    }

    [Fact]
    public async Task Watch_yields_changes_only_and_ends_after_the_final_state()
    {
        var (client, stub) = Client([Job("queued"), Job("queued"), Job("processing"), _ => new HttpResponseMessage(HttpStatusCode.Accepted), Job("processing"), Done(), Job("queued")]);

        var seen = await VirtualTime.RunAsync(_time, () => ListAsync(client.Jobs.WatchAsync("job_1")));

        Assert.Equal([JobState.Pending, JobState.Running, JobState.Succeeded], seen.Select(static job => job.State));
        Assert.Equal(6, stub.Requests.Count);
    }

    [Fact]
    public async Task Watch_yields_a_bad_end_instead_of_throwing()
    {
        var (client, _) = Client([Job("failed")]);

        Assert.Equal(JobState.Failed, Assert.Single(await VirtualTime.RunAsync(_time, () => ListAsync(client.Jobs.WatchAsync("job_1")))).State);
    }

    [Fact]
    public async Task Watch_yields_a_change_of_progress()
    {
        var (client, _) = Client([Json("""{"id":"job_1","status":"running","progress":10}"""), Json("""{"id":"job_1","status":"running","progress":"50%"}"""), Done()]);

        var seen = await VirtualTime.RunAsync(_time, () => ListAsync(client.Jobs.WatchAsync("job_1")));

        Assert.Equal([10.0, 50.0, null], seen.Select(static job => job.Progress));
    }

    [Fact]
    public async Task Watch_begins_anew_with_every_enumeration()
    {
        var (client, stub) = Client([Job("processing"), Done(), Job("processing"), Done()]);
        var jobs = client.Jobs.WatchAsync("job_1");

        await VirtualTime.RunAsync(_time, () => ListAsync(jobs));
        _time.Advance(TimeSpan.FromHours(1));
        var again = await VirtualTime.RunAsync(_time, () => ListAsync(jobs));

        Assert.Equal(2, again.Count);
        Assert.Equal(4, stub.Requests.Count);
    }

    /// <summary>Property 12: cancelled at any time, a run ends with its result or with the caller's cancellation; the id is known if the server accepted.</summary>
    [Property(MaxTest = Support.Property.Cases)]
    public async Task Cancelling_at_any_time_ends_the_run_and_leaves_the_id(ushort after)
    {
        var time = new FakeTimeProvider();
        var (client, stub) = Client(
            [Json("{}", 429, "2"), Job("queued"), Job("processing"), Json("{}", 500), Json("{}", 429, "20"), Job("processing"), Done()], time: time);
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(after % 60_000), time);
        try
        {
            var job = await VirtualTime.RunAsync(time, () => client.Jobs.RunAsync(Request, null, source.Token), source.Token);
            Assert.Equal("job_1", job.Id);
        }
        catch (ImageApiCanceledException e)
        {
            var accepted = stub.Times("POST").Count() == 2;
            Assert.Equal(source.Token, e.CancellationToken);
            Assert.Equal(accepted ? "job_1" : null, e.JobId);
            Assert.Equal(accepted ? RequestOutcome.Accepted : stub.Requests.Count == 0 ? RequestOutcome.NotSent : RequestOutcome.Rejected, e.Outcome);
        }

        var requests = stub.Requests.Count;
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(requests, stub.Requests.Count);
        Assert.True(stub.Times("POST").Count() <= 2);
    }

    private static async Task<List<Job>> ListAsync(IAsyncEnumerable<Job> jobs)
    {
        var list = new List<Job>();
        await foreach (var job in jobs.ConfigureAwait(false))
        {
            list.Add(job);
        }

        return list;
    }

    private (ImageApiClient Client, StubHandler Stub) Client(
        Func<HttpRequestMessage, HttpResponseMessage>[] answers, double random = 0, Action<ImageApiClientOptions>? configure = null, FakeTimeProvider? time = null)
    {
        var stub = new StubHandler(time ?? _time, answers);
        var options = Clients.Options(new Uri("https://api.example"));
        configure?.Invoke(options);
        return (Clients.For(stub, options, time ?? _time, random: () => random), stub);
    }

    /// <summary>A clock whose date jumps while its time goes on.</summary>
    private sealed class JumpingTime : FakeTimeProvider
    {
        public TimeSpan Jump { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Jump;

        // the base class tells both by one clock
        public override long GetTimestamp() => base.GetTimestamp() - Jump.Ticks;
    }

    private sealed class Told<T>(Action<T> tell) : IProgress<T>
    {
        public void Report(T value) => tell(value);
    }
}
