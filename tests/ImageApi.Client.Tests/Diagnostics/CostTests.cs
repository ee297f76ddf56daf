using System.Diagnostics.Metrics;
using System.Net;
using ImageApi.Client.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageApi.Client.Tests.Diagnostics;

/// <summary>What telemetry costs while nobody listens. It runs alone, since listeners of other tests would listen here too.</summary>
[Collection(nameof(CostTests))]
[CollectionDefinition(nameof(CostTests), DisableParallelization = true)]
public sealed class CostTests
{
    private static readonly OperationStart Start = new("images.generate", "generate_content") { Model = "a-model", Count = 1 };

    [Fact]
    public void Nothing_is_made_and_no_clock_is_read_while_nobody_listens()
    {
        var time = new CountingTime();
        var telemetry = For(time);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            Touch(telemetry);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000); // what a thousand times of anything would exceed
        Assert.Equal(0, time.Readings);
    }

    [Fact]
    public void The_count_above_would_find_a_watch()
    {
        var time = new CountingTime();
        var telemetry = For(time);
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
        listener.Start();

        var before = GC.GetAllocatedBytesForCurrentThread();
        Touch(telemetry);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 100, long.MaxValue);
        Assert.InRange(time.Readings, 1, 10);
    }

    [Fact]
    public async Task A_call_allocates_no_more_for_a_listener_that_has_gone()
    {
        using var handler = new PolicyHandler(HttpStatusCode.OK, Reply.GoodImage);
        using var client = Clients.For(handler, Clients.Options(new Uri("https://api.example")));
        var before = await BytesPerCallAsync(client);

        using (new SpanBook(new Uri("https://api.example")))
        {
            await client.CallAsync(Endpoint.Generate, new Uri("https://api.example"));
        }

        Assert.InRange(await BytesPerCallAsync(client) - before, -500, 500);
    }

    private static ClientTelemetry For(TimeProvider time) => new(NullLogger.Instance, time, "a-provider", new Uri("https://api.example"), capturesPrompts: false);

    private static void Touch(ClientTelemetry telemetry)
    {
        using var watch = telemetry.Begin(Start);
        using var wait = telemetry.BeginWait("jobs.wait", "job_1", "a-model");
        telemetry.Sent(1000);
        telemetry.Received(1000);
    }

    /// <summary>The handler answers on the same thread, so that all of a call is made there.</summary>
    private static async Task<long> BytesPerCallAsync(ImageApiClient client)
    {
        const int Calls = 200;
        var least = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < Calls; i++)
            {
                await client.CallAsync(Endpoint.Generate, new Uri("https://api.example"));
            }

            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / Calls);
        }

        return least;
    }

    private sealed class CountingTime : TimeProvider
    {
        public int Readings { get; private set; }

        public override long GetTimestamp()
        {
            Readings++;
            return base.GetTimestamp();
        }
    }
}
