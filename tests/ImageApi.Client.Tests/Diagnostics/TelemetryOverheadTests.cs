using System.Diagnostics.Metrics;
using System.Net;
using ImageApi.Client.Diagnostics.Internal;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageApi.Client.Tests.Diagnostics;

/// <summary>What telemetry costs while nobody listens. It runs alone, since listeners of other tests would listen here too.</summary>
[Collection(nameof(TelemetryOverheadTests))]
[CollectionDefinition(nameof(TelemetryOverheadTests), DisableParallelization = true)]
public sealed class TelemetryOverheadTests
{
    private static readonly OperationDescriptor Operation = new("images.generate", "generate_content") { Model = "a-model", Count = 1 };

    [Fact]
    public void Disabled_telemetry_allocates_nothing_and_reads_no_clock()
    {
        var time = new CountingTimeProvider();
        var telemetry = CreateTelemetry(time);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            RecordOneOperation(telemetry);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1000); // what a thousand times of anything would exceed
        Assert.Equal(0, time.TimestampReads);
    }

    [Fact]
    public void Enabled_telemetry_allocates_and_reads_the_clock()
    {
        var time = new CountingTimeProvider();
        var telemetry = CreateTelemetry(time);
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
        RecordOneOperation(telemetry);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 100, long.MaxValue);
        Assert.InRange(time.TimestampReads, 1, 10);
    }

    [Fact]
    public async Task Call_allocates_no_more_after_a_listener_is_disposed()
    {
        using var handler = new ScriptedHandler(HttpStatusCode.OK, ScriptedResponse.ImageResponseJson);
        using var client = TestClients.Create(handler, TestClients.Options(new Uri("https://api.example")));
        var before = await BytesPerCallAsync(client);

        using (new ActivityCollector(new Uri("https://api.example")))
        {
            await client.CallAsync(Endpoint.Generate, new Uri("https://api.example"));
        }

        Assert.InRange(await BytesPerCallAsync(client) - before, -500, 500);
    }

    private static ClientTelemetry CreateTelemetry(TimeProvider timeProvider) => new(NullLogger.Instance, timeProvider, "a-provider", new Uri("https://api.example"), includesPrompts: false);

    private static void RecordOneOperation(ClientTelemetry telemetry)
    {
        using var operationScope = telemetry.Begin(Operation);
        using var pollingScope = telemetry.BeginJobPolling("jobs.wait", "job_1", "a-model");
        telemetry.Sent(1000);
        telemetry.Received(1000);
    }

    /// <summary>The handler answers on the same thread, so that all of a call is made there.</summary>
    private static async Task<long> BytesPerCallAsync(ImageApiClient client)
    {
        const int Calls = 200;
        var minimum = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var i = 0; i < Calls; i++)
            {
                await client.CallAsync(Endpoint.Generate, new Uri("https://api.example"));
            }

            minimum = Math.Min(minimum, (GC.GetTotalAllocatedBytes(precise: true) - before) / Calls);
        }

        return minimum;
    }

    private sealed class CountingTimeProvider : TimeProvider
    {
        public int TimestampReads { get; private set; }

        public override long GetTimestamp()
        {
            TimestampReads++;
            return base.GetTimestamp();
        }
    }
}
