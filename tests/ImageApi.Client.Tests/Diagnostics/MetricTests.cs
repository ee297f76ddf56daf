using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;

namespace ImageApi.Client.Tests.Diagnostics;

/// <summary>Metrics: which there are, what they count, and what they carry.</summary>
public sealed class MetricTests
{
    private readonly string _provider = Guid.NewGuid().ToString();

    [Fact]
    public void Instrument_names_and_units_match_the_documentation()
    {
        using var metrics = new MetricsCollector(_provider);

        Assert.Equal(
            [
                "gen_ai.client.operation.duration s", "gen_ai.client.token.usage {token}", "imageapi.client.io By", "imageapi.client.job.polls {poll}",
                "imageapi.client.job.wait.duration s", "imageapi.client.jobs.active {job}", "imageapi.client.retries {retry}",
            ],
            metrics.Instruments.Values.Select(static item => $"{item.Name} {item.Unit}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Histograms_advise_bucket_boundaries()
    {
        using var metrics = new MetricsCollector(_provider);

        Assert.Equal((0.01, 81.92), FirstAndLastBoundary(((Histogram<double>)metrics.Instruments["gen_ai.client.operation.duration"]).Advice));
        Assert.Equal((1, 67_108_864), FirstAndLastBoundary(((Histogram<long>)metrics.Instruments["gen_ai.client.token.usage"]).Advice));
        Assert.Equal((1, 3600), FirstAndLastBoundary(((Histogram<double>)metrics.Instruments["imageapi.client.job.wait.duration"]).Advice));
    }

    [Fact]
    public async Task Generation_records_duration_and_token_usage()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(200, """{"data":[{"url":"https://example.com/output.png"}],"usage":{"input_tokens":12,"output_tokens":340}}"""));
        using var metrics = new MetricsCollector(_provider);
        using var client = CreateClient(server);

        await client.Images.GenerateAsync(new ImageRequest { Prompt = EndpointCalls.Prompt, Model = "a-model" });

        var duration = Assert.Single(metrics.OfInstrument("gen_ai.client.operation.duration"));
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
            (12d, 340d), (metrics.Sum("gen_ai.client.token.usage", "gen_ai.token.type", "input"), metrics.Sum("gen_ai.client.token.usage", "gen_ai.token.type", "output")));
    }

