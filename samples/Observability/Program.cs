using System.Diagnostics;
using ImageApi.Client;
using ImageApi.Emulator;
using Observability;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

// Runs a job whose first submission gets a 503, and prints the spans and metrics that an exporter receives. Server and client are both in this program.
// An application replaces AddInMemoryExporter with AddOtlpExporter.
await using var emulator = await ImageApiEmulator.StartAsync();
emulator.Faults.Next(EmulatorEndpoint.JobSubmission, EmulatorFault.Status(503, "overloaded", retryAfter: TimeSpan.Zero));

var spans = new List<Activity>();
var metrics = new List<MetricSnapshot>();
using var source = new ActivitySource("Observability");
using (Sdk.CreateTracerProviderBuilder().AddSource("Observability", "ImageApi.Client", "System.Net.Http").AddInMemoryExporter(spans).Build())
using (Sdk.CreateMeterProviderBuilder().AddMeter("ImageApi.Client").AddInMemoryExporter(metrics).Build())
using (source.StartActivity("make a poster"))
{
    using var client = new ImageApiClient(new ImageApiClientOptions { BaseAddress = emulator.BaseAddress, ApiKey = emulator.ApiKey });
    var job = await client.Jobs.RunAsync(
        new JobRequest { Input = new ImageJobInput { Prompt = "A red fox in the snow", Count = 2 } },
        new JobRunOptions
        {
            Wait = new JobWaitOptions { FirstInterval = TimeSpan.FromMilliseconds(300), MaxInterval = TimeSpan.FromMilliseconds(600) },
        });
    await client.Media.CopyToAsync(job.Output.Images[0], Stream.Null);
}

// Disposing the providers exports what is left.
Console.WriteLine($"Exported {spans.Count} spans and {metrics.Count} metrics.");
Console.WriteLine();
Report.Print(spans);
Report.Print(metrics);

// The sample fails when the retry or the metrics are missing.
return spans.SelectMany(static span => span.Events).Any(static item => item.Name == "imageapi.retry") && metrics.Count > 0 ? 0 : 1;
