using System.Reflection;
using NSubstitute;

namespace ImageApi.Client.Extensions.AI.Tests;

/// <summary>A wait of a request's own does not cost the id of what was bought.</summary>
public sealed class JobWaitsTests
{
    private static readonly Func<Job, CancellationToken, ValueTask> WriteDown = static (_, _) => default;

    private static readonly JobWaitOptions Own = new()
    {
        Timeout = TimeSpan.FromMinutes(1),
        FirstInterval = TimeSpan.FromSeconds(3),
        MaxInterval = TimeSpan.FromSeconds(4),
        IntervalFactor = 5,
        Progress = Substitute.For<IProgress<Job>>(),
        Submission = new CallOptions { IdempotencyKey = "order-7" },
    };

    public static TheoryData<string> Settings => [.. typeof(JobWaitOptions).GetProperties().Select(static property => property.Name).Except([nameof(JobWaitOptions.OnSubmitted)])];

    [Fact]
    public async Task The_generator_still_writes_the_id_down() => Assert.Same(WriteDown, (await UsedAsync(Own, new JobWaitOptions { OnSubmitted = WriteDown }))!.OnSubmitted);

    [Theory]
    [MemberData(nameof(Settings))]
    public async Task Every_other_setting_is_that_of_the_request(string name)
    {
        var property = typeof(JobWaitOptions).GetProperty(name, BindingFlags.Public | BindingFlags.Instance)!;

        var used = await UsedAsync(Own, new JobWaitOptions { OnSubmitted = WriteDown });

        Assert.NotEqual(property.GetValue(new JobWaitOptions()), property.GetValue(Own));
        Assert.Equal(property.GetValue(Own), property.GetValue(used));
    }

    [Fact]
    public async Task A_request_may_write_the_id_down_itself()
    {
        var own = new JobWaitOptions { OnSubmitted = static (_, _) => default };

        Assert.Same(own, await UsedAsync(own, new JobWaitOptions { OnSubmitted = WriteDown }));
    }

    [Fact]
    public async Task Without_a_wait_of_its_own_a_request_has_that_of_the_generator()
    {
        var shared = new JobWaitOptions();

        Assert.Same(shared, await UsedAsync(own: null, shared));
    }

    private static async Task<JobWaitOptions?> UsedAsync(JobWaitOptions? own, JobWaitOptions shared)
    {
        JobWaitOptions? used = null;
        var jobs = Substitute.For<JobsClient>();
        jobs.RunAsync(Arg.Any<JobRequest>(), Arg.Do<JobWaitOptions?>(wait => used = wait), Arg.Any<CancellationToken>()).Returns(new Job { Id = "job_1" });
        var client = Substitute.For<ImageApiClient>();
        client.Jobs.Returns(jobs);

        await client.AsIImageGenerator(options: new ImageApiGeneratorOptions { UseJobs = true, JobWait = shared })
            .GenerateImagesAsync("fox", new ImageApiImageGenerationOptions { JobWait = own });

        return used;
    }
}
