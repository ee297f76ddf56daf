using ImageApi.Emulator;

namespace ImageApi.Client.Extensions.AI.Tests;

/// <summary>Whole generations against the emulator.</summary>
public sealed class GenerationTests : IAsyncLifetime
{
    private World _world = null!;

    public async Task InitializeAsync() => _world = await World.CreateAsync();

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_picture_comes_as_a_link_that_can_be_saved(bool useJobs)
    {
        using var generator = Generator(useJobs);

        var response = await generator.GenerateImagesAsync("a red fox", new ImageGenerationOptions { ResponseFormat = ImageGenerationResponseFormat.Uri });

        var content = Assert.IsType<UriContent>(Assert.Single(response.Contents));
        using var picture = new MemoryStream();
        await _world.Client.Media.CopyToAsync((GeneratedMedia)content.RawRepresentation!, picture);
        Assert.Equal("image/png", content.MediaType);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], picture.ToArray()[..4]);
        Assert.Equal(1, _world.Emulator.Ledger.ChargesFor("a red fox"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_picture_comes_as_data(bool useJobs)
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
    public async Task As_many_pictures_come_as_are_asked_for(bool useJobs)
    {
        using var generator = Generator(useJobs);

        var response = await generator.GenerateImagesAsync("three foxes", new ImageGenerationOptions { Count = 3 });

        Assert.Equal(3, response.Contents.Count);
        Assert.Equal(3, _world.Emulator.Ledger.ItemCount);
    }

    [Fact]
    public async Task A_job_outlives_a_gateway_that_cuts_every_long_call()
    {
        _world.Emulator.Options.JobDuration = TimeSpan.FromMilliseconds(100);
        _world.Emulator.Faults.Always(EmulatorEndpoint.Generation, EmulatorFault.ChargeThenStatus(504));
        using var overJobs = Generator(useJobs: true);
        using var inOneCall = Generator(useJobs: false);

        var response = await overJobs.GenerateImagesAsync("a slow fox");
        var cut = await Assert.ThrowsAnyAsync<ImageApiException>(() => inOneCall.GenerateImagesAsync("a cut fox"));

        Assert.Single(response.Contents);
        Assert.Equal(1, _world.Emulator.Ledger.ChargesFor("a slow fox"));
        Assert.Equal(RequestOutcome.Unknown, cut.Outcome);
    }

    [Fact]
    public async Task The_job_is_told_before_the_wait()
    {
        var told = new List<string>();
        using var generator = _world.Client.AsIImageGenerator(options: World.OverJobs(wait => wait.OnSubmitted = (job, _) =>
        {
            told.Add(job.Id);
            return default;
        }));

        var response = await generator.GenerateImagesAsync("a red fox");

        Assert.Equal([Assert.IsType<Job>(response.RawRepresentation).Id], told);
    }

    [Fact]
    public async Task A_request_has_a_wait_of_its_own()
    {
        var told = new List<string>();
        var options = new ImageApiImageGenerationOptions
        {
            JobWait = World.OverJobs(wait => wait.OnSubmitted = (job, _) =>
            {
                told.Add(job.Id);
                return default;
            }).JobWait,
        };

        await _world.Jobs.GenerateImagesAsync("a red fox", options);

        Assert.Single(told);
    }

    [Fact]
    public async Task A_failed_job_comes_out_with_its_id()
    {
        _world.Emulator.Faults.Next(EmulatorEndpoint.JobSubmission, EmulatorFault.JobFails("content_policy_violation"));

        var failure = await Assert.ThrowsAsync<JobFailedException>(() => _world.Jobs.GenerateImagesAsync("a red fox"));

        Assert.NotNull(failure.JobId);
        Assert.True(failure.IsContentRejected);
    }

    [Fact]
    public async Task A_broken_connection_is_never_paid_twice()
    {
        _world.Emulator.Faults.Next(EmulatorEndpoint.Generation, EmulatorFault.ChargeThenAbort());

        var failure = await Assert.ThrowsAsync<ImageApiConnectionException>(() => Generator(useJobs: false).GenerateImagesAsync("a red fox"));

        Assert.Equal(RequestOutcome.Unknown, failure.Outcome);
        Assert.Equal(1, _world.Emulator.Ledger.ChargesFor("a red fox"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cancelled_token_cancels(bool useJobs)
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Generator(useJobs).GenerateImagesAsync("a red fox", cancellationToken: cancelled.Token));

        Assert.Equal(0, _world.Emulator.Ledger.ChargeCount);
    }

    [Fact]
    public async Task Usage_counts_texts_and_images()
    {
        var reference = await _world.PictureAsync();

        var response = await Generator(useJobs: false).EditImageAsync(reference, "the same fox at night");

        var usage = response.Usage!;
        Assert.Equal(64, usage.AdditionalCounts!["InputTokenDetails.ImageTokenCount"]);
        Assert.Equal(usage.InputTokenCount, usage.InputTextTokenCount + 64);
        Assert.Equal(usage.TotalTokenCount, usage.InputTokenCount + usage.OutputTokenCount);
    }

    [Fact]
    public async Task Disposing_the_generator_leaves_the_client_open()
    {
        Generator(useJobs: false).Dispose();

        Assert.Single((await Generator(useJobs: false).GenerateImagesAsync("a red fox")).Contents);
    }

    private IImageGenerator Generator(bool useJobs) => useJobs ? _world.Jobs : _world.Client.AsIImageGenerator();
}