    [Fact]
    public async Task Failed_request_records_duration_with_error_type()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(500, "{}"));
        using var metrics = new MetricsCollector(_provider);
        using var client = CreateClient(server);

        await Assert.ThrowsAsync<ImageApiResponseException>(() => client.CallAsync(Endpoint.Submit, server.BaseAddress));

        var duration = Assert.Single(metrics.OfInstrument("gen_ai.client.operation.duration"));
        Assert.Equal(("submit", typeof(ImageApiResponseException).FullName), (duration.Tags["gen_ai.operation.name"], duration.Tags["error.type"]));
    }

    [Theory]
    [InlineData(Endpoint.Generate, "images.generate")]
    [InlineData(Endpoint.Submit, "jobs.submit")]
    [InlineData(Endpoint.Get, "jobs.get")]
    [InlineData(Endpoint.Upload, "files.upload")]
    public async Task Every_retry_is_counted(Endpoint endpoint, string call)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(503, "{}", "Retry-After: 0"), ScriptedResponse.With(503, "{}", "Retry-After: 0"), ScriptedResponse.Success(endpoint));
        using var metrics = new MetricsCollector(_provider);
        using var client = CreateClient(server);

        await client.CallAsync(endpoint, server.BaseAddress);

        Assert.Equal(2, metrics.Sum("imageapi.client.retries", "imageapi.call", call));
        Assert.All(metrics.OfInstrument("imageapi.client.retries"), static retry => Assert.Equal("503", retry.Tags["imageapi.retry.reason"]));
    }

    [Fact]
    public async Task Job_wait_counts_all_polls_including_failed_ones()
    {
        await using var server = ScriptedServer.Start(JobResponse("queued"), ScriptedResponse.With(503, "{}"), JobResponse("running"), ScriptedResponse.Success(Endpoint.Get));
        using var metrics = new MetricsCollector(_provider);
        using var client = CreateClient(server);

        await client.CallAsync(Endpoint.Wait, server.BaseAddress);

        Assert.Equal(4, metrics.Sum("imageapi.client.job.polls"));
        Assert.Equal(1, metrics.Sum("imageapi.client.job.polls", "error.type", typeof(ImageApiResponseException).FullName));
    }

    [Fact]
    public async Task Job_is_active_while_it_is_awaited()
    {
        var inFlight = new TaskCompletionSource<double>();
        using var metrics = new MetricsCollector(_provider);
        await using var server = ScriptedServer.Start(ScriptedResponse.FromRequest(_ =>
        {
            inFlight.SetResult(metrics.Sum("imageapi.client.jobs.active"));
            return Task.FromResult((200, ScriptedResponse.JobResponseJson));
        }));
        using var client = CreateClient(server);

        await client.CallAsync(Endpoint.Wait, server.BaseAddress);

        Assert.Equal((1d, 0d), (await inFlight.Task, metrics.Sum("imageapi.client.jobs.active")));
    }

    [Fact]
    public async Task Failed_job_is_not_active_anymore()
    {
        await using var server = ScriptedServer.Start(JobResponse("failed"));
        using var metrics = new MetricsCollector(_provider);
        using var client = CreateClient(server);

        await Assert.ThrowsAsync<JobFailedException>(() => client.CallAsync(Endpoint.Wait, server.BaseAddress));

        Assert.Equal((2, 0d), (metrics.OfInstrument("imageapi.client.jobs.active").Count, metrics.Sum("imageapi.client.jobs.active")));
    }

    [Fact]
    public async Task Job_wait_duration_uses_the_TimeProvider_of_the_client()
    {
        var timeProvider = new FakeTimeProvider();
        using var handler = new StubHandler(timeProvider, StubHandler.Job("queued"), StubHandler.Job("running"), StubHandler.SucceededJob());
        using var metrics = new MetricsCollector(_provider);
        var options = TestClients.Options(new Uri("https://api.example"));
        options.Telemetry.ProviderName = _provider;
        using var client = TestClients.Create(handler, options, timeProvider, random: static () => 0);

        await VirtualTime.RunAsync(timeProvider, () => client.Jobs.RunAsync(new JobRequest { Input = new ImageJobInput { Prompt = "fox" } }));

        var duration = Assert.Single(metrics.OfInstrument("imageapi.client.job.wait.duration"));
        Assert.InRange(duration.Value, 2, 60);
        Assert.Equal(handler.RequestTimes("GET").Last() - handler.RequestTimes("POST").Last(), duration.Value, 3);
        Assert.Equal(("Succeeded", "gpt-image-2"), (duration.Tags["imageapi.job.state"], duration.Tags["gen_ai.request.model"]));
    }

    [Fact]
    public async Task Sent_and_received_bytes_are_counted()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Generate));
        using var metrics = new MetricsCollector(_provider);
        using var client = CreateClient(server);

        await client.CallAsync(Endpoint.Generate, server.BaseAddress, bodyBytes: 100_000);

        Assert.Equal(server.Requests[0].Body.Length, metrics.Sum("imageapi.client.io", "network.io.direction", "transmit"));
        Assert.Equal(ScriptedResponse.ImageResponseJson.Length, metrics.Sum("imageapi.client.io", "network.io.direction", "receive"));
    }

    [Fact]
    public async Task Bytes_of_uploads_downloads_and_errors_are_counted()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(503, "{}", "Retry-After: 0"), ScriptedResponse.Success(Endpoint.Upload), ScriptedResponse.Success(Endpoint.Download));
        using var metrics = new MetricsCollector(_provider);
        using var client = CreateClient(server);

        await client.CallAsync(Endpoint.Upload, server.BaseAddress, bodyBytes: 50_000);
        await client.Media.CopyToAsync(new GeneratedMedia { Url = server.BaseAddress + "a.png" }, Stream.Null);

        Assert.Equal(server.Requests.Sum(static request => request.Body.Length), metrics.Sum("imageapi.client.io", "network.io.direction", "transmit"));
        Assert.Equal(2 + ScriptedResponse.FileResponseJson.Length + ScriptedResponse.Png.Length, metrics.Sum("imageapi.client.io", "network.io.direction", "receive"));
    }

    [Fact]
    public async Task Throwing_meter_listener_does_not_lose_a_job()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Submit), ScriptedResponse.Success(Endpoint.Get));
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
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) => ThrowForProvider(tags));
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => ThrowForProvider(tags));
        listener.Start();
        using var client = CreateClient(server);

        var job = await client.Jobs.RunAsync(new JobRequest { Input = new ImageJobInput { Prompt = "fox" } }, new JobRunOptions { Wait = EndpointCalls.ShortIntervals() });

        Assert.Equal(EndpointCalls.JobId, job.Id);
        Assert.True(thrown > 3, $"{thrown} measurements");

        void ThrowForProvider(ReadOnlySpan<KeyValuePair<string, object?>> tags)
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

    private static (double First, double Last) FirstAndLastBoundary<T>(InstrumentAdvice<T>? advice)
        where T : struct => (Convert.ToDouble(advice!.HistogramBucketBoundaries![0], null), Convert.ToDouble(advice.HistogramBucketBoundaries[^1], null));

    private static Exchange JobResponse(string status) => ScriptedResponse.With(200, $$"""{"id":"job_example","status":"{{status}}"}""");

    private ImageApiClient CreateClient(ScriptedServer server) => TestClients.Create(server.BaseAddress, options => options.Telemetry.ProviderName = _provider);
}
