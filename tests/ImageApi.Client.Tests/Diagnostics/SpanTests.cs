using System.Diagnostics;
using System.Text.Json;

namespace ImageApi.Client.Tests.Diagnostics;

/// <summary>Spans: which there are, what they are called, and what they carry.</summary>
public sealed class SpanTests
{
    private const string WithUsage = """{"created":1710000000,"data":[{"url":"https://example.com/output.png"}],"usage":{"input_tokens":12,"output_tokens":340,"total_tokens":352}}""";
    private static readonly JobRequest Request = new() { Input = new ImageJobInput { Prompt = EndpointCalls.Prompt, Count = 2 } };

    [Fact]
    public async Task A_generation_is_one_client_span_named_after_operation_and_model()
    {
        await using var server = ScriptServer.Start(Reply.Good(Endpoint.Generate));
        using var book = new SpanBook(server.BaseAddress);
        using var client = Clients.For(server.BaseAddress);

        await client.Images.GenerateAsync(new ImageRequest { Prompt = EndpointCalls.Prompt, Model = "a-model" });

        Assert.Equal(("generate_content a-model", ActivityKind.Client, "ImageApi.Client"), (book.Only.DisplayName, book.Only.Kind, book.Only.Source.Name));
        Assert.Equal(ActivityStatusCode.Unset, book.Only.Status);
    }

    [Fact]
    public async Task A_generation_carries_the_tags_of_the_conventions()
    {
        await using var server = ScriptServer.Start(Reply.With(200, WithUsage, "x-request-id: req_1"));
        using var book = new SpanBook(server.BaseAddress);
        using var client = Clients.For(server.BaseAddress, static options => options.Telemetry.ProviderName = "a-provider");

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
        Assert.Equal(expected, book.Only.TagObjects.OrderBy(static tag => tag.Key, StringComparer.Ordinal).ToDictionary());
    }

    [Theory]
    [InlineData(400, "Rejected")]
    [InlineData(500, "Unknown")]
    public async Task A_failure_is_the_status_and_the_type_of_the_error(int status, string outcome)
    {
        await using var server = ScriptServer.Start(Reply.With(status, """{"error":{"message":"no"}}""", "x-request-id: req_1"));
        using var book = new SpanBook(server.BaseAddress);
        using var client = Clients.For(server.BaseAddress);

        await Assert.ThrowsAsync<ImageApiErrorException>(() => client.CallAsync(Endpoint.Generate, server.BaseAddress));

        Assert.Equal(ActivityStatusCode.Error, book.Only.Status);
        Assert.Equal(
            (typeof(ImageApiErrorException).FullName, outcome, status, "req_1"),
            (book.Only.GetTagItem("error.type"), book.Only.GetTagItem("imageapi.outcome"), book.Only.GetTagItem("http.response.status_code"), book.Only.GetTagItem("imageapi.request.id")));
    }

    [Fact]
    public async Task A_cancellation_is_an_error_of_its_own_type()
    {
        await using var server = ScriptServer.Start(Reply.Stall);
        using var book = new SpanBook(server.BaseAddress);
        using var client = Clients.For(server.BaseAddress);
        using var stop = new CancellationTokenSource();

        var call = client.CallAsync(Endpoint.Generate, server.BaseAddress, cancellationToken: stop.Token);
        await server.WaitForRequestsAsync(1);
        await stop.CancelAsync();
        await Assert.ThrowsAsync<ImageApiCanceledException>(() => call.WaitAsync(Watchdog.Limit));

        Assert.Equal((ActivityStatusCode.Error, typeof(ImageApiCanceledException).FullName), (book.Only.Status, book.Only.GetTagItem("error.type")));
    }

    [Fact]
    public async Task A_retry_is_an_event_of_the_same_span()
    {
        await using var server = ScriptServer.Start(Reply.With(503, "{}", "Retry-After: 0"), Reply.Good(Endpoint.Submit));
        using var book = new SpanBook(server.BaseAddress);
        using var client = Clients.For(server.BaseAddress);

        await client.Jobs.SubmitAsync(Request);

        var retry = Assert.Single(book.Only.Events);
        Assert.Equal(("imageapi.retry", 1, "503"), (retry.Name, Tag(retry, "imageapi.attempt"), Tag(retry, "imageapi.retry.reason")));
        Assert.Equal(ActivityStatusCode.Unset, book.Only.Status);
    }

