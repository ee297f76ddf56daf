using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;

namespace ImageApi.Client.Tests.Diagnostics;

/// <summary>Metrics: which there are, what they count, and what they carry.</summary>
public sealed class MetricTests
{
    private readonly string _provider = Guid.NewGuid().ToString();

    [Fact]
    public void Names_and_units_are_those_that_are_documented()
    {
        using var book = new MeterBook(_provider);

        Assert.Equal(
            [
                "gen_ai.client.operation.duration s", "gen_ai.client.token.usage {token}", "imageapi.client.io By", "imageapi.client.job.polls {poll}",
                "imageapi.client.job.wait.duration s", "imageapi.client.jobs.active {job}", "imageapi.client.retries {retry}",
            ],
            book.Instruments.Values.Select(static item => $"{item.Name} {item.Unit}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Histograms_advise_buckets()
    {
        using var book = new MeterBook(_provider);

        Assert.Equal((0.01, 81.92), Ends(((Histogram<double>)book.Instruments["gen_ai.client.operation.duration"]).Advice));
        Assert.Equal((1, 67_108_864), Ends(((Histogram<long>)book.Instruments["gen_ai.client.token.usage"]).Advice));
        Assert.Equal((1, 3600), Ends(((Histogram<double>)book.Instruments["imageapi.client.job.wait.duration"]).Advice));
    }

    [Fact]
    public async Task A_generation_measures_its_duration_and_its_tokens()
    {
        await using var server = ScriptServer.Start(Reply.With(200, """{"data":[{"url":"https://example.com/output.png"}],"usage":{"input_tokens":12,"output_tokens":340}}"""));
        using var book = new MeterBook(_provider);
        using var client = For(server);

        await client.Images.GenerateAsync(new ImageRequest { Prompt = EndpointCalls.Prompt, Model = "a-model" });

        var duration = Assert.Single(book.Of("gen_ai.client.operation.duration"));
        Assert.Equal(
            new Dictionary<string, object?>
            {
                ["gen_ai.operation.name"] = "generate_content",
                ["gen_ai.provider.name"] = _provider,
                ["gen_ai.request.model"] = "a-model",
                ["server.address"] = "127.0.0.1",
                ["server.port"] = server.BaseAddress.Port,
            },
            duration.Tags.OrderBy(static tag => tag.Key, StringComparer.Ordinal).ToDictionary());
        Assert.Equal(
            (12d, 340d), (book.Sum("gen_ai.client.token.usage", "gen_ai.token.type", "input"), book.Sum("gen_ai.client.token.usage", "gen_ai.token.type", "output")));
    }

    [Fact]
    public async Task A_failure_is_measured_with_its_type()
    {
        await using var server = ScriptServer.Start(Reply.With(500, "{}"));
        using var book = new MeterBook(_provider);
        using var client = For(server);

        await Assert.ThrowsAsync<ImageApiErrorException>(() => client.CallAsync(Endpoint.Submit, server.BaseAddress));

        var duration = Assert.Single(book.Of("gen_ai.client.operation.duration"));
        Assert.Equal(("submit", typeof(ImageApiErrorException).FullName), (duration.Tags["gen_ai.operation.name"], duration.Tags["error.type"]));
    }

    [Theory]
    [InlineData(Endpoint.Generate, "images.generate")]
    [InlineData(Endpoint.Submit, "jobs.submit")]
    [InlineData(Endpoint.Get, "jobs.get")]
    [InlineData(Endpoint.Upload, "files.upload")]
    public async Task Every_retry_counts(Endpoint endpoint, string call)
    {
        await using var server = ScriptServer.Start(Reply.With(503, "{}", "Retry-After: 0"), Reply.With(503, "{}", "Retry-After: 0"), Reply.Good(endpoint));
        using var book = new MeterBook(_provider);
        using var client = For(server);

        await client.CallAsync(endpoint, server.BaseAddress);

        Assert.Equal(2, book.Sum("imageapi.client.retries", "imageapi.call", call));
        Assert.All(book.Of("imageapi.client.retries"), static retry => Assert.Equal("503", retry.Tags["imageapi.retry.reason"]));
    }

    [Fact]
    public async Task A_wait_counts_its_questions_with_those_that_failed()
    {
        await using var server = ScriptServer.Start(Job("queued"), Reply.With(503, "{}"), Job("running"), Reply.Good(Endpoint.Get));
        using var book = new MeterBook(_provider);
        using var client = For(server);

        await client.CallAsync(Endpoint.Wait, server.BaseAddress);

        Assert.Equal(4, book.Sum("imageapi.client.job.polls"));
        Assert.Equal(1, book.Sum("imageapi.client.job.polls", "error.type", typeof(ImageApiErrorException).FullName));
    }

    [Fact]
    public async Task A_job_is_in_flight_while_it_is_waited_for()
    {
        var inFlight = new TaskCompletionSource<double>();
        using var book = new MeterBook(_provider);
        await using var server = ScriptServer.Start(Reply.To(_ =>
        {
            inFlight.SetResult(book.Sum("imageapi.client.jobs.active"));
            return Task.FromResult((200, Reply.GoodJob));
        }));
        using var client = For(server);

        await client.CallAsync(Endpoint.Wait, server.BaseAddress);

        Assert.Equal((1d, 0d), (await inFlight.Task, book.Sum("imageapi.client.jobs.active")));
    }

    [Fact]
    public async Task A_job_that_fails_is_no_longer_in_flight()
    {
        await using var server = ScriptServer.Start(Job("failed"));
        using var book = new MeterBook(_provider);
        using var client = For(server);

        await Assert.ThrowsAsync<JobFailedException>(() => client.CallAsync(Endpoint.Wait, server.BaseAddress));

        Assert.Equal((2, 0d), (book.Of("imageapi.client.jobs.active").Count, book.Sum("imageapi.client.jobs.active")));
    }

    [Fact]
    public async Task A_wait_measures_how_long_it_took_on_the_clients_clock()
    {
        var time = new FakeTimeProvider();
        using var handler = new StubHandler(time, StubHandler.Job("queued"), StubHandler.Job("running"), StubHandler.Done());
        using var book = new MeterBook(_provider);
        var options = Clients.Options(new Uri("https://api.example"));
        options.Telemetry.ProviderName = _provider;
        using var client = Clients.For(handler, options, time, random: static () => 0);

        await VirtualTime.RunAsync(time, () => client.Jobs.RunAsync(new JobRequest { Input = new ImageJobInput { Prompt = "fox" } }));

        var wait = Assert.Single(book.Of("imageapi.client.job.wait.duration"));
        Assert.InRange(wait.Value, 2, 60);
        Assert.Equal(handler.Times("GET").Last() - handler.Times("POST").Last(), wait.Value, 3);
        Assert.Equal(("Succeeded", "gpt-image-2"), (wait.Tags["imageapi.job.state"], wait.Tags["gen_ai.request.model"]));
    }

    [Fact]
    public async Task Bytes_are_counted_up_and_down()
    {
        await using var server = ScriptServer.Start(Reply.Good(Endpoint.Generate));
        using var book = new MeterBook(_provider);
        using var client = For(server);

        await client.CallAsync(Endpoint.Generate, server.BaseAddress, bodyBytes: 100_000);

        Assert.Equal(server.Requests[0].Body.Length, book.Sum("imageapi.client.io", "network.io.direction", "transmit"));
        Assert.Equal(Reply.GoodImage.Length, book.Sum("imageapi.client.io", "network.io.direction", "receive"));
    }

    [Fact]
    public async Task Bytes_of_uploads_downloads_and_refusals_count_too()
    {
        await using var server = ScriptServer.Start(Reply.With(503, "{}", "Retry-After: 0"), Reply.Good(Endpoint.Upload), Reply.Good(Endpoint.Download));
        using var book = new MeterBook(_provider);
        using var client = For(server);

        await client.CallAsync(Endpoint.Upload, server.BaseAddress, bodyBytes: 50_000);
        await client.Media.CopyToAsync(new GeneratedMedia { Url = server.BaseAddress + "a.png" }, Stream.Null);

        Assert.Equal(server.Requests.Sum(static request => request.Body.Length), book.Sum("imageapi.client.io", "network.io.direction", "transmit"));
        Assert.Equal(2 + Reply.GoodFile.Length + Reply.Png.Length, book.Sum("imageapi.client.io", "network.io.direction", "receive"));
    }

    [Fact]
    public async Task A_listener_that_throws_does_not_lose_a_job()
    {
        await using var server = ScriptServer.Start(Reply.Good(Endpoint.Submit), Reply.Good(Endpoint.Get));
        var thrown = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == "ImageApi.Client")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => Throw(tags));
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => Throw(tags));
        listener.Start();
        using var client = For(server);

        var job = await client.Jobs.RunAsync(new JobRequest { Input = new ImageJobInput { Prompt = "fox" } }, EndpointCalls.QuickWait());

        Assert.Equal(EndpointCalls.JobId, job.Id);
        Assert.True(thrown > 3, $"{thrown} measurements");

        void Throw(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var tag in tags)
            {
                if (Equals(tag.Value, _provider))
                {
                    thrown++;
                    throw new InvalidOperationException("a listener's own trouble");
                }
            }
        }
    }

    private static (double First, double Last) Ends<T>(InstrumentAdvice<T>? advice)
        where T : struct => (Convert.ToDouble(advice!.HistogramBucketBoundaries![0], null), Convert.ToDouble(advice.HistogramBucketBoundaries[^1], null));

    private static Exchange Job(string status) => Reply.With(200, $$"""{"id":"job_example","status":"{{status}}"}""");

    private ImageApiClient For(ScriptServer server) => Clients.For(server.BaseAddress, options => options.Telemetry.ProviderName = _provider);
}
