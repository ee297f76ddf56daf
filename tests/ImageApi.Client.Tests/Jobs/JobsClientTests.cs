using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using FsCheck.Xunit;
using ImageApi.Client.Jobs.Internal;
using ImageApi.Emulator;
using static ImageApi.Client.Tests.Support.RawServer;

namespace ImageApi.Client.Tests.Jobs;

/// <summary>Jobs over real sockets: J1 to J15 of the fault matrix as far as the network plays a part.</summary>
public sealed class JobsClientTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("imageapi-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task J1_single_wrong_job_id_is_retried()
    {
        await using var emulator = await StartEmulatorAsync();
        using var client = TestClients.Create(emulator);
        emulator.Faults.Next(EmulatorEndpoint.JobPoll, EmulatorFault.JobIdMismatch());

        var job = await client.Jobs.RunAsync(SampleRequests.Image("fox"), SampleRequests.QuickRun);

        Assert.Contains(job.Id, job.Output.Images[0].Url!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task J1_repeated_wrong_job_ids_throw()
    {
        await using var emulator = await StartEmulatorAsync();
        using var client = TestClients.Create(emulator);
        emulator.Faults.Next(EmulatorEndpoint.JobSubmission, EmulatorFault.JobIdMismatch());

        var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.InvalidResponse, () => client.Jobs.RunAsync(SampleRequests.Image("fox"), SampleRequests.QuickRun));

        Assert.StartsWith("job_", error.JobId, StringComparison.Ordinal);
        Assert.Equal(RequestOutcome.Accepted, error.Outcome);
    }

    [Fact]
    public async Task J2_timed_out_job_can_be_resumed_by_id()
    {
        await using var emulator = await StartEmulatorAsync();
        emulator.Options.JobDuration = TimeSpan.FromHours(1);
        using var client = TestClients.Create(emulator);
        var waitOptions = SampleRequests.Quick;
        waitOptions.Timeout = TimeSpan.FromMilliseconds(200);

        var error = await Assert.ThrowsAsync<JobTimeoutException>(() => client.Jobs.RunAsync(SampleRequests.Image("fox"), new JobRunOptions { Wait = waitOptions }));
        emulator.Options.JobDuration = TimeSpan.Zero;
        var job = await client.Jobs.WaitAsync(error.JobId!, SampleRequests.Quick);

        Assert.NotNull(error.Job);
        Assert.Equal(RequestOutcome.Accepted, error.Outcome);
        Assert.Equal(JobState.Succeeded, job.State);
        Assert.Equal(1, emulator.Ledger.ChargesFor("fox"));
    }

    [Fact]
    public async Task J3_job_that_disappears_is_not_resubmitted()
    {
        await using var emulator = await StartEmulatorAsync();
        using var client = TestClients.Create(emulator);
        emulator.Faults.Next(EmulatorEndpoint.JobPoll, null, EmulatorFault.JobDisappears());
        emulator.Options.JobPolls = 5;

        var error = await Assert.ThrowsAsync<JobNotFoundException>(() => client.Jobs.RunAsync(SampleRequests.Image("fox"), SampleRequests.QuickRun));

        Assert.NotNull(error.JobId);
        Assert.NotNull(error.Job);
        Assert.Equal(1, emulator.Ledger.ChargesFor("fox"));
    }

    [Fact]
    public async Task J4_not_found_right_after_submission_is_retried()
    {
        await using var emulator = await StartEmulatorAsync();
        using var client = TestClients.Create(emulator);
        emulator.Faults.Next(EmulatorEndpoint.JobPoll, EmulatorFault.Status(404), EmulatorFault.Status(404));

        Assert.Equal(JobState.Succeeded, (await client.Jobs.RunAsync(SampleRequests.Image("fox"), SampleRequests.QuickRun)).State);
    }

    [Fact]
    public async Task J7_failed_job_reports_the_server_error()
    {
        await using var emulator = await StartEmulatorAsync();
        using var client = TestClients.Create(emulator);
        emulator.Faults.Next(EmulatorEndpoint.JobSubmission, EmulatorFault.JobFails("content_policy_violation", "no foxes"));

        var error = await Assert.ThrowsAsync<JobFailedException>(() => client.Jobs.RunAsync(SampleRequests.Image("fox"), SampleRequests.QuickRun));

        Assert.Equal("content_policy_violation", error.ErrorCode);
        Assert.True(error.IsContentRejected);
        Assert.Contains("no foxes", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.JobId);
    }

    [Fact]
    public async Task J11_alternating_poll_failures_charge_the_job_once()
    {
        await using var emulator = await StartEmulatorAsync();
        emulator.Options.JobPolls = 6;
        using var client = TestClients.Create(emulator);
        EmulatorFault[] flappingFaults = [EmulatorFault.Status(503), EmulatorFault.Abort(), EmulatorFault.TruncateMedia(), EmulatorFault.Status(500)];
        emulator.Faults.Decide = context => context.Endpoint == EmulatorEndpoint.JobPoll && context.Attempt % 2 == 1 ? flappingFaults[context.Attempt / 2 % flappingFaults.Length] : null;

        var job = await client.Jobs.RunAsync(SampleRequests.Image("fox"), SampleRequests.QuickRun);

        Assert.Equal(JobState.Succeeded, job.State);
        Assert.Equal(1, emulator.Ledger.ChargesFor("fox"));
    }

    [Fact]
    public async Task J12_thousand_concurrent_jobs_return_their_own_results()
    {
        await using var emulator = await StartEmulatorAsync();
        emulator.Options.JobDuration = TimeSpan.FromMilliseconds(500);
        using var client = TestClients.Create(emulator);
        var waitOptions = SampleRequests.Quick;
        waitOptions.FirstInterval = TimeSpan.FromMilliseconds(300);
        waitOptions.MaxInterval = TimeSpan.FromSeconds(1);
        var runOptions = new JobRunOptions { Wait = waitOptions };

        var jobs = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => client.Jobs.RunAsync(SampleRequests.Image($"fox {i:d4}"), runOptions)));

        Assert.Equal(1000, jobs.Select(static job => job.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.All(jobs, static job => Assert.Contains(job.Id, Assert.Single(job.Output.Images).Url!, StringComparison.Ordinal));
        Assert.All(Enumerable.Range(0, 1000), i => Assert.Equal(1, emulator.Ledger.ChargesFor($"fox {i:d4}")));
    }

    [Fact]
    public async Task J14_another_client_resumes_the_job_by_id()
    {
        await using var emulator = await StartEmulatorAsync();
        string id;
        using (var first = TestClients.Create(emulator))
        {
            id = (await first.Jobs.SubmitAsync(SampleRequests.Image("fox"))).Id;
        }

        using var second = TestClients.Create(emulator);
        var job = await second.Jobs.WaitAsync(id, SampleRequests.Quick);

        Assert.Equal(id, job.Id);
        Assert.Single(job.Output.Images);
        Assert.Equal(1, emulator.Ledger.ChargesFor("fox"));
    }

    [Theory]
    [InlineData("demo-video-1", MediaKind.Video, "image/apng", ".apng")]
    [InlineData("demo-audio-1", MediaKind.Audio, "audio/wav", ".wav")]
    public async Task Video_and_audio_jobs_run_like_image_jobs(string model, MediaKind kind, string mimeType, string extension)
    {
        await using var emulator = await StartEmulatorAsync();
        using var client = TestClients.Create(emulator);
        using var input = JsonDocument.Parse("""{"prompt":"fox","duration":1}""");

        var job = await client.Jobs.RunAsync(new JobRequest { Model = model, Input = JobInput.FromJson(input.RootElement) }, SampleRequests.QuickRun);
        var saved = await client.Media.SaveAsync(Assert.Single(job.Output.All), _directory);

        Assert.Equal(kind, job.Output.All.Single().Kind);
        Assert.Equal(kind == MediaKind.Video ? job.Output.Videos : job.Output.Audio, job.Output.All);
        Assert.Equal(mimeType, saved.MimeType);
        Assert.Equal(extension, Path.GetExtension(saved.Path));
    }

    [Fact]
    public async Task Job_output_can_contain_inline_data()
    {
        await using var emulator = await StartEmulatorAsync();
        using var client = TestClients.Create(emulator);

        var job = await client.Jobs.RunAsync(
            new JobRequest { Input = new ImageJobInput { Prompt = "fox", ResponseFormat = ImageResponseFormat.Base64, OutputFormat = ImageOutputFormat.Webp, Count = 2 } },
            SampleRequests.QuickRun);
        var saved = await client.Media.SaveAsync(job.Output.Images[1], _directory);

        Assert.Equal(2, job.Output.Images.Count);
        Assert.Equal(".webp", Path.GetExtension(saved.Path));
        Assert.Equal(job.Output.Images[1].Data!.Value.ToArray(), await File.ReadAllBytesAsync(saved.Path));
    }

    [Fact]
    public async Task GetAsync_retries_a_server_error()
    {
        await using var emulator = await StartEmulatorAsync();
        using var client = TestClients.Create(emulator);
        var submitted = await client.Jobs.SubmitAsync(SampleRequests.Image("fox"));
        emulator.Faults.Next(EmulatorEndpoint.JobPoll, EmulatorFault.Status(500));

        var job = await client.Jobs.GetAsync(submitted.Id);

        Assert.Equal(submitted.Id, job.Id);
        Assert.Equal(2, emulator.Ledger.RequestsTo(EmulatorEndpoint.JobPoll));
    }

    [Fact]
    public async Task GetAsync_throws_JobNotFoundException_for_an_unknown_job()
    {
        await using var emulator = await StartEmulatorAsync();
        using var client = TestClients.Create(emulator);

        var error = await Assert.ThrowsAsync<JobNotFoundException>(() => client.Jobs.GetAsync("job_missing"));

        Assert.Equal("job_missing", error.JobId);
        Assert.Equal(1, emulator.Ledger.RequestsTo(EmulatorEndpoint.JobPoll));
    }

    [Fact]
    public async Task GetAsync_returns_unknown_state_for_an_empty_response()
    {
        await using var server = RespondingWith(CreateResponse([], status: 202));
        using var client = TestClients.Create(server.Address);

        Assert.Equal(JobState.Unknown, (await client.Jobs.GetAsync("job_1")).State);
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("https://evil.example/x")]
    [InlineData("\\\\evil")]
    [InlineData("job:1")]
    [InlineData("%2e%2e")]
    [InlineData("a/../b")]
    [InlineData("a?b#c")]
    [InlineData(" spaced ")]
    public async Task GetAsync_escapes_any_job_id_to_one_path_segment(string id)
    {
        await using var server = RespondingWith(CreateResponse("""{"status":"queued"}"""));
        using var client = TestClients.Create(server.Address);

        await client.Jobs.GetAsync(id);

        var path = Assert.Single(server.Requests).Path;
        Assert.StartsWith("/v1/jobs/", path, StringComparison.Ordinal);
        Assert.Equal(id, Uri.UnescapeDataString(path["/v1/jobs/".Length..]));
    }

    /// <summary>Property 7.</summary>
    [Property(MaxTest = Support.Property.ManyCases)]
    [SuppressMessage("Usage", "CA2208", Justification = "The name stands for the parameter of the public method.")]
    public void Any_job_id_is_one_path_segment_or_rejected(string? id)
    {
        try
        {
            JobIdValidation.ThrowIfInvalid(id, "jobId");
        }
        catch (ArgumentException)
        {
            return;
        }

        var uri = new Uri(new Uri("https://api.example/prefix/"), JobIdValidation.Path(id!));
        Assert.Equal("https://api.example", uri.GetLeftPart(UriPartial.Authority));
        Assert.StartsWith("/prefix/v1/jobs/", uri.AbsolutePath, StringComparison.Ordinal);
        var segment = uri.PathAndQuery["/prefix/v1/jobs/".Length..];
        Assert.DoesNotContain('/', segment);
        Assert.Equal(id, Uri.UnescapeDataString(segment));
    }

    private static Task<ImageApiEmulator> StartEmulatorAsync() =>
        ImageApiEmulator.StartAsync(new EmulatorOptions { JobDuration = TimeSpan.Zero, DrawTinyImages = true });
}