    [Fact]
    public async Task A_submission_is_a_span_with_the_id_of_the_job()
    {
        await using var server = ScriptServer.Start(Reply.Good(Endpoint.Submit));
        using var book = new SpanBook(server.BaseAddress);
        using var client = Clients.For(server.BaseAddress);

        await client.Jobs.SubmitAsync(Request);

        Assert.Equal(
            ("submit gpt-image-2", ActivityKind.Client, "submit", "image", 2, EndpointCalls.JobId),
            (book.Only.DisplayName, book.Only.Kind, book.Only.GetTagItem("gen_ai.operation.name"), book.Only.GetTagItem("gen_ai.output.type"),
                book.Only.GetTagItem("gen_ai.request.choice.count"), book.Only.GetTagItem("imageapi.job.id")));
    }

    [Fact]
    public async Task A_job_of_another_model_does_not_say_what_it_makes()
    {
        await using var server = ScriptServer.Start(Reply.Good(Endpoint.Submit));
        using var book = new SpanBook(server.BaseAddress);
        using var client = Clients.For(server.BaseAddress);
        using var input = JsonDocument.Parse("{}");

        await client.Jobs.SubmitAsync(new JobRequest { Model = "a-video-model", Input = JobInput.FromJson(input.RootElement) });

        Assert.Equal(("submit a-video-model", null), (book.Only.DisplayName, book.Only.GetTagItem("gen_ai.output.type")));
    }

    [Fact]
    public async Task A_run_is_one_span_for_submitting_and_one_for_waiting_however_often_it_asks()
    {
        await using var server = ScriptServer.Start(Job("queued"), Job("queued"), Job("queued"), Job("running"), Job("running"), Reply.Good(Endpoint.Get));
        using var book = new SpanBook(server.BaseAddress);
        using var client = Clients.For(server.BaseAddress);

        await client.Jobs.RunAsync(Request, EndpointCalls.QuickWait());

        Assert.Equal(["submit gpt-image-2", "wait"], book.Spans.Select(static span => span.DisplayName));
        Assert.Equal(6, server.Requests.Count);
    }

    [Fact]
    public async Task A_wait_has_an_event_for_every_change_of_state()
    {
        await using var server = ScriptServer.Start(Job("queued"), Job("queued"), Job("running"), Job("running"), Reply.Good(Endpoint.Get));
        using var book = new SpanBook(server.BaseAddress);
        using var client = Clients.For(server.BaseAddress);

        await client.CallAsync(Endpoint.Wait, server.BaseAddress);

        Assert.Equal(["Pending", "Running", "Succeeded"], book.Only.Events.Select(static item => Tag(item, "imageapi.job.state")));
        Assert.All(book.Only.Events, static item => Assert.Equal("imageapi.job.state_changed", item.Name));
        Assert.Equal((EndpointCalls.JobId, "Succeeded", ActivityStatusCode.Unset), (book.Only.GetTagItem("imageapi.job.id"), book.Only.GetTagItem("imageapi.job.state"), book.Only.Status));
    }

    [Fact]
    public async Task A_wait_of_a_job_that_fails_is_an_error()
    {
        await using var server = ScriptServer.Start(Job("failed"));
        using var book = new SpanBook(server.BaseAddress);
        using var client = Clients.For(server.BaseAddress);

        await Assert.ThrowsAsync<JobFailedException>(() => client.CallAsync(Endpoint.Wait, server.BaseAddress));

        Assert.Equal(
            (ActivityStatusCode.Error, typeof(JobFailedException).FullName, "Failed"),
            (book.Only.Status, book.Only.GetTagItem("error.type"), book.Only.GetTagItem("imageapi.job.state")));
    }

