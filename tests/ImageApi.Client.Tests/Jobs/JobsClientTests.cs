using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using FsCheck.Xunit;
using ImageApi.Client.Jobs;
using ImageApi.Emulator;
using static ImageApi.Client.Tests.Support.RawServer;

namespace ImageApi.Client.Tests.Jobs;

/// <summary>Jobs over real sockets: J1 to J15 of the fault matrix as far as the network plays a part.</summary>
public sealed class JobsClientTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("imageapi-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task J1_one_answer_about_another_job_is_asked_again()
    {
        await using var emulator = await StartAsync();
        using var client = Clients.For(emulator);
        emulator.Faults.Next(EmulatorEndpoint.JobQuery, EmulatorFault.JobIdMismatch());

        var job = await client.Jobs.RunAsync(Requests.Image("fox"), Requests.Quick);

        Assert.Contains(job.Id, job.Output.Images[0].Url!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task J1_answers_about_another_job_are_refused()
    {
        await using var emulator = await StartAsync();
        using var client = Clients.For(emulator);
        emulator.Faults.Next(EmulatorEndpoint.JobSubmission, EmulatorFault.JobIdMismatch());

        var error = await Assert.ThrowsAsync<ImageApiProtocolException>(() => client.Jobs.RunAsync(Requests.Image("fox"), Requests.Quick));

        Assert.StartsWith("job_", error.JobId, StringComparison.Ordinal);
        Assert.Equal(RequestOutcome.Accepted, error.Outcome);
    }

    [Fact]
    public async Task J2_a_job_that_never_ends_times_out_and_can_be_continued()
    {
        await using var emulator = await StartAsync();
        emulator.Options.JobDuration = TimeSpan.FromHours(1);
        using var client = Clients.For(emulator);
        var wait = Requests.Quick;
        wait.Timeout = TimeSpan.FromMilliseconds(200);

        var error = await Assert.ThrowsAsync<JobTimeoutException>(() => client.Jobs.RunAsync(Requests.Image("fox"), wait));
        emulator.Options.JobDuration = TimeSpan.Zero;
        var job = await client.Jobs.WaitAsync(error.JobId!, Requests.Quick);

        Assert.NotNull(error.Job);
        Assert.Equal(RequestOutcome.Accepted, error.Outcome);
        Assert.Equal(JobState.Succeeded, job.State);
        Assert.Equal(1, emulator.Ledger.ChargesFor("fox"));
    }

    [Fact]
    public async Task J3_a_job_that_vanishes_is_not_submitted_again()
    {
        await using var emulator = await StartAsync();
        using var client = Clients.For(emulator);
        emulator.Faults.Next(EmulatorEndpoint.JobQuery, null, EmulatorFault.JobVanishes());
        emulator.Options.JobPolls = 5;

        var error = await Assert.ThrowsAsync<JobNotFoundException>(() => client.Jobs.RunAsync(Requests.Image("fox"), Requests.Quick));

        Assert.NotNull(error.JobId);
        Assert.NotNull(error.Job);
        Assert.Equal(1, emulator.Ledger.ChargesFor("fox"));
    }

    [Fact]
    public async Task J4_an_own_job_that_is_unknown_at_first_is_waited_for()
    {
        await using var emulator = await StartAsync();
        using var client = Clients.For(emulator);
        emulator.Faults.Next(EmulatorEndpoint.JobQuery, EmulatorFault.Status(404), EmulatorFault.Status(404));

        Assert.Equal(JobState.Succeeded, (await client.Jobs.RunAsync(Requests.Image("fox"), Requests.Quick)).State);
    }

    [Fact]
    public async Task J7_a_failed_job_tells_the_servers_reason()
    {
        await using var emulator = await StartAsync();
        using var client = Clients.For(emulator);
        emulator.Faults.Next(EmulatorEndpoint.JobSubmission, EmulatorFault.JobFails("content_policy_violation", "no foxes"));

        var error = await Assert.ThrowsAsync<JobFailedException>(() => client.Jobs.RunAsync(Requests.Image("fox"), Requests.Quick));

        Assert.Equal("content_policy_violation", error.ErrorCode);
        Assert.True(error.IsContentRejected);
        Assert.Contains("no foxes", error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.JobId);
    }

    [Fact]
    public async Task J11_every_second_question_fails_and_the_job_is_bought_once()
    {
        await using var emulator = await StartAsync();
        emulator.Options.JobPolls = 6;
        using var client = Clients.For(emulator);
        EmulatorFault[] flaps = [EmulatorFault.Status(503), EmulatorFault.Abort(), EmulatorFault.TruncateMedia(), EmulatorFault.Status(500)];
        emulator.Faults.Decide = about => about.Endpoint == EmulatorEndpoint.JobQuery && about.Attempt % 2 == 1 ? flaps[about.Attempt / 2 % flaps.Length] : null;

        var job = await client.Jobs.RunAsync(Requests.Image("fox"), Requests.Quick);

        Assert.Equal(JobState.Succeeded, job.State);
        Assert.Equal(1, emulator.Ledger.ChargesFor("fox"));
    }

    [Fact]
    public async Task J12_a_thousand_waits_at_once_do_not_mix()
    {
        await using var emulator = await StartAsync();
        emulator.Options.JobDuration = TimeSpan.FromMilliseconds(500);
        using var client = Clients.For(emulator);
        var wait = Requests.Quick;
        wait.FirstInterval = TimeSpan.FromMilliseconds(300);
        wait.MaxInterval = TimeSpan.FromSeconds(1);

        var jobs = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => client.Jobs.RunAsync(Requests.Image($"fox {i:d4}"), wait)));

        Assert.Equal(1000, jobs.Select(static job => job.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.All(jobs, static job => Assert.Contains(job.Id, Assert.Single(job.Output.Images).Url!, StringComparison.Ordinal));
        Assert.All(Enumerable.Range(0, 1000), i => Assert.Equal(1, emulator.Ledger.ChargesFor($"fox {i:d4}")));
    }

    [Fact]
    public async Task J14_another_process_continues_with_the_id_alone()
    {
        await using var emulator = await StartAsync();
        string id;
        using (var first = Clients.For(emulator))
        {
            id = (await first.Jobs.SubmitAsync(Requests.Image("fox"))).Id;
        }

        using var second = Clients.For(emulator);
        var job = await second.Jobs.WaitAsync(id, Requests.Quick);

        Assert.Equal(id, job.Id);
        Assert.Single(job.Output.Images);
        Assert.Equal(1, emulator.Ledger.ChargesFor("fox"));
    }

    [Theory]
    [InlineData("demo-video-1", MediaKind.Video, "image/apng", ".apng")]
    [InlineData("demo-audio-1", MediaKind.Audio, "audio/wav", ".wav")]
    public async Task Videos_and_sounds_run_through_the_same_room(string model, MediaKind kind, string mimeType, string extension)
    {
        await using var emulator = await StartAsync();
        using var client = Clients.For(emulator);
        using var input = JsonDocument.Parse("""{"prompt":"fox","duration":1}""");

        var job = await client.Jobs.RunAsync(new JobRequest { Model = model, Input = JobInput.FromJson(input.RootElement) }, Requests.Quick);
        var saved = await client.Media.SaveAsync(Assert.Single(job.Output.All), _directory);

        Assert.Equal(kind, job.Output.All.Single().Kind);
        Assert.Equal(kind == MediaKind.Video ? job.Output.Videos : job.Output.Audios, job.Output.All);
        Assert.Equal(mimeType, saved.MimeType);
        Assert.Equal(extension, Path.GetExtension(saved.Path));
    }

    [Fact]
    public async Task A_job_may_bring_its_bytes_along()
    {
        await using var emulator = await StartAsync();
        using var client = Clients.For(emulator);

        var job = await client.Jobs.RunAsync(
            new JobRequest { Input = new ImageJobInput { Prompt = "fox", ResponseFormat = ImageResponseFormat.Base64, OutputFormat = ImageOutputFormat.Webp, Count = 2 } },
            Requests.Quick);
        var saved = await client.Media.SaveAsync(job.Output.Images[1], _directory);

        Assert.Equal(2, job.Output.Images.Count);
        Assert.Equal(".webp", Path.GetExtension(saved.Path));
        Assert.Equal(job.Output.Images[1].Data!.Value.ToArray(), await File.ReadAllBytesAsync(saved.Path));
    }

    [Fact]
    public async Task Get_asks_once_and_again_only_for_trouble()
    {
        await using var emulator = await StartAsync();
        using var client = Clients.For(emulator);
        var submitted = await client.Jobs.SubmitAsync(Requests.Image("fox"));
        emulator.Faults.Next(EmulatorEndpoint.JobQuery, EmulatorFault.Status(500));

        var job = await client.Jobs.GetAsync(submitted.Id);

        Assert.Equal(submitted.Id, job.Id);
        Assert.Equal(2, emulator.Ledger.RequestsTo(EmulatorEndpoint.JobQuery));
    }

    [Fact]
    public async Task Get_tells_a_job_that_is_not_known()
    {
        await using var emulator = await StartAsync();
        using var client = Clients.For(emulator);

        var error = await Assert.ThrowsAsync<JobNotFoundException>(() => client.Jobs.GetAsync("job_missing"));

        Assert.Equal("job_missing", error.JobId);
        Assert.Equal(1, emulator.Ledger.RequestsTo(EmulatorEndpoint.JobQuery));
    }

    [Fact]
    public async Task Get_takes_not_yet_for_an_unknown_state()
    {
        await using var server = Answering(Answer([], status: 202));
        using var client = Clients.For(server.Address);

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
    public async Task Any_id_stays_one_segment_of_the_path(string id)
    {
        await using var server = Answering(Answer("""{"status":"queued"}"""));
        using var client = Clients.For(server.Address);

        await client.Jobs.GetAsync(id);

        var path = Assert.Single(server.Requests).Path;
        Assert.StartsWith("/v1/jobs/", path, StringComparison.Ordinal);
        Assert.Equal(id, Uri.UnescapeDataString(path["/v1/jobs/".Length..]));
    }

    /// <summary>Property 7.</summary>
    [Property(MaxTest = Support.Property.ManyCases)]
    [SuppressMessage("Usage", "CA2208", Justification = "The name stands for the parameter of the public method.")]
    public void Any_id_is_one_segment_or_refused(string? id)
    {
        try
        {
            JobId.ThrowIfInvalid(id, "jobId");
        }
        catch (ArgumentException)
        {
            return;
        }

        var uri = new Uri(new Uri("https://api.example/prefix/"), JobId.Path(id!));
        Assert.Equal("https://api.example", uri.GetLeftPart(UriPartial.Authority));
        Assert.StartsWith("/prefix/v1/jobs/", uri.AbsolutePath, StringComparison.Ordinal);
        var segment = uri.PathAndQuery["/prefix/v1/jobs/".Length..];
        Assert.DoesNotContain('/', segment);
        Assert.Equal(id, Uri.UnescapeDataString(segment));
    }

    private static Task<ImageApiEmulator> StartAsync() =>
        ImageApiEmulator.StartAsync(new EmulatorOptions { JobDuration = TimeSpan.Zero, DrawTinyPictures = true });
}
