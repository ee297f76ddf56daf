using System.Reflection;
using NSubstitute;

namespace ImageApi.Client.Extensions.AI.Tests;

/// <summary>A wait of a request's own does not cost the id of what was bought.</summary>
public sealed class JobWaitOptionsTests
{
    private static readonly Func<Job, CancellationToken, ValueTask> GeneratorCallback = static (_, _) => default;

    private static readonly JobWaitOptions RequestWait = new()
    {
        Timeout = TimeSpan.FromMinutes(1),
        FirstInterval = TimeSpan.FromSeconds(3),
        MaxInterval = TimeSpan.FromSeconds(4),
        IntervalFactor = 5,
        Progress = Substitute.For<IProgress<Job>>(),
        Submission = new RequestOptions { IdempotencyKey = "order-7" },
    };

    public static TheoryData<string> OptionNames => [.. typeof(JobWaitOptions).GetProperties().Select(static property => property.Name).Except([nameof(JobWaitOptions.OnSubmitted)])];

    [Fact]
    public async Task OnSubmitted_of_the_generator_is_kept() => Assert.Same(GeneratorCallback, (await EffectiveOptionsAsync(RequestWait, new JobWaitOptions { OnSubmitted = GeneratorCallback }))!.OnSubmitted);

    [Theory]
    [MemberData(nameof(OptionNames))]
    public async Task Every_other_option_is_taken_from_the_request(string name)
    {
        var property = typeof(JobWaitOptions).GetProperty(name, BindingFlags.Public | BindingFlags.Instance)!;

        var used = await EffectiveOptionsAsync(RequestWait, new JobWaitOptions { OnSubmitted = GeneratorCallback });

        Assert.NotEqual(property.GetValue(new JobWaitOptions()), property.GetValue(RequestWait));
        Assert.Equal(property.GetValue(RequestWait), property.GetValue(used));
    }

    [Fact]
    public async Task OnSubmitted_of_the_request_replaces_the_generator_options()
    {
        var requestOptions = new JobWaitOptions { OnSubmitted = static (_, _) => default };

        Assert.Same(requestOptions, await EffectiveOptionsAsync(requestOptions, new JobWaitOptions { OnSubmitted = GeneratorCallback }));
    }

    [Fact]
    public async Task Request_without_JobWait_uses_the_generator_options()
    {
        var generatorOptions = new JobWaitOptions();

        Assert.Same(generatorOptions, await EffectiveOptionsAsync(requestOptions: null, generatorOptions));
    }

    private static async Task<JobWaitOptions?> EffectiveOptionsAsync(JobWaitOptions? requestOptions, JobWaitOptions generatorOptions)
    {
        JobWaitOptions? used = null;
        var jobs = Substitute.For<JobsClient>();
        jobs.RunAsync(Arg.Any<JobRequest>(), Arg.Do<JobWaitOptions?>(waitOptions => used = waitOptions), Arg.Any<CancellationToken>()).Returns(new Job { Id = "job_1" });
        var client = Substitute.For<ImageApiClient>();
        client.Jobs.Returns(jobs);

        await client.AsIImageGenerator(options: new ImageApiGeneratorOptions { UseJobs = true, JobWait = generatorOptions })
            .GenerateImagesAsync("fox", new ImageApiImageGenerationOptions { JobWait = requestOptions });

        return used;
    }
}