    [Fact]
    public async Task A_wait_for_an_unknown_job_is_an_error()
    {
        await using var server = ScriptServer.Start(Reply.With(404, "{}"));
        using var book = new SpanBook(server.BaseAddress);
        using var client = Clients.For(server.BaseAddress);

        await Assert.ThrowsAsync<JobNotFoundException>(() => client.CallAsync(Endpoint.Wait, server.BaseAddress));

        Assert.Equal((ActivityStatusCode.Error, typeof(JobNotFoundException).FullName), (book.Only.Status, book.Only.GetTagItem("error.type")));
    }

    [Fact]
    public async Task A_watch_that_is_given_up_ends_its_span_without_an_error()
    {
        await using var server = ScriptServer.Start(Job("running"));
        using var book = new SpanBook(server.BaseAddress);
        using var client = Clients.For(server.BaseAddress);

        await foreach (var job in client.Jobs.WatchAsync(EndpointCalls.JobId))
        {
            Assert.False(job.IsFinal);
            break;
        }

        Assert.Equal(("wait", ActivityStatusCode.Unset, "Running"), (book.Only.DisplayName, book.Only.Status, book.Only.GetTagItem("imageapi.job.state")));
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Wait)]
    public async Task The_platforms_spans_are_its_children_and_it_is_one_of_the_callers(Endpoint endpoint)
    {
        await using var server = ScriptServer.Start(Job("queued"), Reply.Good(endpoint));
        using var book = new SpanBook(server.BaseAddress);
        using var platform = new SpanBook(server.BaseAddress, "System.Net.Http");
        using var client = Clients.For(server.BaseAddress);
        if (endpoint == Endpoint.Generate)
        {
            await client.CallAsync(Endpoint.Get, server.BaseAddress); // takes the first line of the script
        }

        using var own = new Activity("own").Start();
        await client.CallAsync(endpoint, server.BaseAddress);

        Assert.Same(own, Activity.Current);
        Assert.Equal(own.SpanId, book.Only.ParentSpanId);
        Assert.Equal(endpoint == Endpoint.Wait ? 2 : 1, platform.Spans.Count(span => span.ParentSpanId == book.Only.SpanId));
    }

    [Fact]
    public async Task A_watch_leaves_the_callers_activity_as_it_is_and_keeps_its_questions_below_its_own()
    {
        await using var server = ScriptServer.Start(Job("queued"), Job("running"), Reply.Good(Endpoint.Get));
        using var book = new SpanBook(server.BaseAddress);
        using var client = Clients.For(server.BaseAddress);
        using var platform = new SpanBook(server.BaseAddress, "System.Net.Http");
        using var own = new Activity("own").Start();

        await foreach (var job in client.Jobs.WatchAsync(EndpointCalls.JobId, EndpointCalls.QuickWait()))
        {
            Assert.Same(own, Activity.Current);
        }

        Assert.Same(own, Activity.Current);
        Assert.Equal(own.SpanId, book.Only.ParentSpanId);
        Assert.Equal(3, platform.Spans.Count);
        Assert.All(platform.Spans, span => Assert.Equal(book.Only.SpanId, span.ParentSpanId));
    }

    [Theory]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Upload)]
    public async Task Other_calls_have_the_platforms_span_alone(Endpoint endpoint)
    {
        await using var server = ScriptServer.Start(Reply.Good(endpoint));
        using var book = new SpanBook(server.BaseAddress);
        using var client = Clients.For(server.BaseAddress);

        await client.CallAsync(endpoint, server.BaseAddress);

        Assert.Empty(book.Spans);
    }

    [Fact]
    public async Task A_listener_that_throws_does_not_lose_a_job()
    {
        await using var server = ScriptServer.Start(Reply.Good(Endpoint.Submit));
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
        using var client = Clients.For(server.BaseAddress);

        var job = await client.Jobs.SubmitAsync(Request);

        Assert.Equal((EndpointCalls.JobId, 1), (job.Id, stopped));
    }

    private static object? Tag(ActivityEvent item, string name) => item.Tags.Single(tag => tag.Key == name).Value;

    private static Exchange Job(string status) => Reply.With(200, $$"""{"id":"job_example","status":"{{status}}"}""");
}
