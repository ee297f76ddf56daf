using System.Diagnostics;
using ImageApi.Client;
using ImageApi.Emulator;
using Observability;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

// Runs a job whose submission is refused once, and prints what a collector would get of it. Receiver, server and client are all in this program.
await using var receiver = await OtlpReceiver.StartAsync();
await using var emulator = await ImageApiEmulator.StartAsync();
emulator.Faults.Next(EmulatorEndpoint.JobSubmission, EmulatorFault.Status(503, "overloaded", retryAfter: TimeSpan.Zero));

using var source = new ActivitySource("Observability");
using (Sdk.CreateTracerProviderBuilder().AddSource("Observability", "ImageApi.Client", "System.Net.Http").AddOtlpExporter(otlp => ConfigureExporter(otlp, "v1/traces")).Build())
using (Sdk.CreateMeterProviderBuilder().AddMeter("ImageApi.Client").AddOtlpExporter(otlp => ConfigureExporter(otlp, "v1/metrics")).Build())
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

// disposing the providers has sent what was left
Console.WriteLine($"{receiver.Bytes:N0} bytes of OTLP received at {receiver.Address}: {receiver.Spans.Count} spans and {receiver.Points.Count} series.");
Console.WriteLine();
Report.Print(receiver.Spans);
Report.Print(receiver.Points);

// fails when what the sample is about did not arrive
return receiver.Spans.SelectMany(static span => span.Events).Any(static item => item.Name == "imageapi.retry") && receiver.Points.Count > 0 ? 0 : 1;

void ConfigureExporter(OtlpExporterOptions otlp, string path)
{
    otlp.Protocol = OtlpExportProtocol.HttpProtobuf;
    otlp.Endpoint = new Uri(receiver.Address, path);
}
