using System.Diagnostics;
using System.Text.Json;

namespace ImageApi.Client.Tests.Diagnostics;

/// <summary>Spans: which there are, what they are called, and what they carry.</summary>
public sealed class SpanTests
{
    private const string ResponseWithUsage = """{"created":1710000000,"data":[{"url":"https://example.com/output.png"}],"usage":{"input_tokens":12,"output_tokens":340,"total_tokens":352}}""";
    private static readonly JobRequest Request = new() { Input = new ImageJobInput { Prompt = EndpointCalls.Prompt, Count = 2 } };

    [Fact]
    public async Task Generation_is_one_client_span_named_by_operation_and_model()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Generate));
        using var activities = new ActivityCollector(server.BaseAddress);
        using var client = TestClients.Create(server.BaseAddress);

        await client.Images.GenerateAsync(new ImageRequest { Prompt = EndpointCalls.Prompt, Model = "a-model" });

        Assert.Equal(("generate_content a-model", ActivityKind.Client, "ImageApi.Client"), (activities.Single.DisplayName, activities.Single.Kind, activities.Single.Source.Name));
        Assert.Equal(ActivityStatusCode.Unset, activities.Single.Status);
    }

    [Fact]
    public async Task Generation_span_has_the_semantic_convention_tags()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(200, ResponseWithUsage, "x-request-id: req_1"));
        using var activities = new ActivityCollector(server.BaseAddress);
        using var client = TestClients.Create(server.BaseAddress, static options => options.Telemetry.ProviderName = "a-provider");

        await client.Images.GenerateAsync(new ImageRequest { Prompt = EndpointCalls.Prompt, Model = "a-model", Count = 3 });

        var expected = new Dictionary<string, object?>
        {
            ["gen_ai.operation.name"] = "generate_content",
            ["gen_ai.output.type"] = "image",
            ["gen_ai.provider.name"] = "a-provider",
            ["gen_ai.request.model"] = "a-model",
            ["gen_ai.request.choice.count"] = 3,
            ["gen_ai.usage.input_tokens"] = 12L,
            ["gen_ai.usage.output_tokens"] = 340L,
            ["imageapi.request.id"] = "req_1",
            ["server.address"] = "127.0.0.1",
            ["server.port"] = server.BaseAddress.Port,
        };
        Assert.Equal(expected, activities.Single.TagObjects.OrderBy(static tag => tag.Key, StringComparer.Ordinal).ToDictionary());
    }

    [Theory]
    [InlineData(400, "Rejected")]
    [InlineData(500, "Unknown")]
    public async Task Failure_sets_span_status_and_error_type(int status, string outcome)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(status, """{"error":{"message":"no"}}""", "x-request-id: req_1"));
        using var activities = new ActivityCollector(server.BaseAddress);
        using var client = TestClients.Create(server.BaseAddress);

        await Assert.ThrowsAsync<ImageApiResponseException>(() => client.CallAsync(Endpoint.Generate, server.BaseAddress));

        Assert.Equal(ActivityStatusCode.Error, activities.Single.Status);
        Assert.Equal(
            (typeof(ImageApiResponseException).FullName, outcome, status, "req_1"),
            (activities.Single.GetTagItem("error.type"), activities.Single.GetTagItem("imageapi.outcome"), activities.Single.GetTagItem("http.response.status_code"), activities.Single.GetTagItem("imageapi.request.id")));
    }

    [Fact]
    public async Task Canceled_call_sets_span_error_type()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Stall);
        using var activities = new ActivityCollector(server.BaseAddress);
        using var client = TestClients.Create(server.BaseAddress);
        using var stop = new CancellationTokenSource();

        var call = client.CallAsync(Endpoint.Generate, server.BaseAddress, cancellationToken: stop.Token);
        await server.WaitForRequestsAsync(1);
        await stop.CancelAsync();
        await Assert.ThrowsAsync<ImageApiCanceledException>(() => call.WaitAsync(TestTimeout.Duration));

        Assert.Equal((ActivityStatusCode.Error, typeof(ImageApiCanceledException).FullName), (activities.Single.Status, activities.Single.GetTagItem("error.type")));
    }

    [Fact]
    public async Task Retry_is_an_event_of_the_same_span()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(503, "{}", "Retry-After: 0"), ScriptedResponse.Success(Endpoint.Submit));
        using var activities = new ActivityCollector(server.BaseAddress);
        using var client = TestClients.Create(server.BaseAddress);

        await client.Jobs.SubmitAsync(Request);

        var retry = Assert.Single(activities.Single.Events);
        Assert.Equal(("imageapi.retry", 1, "503"), (retry.Name, Tag(retry, "imageapi.attempt"), Tag(retry, "imageapi.retry.reason")));
        Assert.Equal(ActivityStatusCode.Unset, activities.Single.Status);
    }

    [Fact]
    public async Task Submission_span_has_the_job_id()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Submit));
        using var activities = new ActivityCollector(server.BaseAddress);
        using var client = TestClients.Create(server.BaseAddress);

        await client.Jobs.SubmitAsync(Request);

        Assert.Equal(
            ("submit gpt-image-2", ActivityKind.Client, "submit", "image", 2, EndpointCalls.JobId),
            (activities.Single.DisplayName, activities.Single.Kind, activities.Single.GetTagItem("gen_ai.operation.name"), activities.Single.GetTagItem("gen_ai.output.type"),
                activities.Single.GetTagItem("gen_ai.request.choice.count"), activities.Single.GetTagItem("imageapi.job.id")));
    }

    [Fact]
    public async Task Job_span_of_an_unknown_model_has_no_output_type()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Submit));
        using var activities = new ActivityCollector(server.BaseAddress);
        using var client = TestClients.Create(server.BaseAddress);
        using var input = JsonDocument.Parse("{}");

        await client.Jobs.SubmitAsync(new JobRequest { Model = "a-video-model", Input = JobInput.FromJson(input.RootElement) });

        Assert.Equal(("submit a-video-model", null), (activities.Single.DisplayName, activities.Single.GetTagItem("gen_ai.output.type")));
    }

    [Fact]
    public async Task Run_has_one_submit_span_and_one_wait_span()
    {
        await using var server = ScriptedServer.Start(JobResponse("queued"), JobResponse("queued"), JobResponse("queued"), JobResponse("running"), JobResponse("running"), ScriptedResponse.Success(Endpoint.Get));
        using var activities = new ActivityCollector(server.BaseAddress);
        using var client = TestClients.Create(server.BaseAddress);

        await client.Jobs.RunAsync(Request, new JobRunOptions { Wait = EndpointCalls.ShortIntervals() });

        Assert.Equal(["submit gpt-image-2", "wait"], activities.Activities.Select(static span => span.DisplayName));
        Assert.Equal(6, server.Requests.Count);
    }

    [Fact]
    public async Task Wait_span_has_an_event_for_every_state_change()
    {
        await using var server = ScriptedServer.Start(JobResponse("queued"), JobResponse("queued"), JobResponse("running"), JobResponse("running"), ScriptedResponse.Success(Endpoint.Get));
        using var activities = new ActivityCollector(server.BaseAddress);
        using var client = TestClients.Create(server.BaseAddress);

        await client.CallAsync(Endpoint.Wait, server.BaseAddress);

        Assert.Equal(["Pending", "Running", "Succeeded"], activities.Single.Events.Select(static item => Tag(item, "imageapi.job.state")));
        Assert.All(activities.Single.Events, static item => Assert.Equal("imageapi.job.state_changed", item.Name));
        Assert.Equal((EndpointCalls.JobId, "Succeeded", ActivityStatusCode.Unset), (activities.Single.GetTagItem("imageapi.job.id"), activities.Single.GetTagItem("imageapi.job.state"), activities.Single.Status));
    }

    [Fact]
    public async Task Wait_span_of_a_failed_job_has_error_status()
    {
        await using var server = ScriptedServer.Start(JobResponse("failed"));
        using var activities = new ActivityCollector(server.BaseAddress);
        using var client = TestClients.Create(server.BaseAddress);

        await Assert.ThrowsAsync<JobFailedException>(() => client.CallAsync(Endpoint.Wait, server.BaseAddress));

        Assert.Equal(
            (ActivityStatusCode.Error, typeof(JobFailedException).FullName, "Failed"),
            (activities.Single.Status, activities.Single.GetTagItem("error.type"), activities.Single.GetTagItem("imageapi.job.state")));
    }

    [Fact]
    public async Task Wait_span_of_an_unknown_job_has_error_status()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(404, "{}"));
        using var activities = new ActivityCollector(server.BaseAddress);
        using var client = TestClients.Create(server.BaseAddress);

        await Assert.ThrowsAsync<JobNotFoundException>(() => client.CallAsync(Endpoint.Wait, server.BaseAddress));

        Assert.Equal((ActivityStatusCode.Error, typeof(JobNotFoundException).FullName), (activities.Single.Status, activities.Single.GetTagItem("error.type")));
    }

    [Fact]
    public async Task Abandoned_WatchAsync_ends_its_span_without_error()
    {
        await using var server = ScriptedServer.Start(JobResponse("running"));
        using var activities = new ActivityCollector(server.BaseAddress);
        using var client = TestClients.Create(server.BaseAddress);

        await foreach (var job in client.Jobs.WatchAsync(EndpointCalls.JobId))
        {
            Assert.False(job.IsFinal);
            break;
        }

        Assert.Equal(("wait", ActivityStatusCode.Unset, "Running"), (activities.Single.DisplayName, activities.Single.Status, activities.Single.GetTagItem("imageapi.job.state")));
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Wait)]
    public async Task Span_is_child_of_the_caller_and_parent_of_HTTP_spans(Endpoint endpoint)
    {
        await using var server = ScriptedServer.Start(JobResponse("queued"), ScriptedResponse.Success(endpoint));
        using var activities = new ActivityCollector(server.BaseAddress);
        using var httpActivities = new ActivityCollector(server.BaseAddress, "System.Net.Http");
        using var client = TestClients.Create(server.BaseAddress);
        if (endpoint == Endpoint.Generate)
        {
            await client.CallAsync(Endpoint.Get, server.BaseAddress); // takes the first line of the script
        }

        using var callerActivity = new Activity("own").Start();
        await client.CallAsync(endpoint, server.BaseAddress);

        Assert.Same(callerActivity, Activity.Current);
        Assert.Equal(callerActivity.SpanId, activities.Single.ParentSpanId);
        Assert.Equal(endpoint == Endpoint.Wait ? 2 : 1, httpActivities.Activities.Count(span => span.ParentSpanId == activities.Single.SpanId));
    }

    [Fact]
    public async Task WatchAsync_keeps_Activity_Current_and_parents_its_HTTP_spans()
    {
        await using var server = ScriptedServer.Start(JobResponse("queued"), JobResponse("running"), ScriptedResponse.Success(Endpoint.Get));
        using var activities = new ActivityCollector(server.BaseAddress);
        using var client = TestClients.Create(server.BaseAddress);
        using var httpActivities = new ActivityCollector(server.BaseAddress, "System.Net.Http");
        using var callerActivity = new Activity("own").Start();

        await foreach (var job in client.Jobs.WatchAsync(EndpointCalls.JobId, EndpointCalls.ShortIntervals()))
        {
            Assert.Same(callerActivity, Activity.Current);
        }

        Assert.Same(callerActivity, Activity.Current);
        Assert.Equal(callerActivity.SpanId, activities.Single.ParentSpanId);
        Assert.Equal(3, httpActivities.Activities.Count);
        Assert.All(httpActivities.Activities, span => Assert.Equal(activities.Single.SpanId, span.ParentSpanId));
    }

    [Theory]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Upload)]
    public async Task Status_query_and_upload_create_no_library_span(Endpoint endpoint)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(endpoint));
        using var activities = new ActivityCollector(server.BaseAddress);
        using var client = TestClients.Create(server.BaseAddress);

        await client.CallAsync(endpoint, server.BaseAddress);

        Assert.Empty(activities.Activities);
    }

    [Fact]
    public async Task Throwing_activity_listener_does_not_lose_a_job()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Submit));
        var stopped = 0;
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "ImageApi.Client",
            Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (activity.GetTagItem("server.port") is int port && port == server.BaseAddress.Port)
                {
                    stopped++;
                    throw new InvalidOperationException("a listener's own trouble");
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var client = TestClients.Create(server.BaseAddress);

        var job = await client.Jobs.SubmitAsync(Request);

        Assert.Equal((EndpointCalls.JobId, 1), (job.Id, stopped));
    }

    private static object? Tag(ActivityEvent item, string name) => item.Tags.Single(tag => tag.Key == name).Value;

    private static Exchange JobResponse(string status) => ScriptedResponse.With(200, $$"""{"id":"job_example","status":"{{status}}"}""");
}
