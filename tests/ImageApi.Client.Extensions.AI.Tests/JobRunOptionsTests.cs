using System.Reflection;
using NSubstitute;

namespace ImageApi.Client.Extensions.AI.Tests;

/// <summary>Job options of a request's own does not cost the id of what was bought.</summary>
public sealed class JobRunOptionsTests
{
    private static readonly Func<Job, CancellationToken, ValueTask> GeneratorCallback = static (_, _) => default;

    private static readonly JobRunOptions RequestRun = new()
    {
        Submission = new RequestOptions { IdempotencyKey = "order-7" },
        Wait = new JobWaitOptions { Timeout = TimeSpan.FromMinutes(1) },
    };

    public static TheoryData<string> OptionNames => [.. typeof(JobRunOptions).GetProperties().Select(static property => property.Name).Except([nameof(JobRunOptions.OnSubmitted)])];

    [Fact]
    public async Task OnSubmitted_of_the_generator_is_kept() => Assert.Same(GeneratorCallback, (await EffectiveOptionsAsync(RequestRun, new JobRunOptions { OnSubmitted = GeneratorCallback }))!.OnSubmitted);

    [Theory]
    [MemberData(nameof(OptionNames))]
    public async Task Every_other_option_is_taken_from_the_request(string name)
    {
        var property = typeof(JobRunOptions).GetProperty(name, BindingFlags.Public | BindingFlags.Instance)!;

        var used = await EffectiveOptionsAsync(RequestRun, new JobRunOptions { OnSubmitted = GeneratorCallback });

        Assert.NotEqual(property.GetValue(new JobRunOptions()), property.GetValue(RequestRun));
        Assert.Equal(property.GetValue(RequestRun), property.GetValue(used));
    }

    [Fact]
    public async Task OnSubmitted_of_the_request_replaces_the_generator_options()
    {
        var requestOptions = new JobRunOptions { OnSubmitted = static (_, _) => default };

        Assert.Same(requestOptions, await EffectiveOptionsAsync(requestOptions, new JobRunOptions { OnSubmitted = GeneratorCallback }));
    }

    [Fact]
    public async Task Request_without_JobRun_uses_the_generator_options()
    {
        var generatorOptions = new JobRunOptions();

        Assert.Same(generatorOptions, await EffectiveOptionsAsync(requestOptions: null, generatorOptions));
    }

    private static async Task<JobRunOptions?> EffectiveOptionsAsync(JobRunOptions? requestOptions, JobRunOptions generatorOptions)
    {
        JobRunOptions? used = null;
        var jobs = Substitute.For<JobsClient>();
        jobs.RunAsync(Arg.Any<JobRequest>(), Arg.Do<JobRunOptions?>(runOptions => used = runOptions), Arg.Any<CancellationToken>()).Returns(new Job { Id = "job_1" });
        var client = Substitute.For<ImageApiClient>();
        client.Jobs.Returns(jobs);

        await client.AsIImageGenerator(options: new ImageApiGeneratorOptions { UseJobs = true, JobRun = generatorOptions })
            .GenerateImagesAsync("fox", new ImageApiImageGenerationOptions { JobRun = requestOptions });

        return used;
    }
}
