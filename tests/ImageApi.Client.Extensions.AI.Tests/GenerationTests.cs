using ImageApi.Emulator;

namespace ImageApi.Client.Extensions.AI.Tests;

/// <summary>Whole generations against the emulator.</summary>
public sealed class GenerationTests : IAsyncLifetime
{
    private EmulatorFixture _fixture = null!;

    public async Task InitializeAsync() => _fixture = await EmulatorFixture.CreateAsync();

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Uri_response_format_returns_a_URL_that_can_be_saved(bool useJobs)
    {
        using var generator = Generator(useJobs);

        var response = await generator.GenerateImagesAsync("a red fox", new ImageGenerationOptions { ResponseFormat = ImageGenerationResponseFormat.Uri });

        var content = Assert.IsType<UriContent>(Assert.Single(response.Contents));
        using var image = new MemoryStream();
        await _fixture.Client.Media.CopyToAsync((GeneratedMedia)content.RawRepresentation!, image);
        Assert.Equal("image/png", content.MediaType);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], image.ToArray()[..4]);
        Assert.Equal(1, _fixture.Emulator.Ledger.ChargesFor("a red fox"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Data_response_format_returns_image_bytes(bool useJobs)
    {
        using var generator = Generator(useJobs);

        var response = await generator.GenerateImagesAsync("a red fox", new ImageGenerationOptions { ResponseFormat = ImageGenerationResponseFormat.Data, MediaType = "image/jpeg" });

        var content = Assert.IsType<DataContent>(Assert.Single(response.Contents));
        Assert.Equal("image/jpeg", content.MediaType);
        Assert.Equal([0xFF, 0xD8, 0xFF], content.Data.ToArray()[..3]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Count_option_generates_that_many_images(bool useJobs)
    {
        using var generator = Generator(useJobs);

        var response = await generator.GenerateImagesAsync("three foxes", new ImageGenerationOptions { Count = 3 });

        Assert.Equal(3, response.Contents.Count);
        Assert.Equal(3, _fixture.Emulator.Ledger.ItemCount);
    }

    [Fact]
    public async Task Jobs_succeed_behind_a_gateway_that_times_out_long_requests()
    {
        _fixture.Emulator.Options.JobDuration = TimeSpan.FromMilliseconds(100);
        _fixture.Emulator.Faults.Always(EmulatorEndpoint.Generation, EmulatorFault.ChargeThenStatus(504));
        using var jobGenerator = Generator(useJobs: true);
        using var synchronousGenerator = Generator(useJobs: false);

        var response = await jobGenerator.GenerateImagesAsync("a slow fox");
        var failure = await Assert.ThrowsAnyAsync<ImageApiException>(() => synchronousGenerator.GenerateImagesAsync("a cut fox"));

        Assert.Single(response.Contents);
        Assert.Equal(1, _fixture.Emulator.Ledger.ChargesFor("a slow fox"));
        Assert.Equal(RequestOutcome.Unknown, failure.Outcome);
    }

    [Fact]
    public async Task OnSubmitted_is_called_with_the_job_id()
    {
        var submittedIds = new List<string>();
        using var generator = _fixture.Client.AsIImageGenerator(options: EmulatorFixture.WithJobs(runOptions => runOptions.OnSubmitted = (job, _) =>
        {
            submittedIds.Add(job.Id);
            return default;
        }));

        var response = await generator.GenerateImagesAsync("a red fox");

        Assert.Equal([Assert.IsType<Job>(response.RawRepresentation).Id], submittedIds);
    }

    [Fact]
    public async Task Request_can_set_its_own_JobRun_options()
    {
        var submittedIds = new List<string>();
        var options = new ImageApiImageGenerationOptions
        {
            JobRun = EmulatorFixture.WithJobs(runOptions => runOptions.OnSubmitted = (job, _) =>
            {
                submittedIds.Add(job.Id);
                return default;
            }).JobRun,
        };

        await _fixture.JobGenerator.GenerateImagesAsync("a red fox", options);

        Assert.Single(submittedIds);
    }

    [Fact]
    public async Task Failed_job_throws_JobFailedException_with_the_job_id()
    {
        _fixture.Emulator.Faults.Next(EmulatorEndpoint.JobSubmission, EmulatorFault.JobFails("content_policy_violation"));

        var failure = await Assert.ThrowsAsync<JobFailedException>(() => _fixture.JobGenerator.GenerateImagesAsync("a red fox"));

        Assert.NotNull(failure.JobId);
        Assert.True(failure.IsContentRejected);
    }

    [Fact]
    public async Task Connection_failure_is_never_billed_twice()
    {
        _fixture.Emulator.Faults.Next(EmulatorEndpoint.Generation, EmulatorFault.ChargeThenAbort());

        var failure = await Assert.ThrowsAsync<ImageApiException>(() => Generator(useJobs: false).GenerateImagesAsync("a red fox"));

        Assert.Equal((ImageApiFailureReason.Connection, RequestOutcome.Unknown), (failure.Reason, failure.Outcome));
        Assert.Equal(1, _fixture.Emulator.Ledger.ChargesFor("a red fox"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Canceled_token_throws_without_a_charge(bool useJobs)
    {
        using var canceled = new CancellationTokenSource();
        await canceled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Generator(useJobs).GenerateImagesAsync("a red fox", cancellationToken: canceled.Token));

        Assert.Equal(0, _fixture.Emulator.Ledger.ChargeCount);
    }

    [Fact]
    public async Task Usage_contains_text_and_image_tokens()
    {
        var reference = await _fixture.GenerateReferenceAsync();

        var response = await Generator(useJobs: false).EditImageAsync(reference, "the same fox at night");

        var usage = response.Usage!;
        Assert.Equal(64, usage.AdditionalCounts!["InputTokenDetails.ImageTokenCount"]);
        Assert.Equal(usage.InputTokenCount, usage.InputTextTokenCount + 64);
        Assert.Equal(usage.TotalTokenCount, usage.InputTokenCount + usage.OutputTokenCount);
    }

    [Fact]
    public async Task Disposing_the_generator_does_not_dispose_the_client()
    {
        Generator(useJobs: false).Dispose();

        Assert.Single((await Generator(useJobs: false).GenerateImagesAsync("a red fox")).Contents);
    }

    private IImageGenerator Generator(bool useJobs) => useJobs ? _fixture.JobGenerator : _fixture.Client.AsIImageGenerator();
}
