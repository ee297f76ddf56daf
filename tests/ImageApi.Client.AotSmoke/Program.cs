using ImageApi.Client;
using ImageApi.Client.AotSmoke;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Quickstart;

// Does everything the library does, in an application that is trimmed or compiled ahead of time: settings from a configuration, a container, the tour of
// the first sample, and what that does not show.
var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
{
    ["ImageApi:BaseAddress"] = Environment.GetEnvironmentVariable("IMAGEAPI_BASE_ADDRESS"),
    ["ImageApi:ApiKey"] = Environment.GetEnvironmentVariable("IMAGEAPI_API_KEY"),
    ["ImageApi:Retry:MaxRetries"] = "1",
    ["ImageApi:Timeouts:Generation"] = "00:03:00",
    ["ImageApi:JobStatusMappings:rendering"] = "Running",
}).Build();

await using var provider = new ServiceCollection().AddImageApiClient(configuration.GetSection("ImageApi")).Services.BuildServiceProvider();
using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(5));
var client = provider.GetRequiredService<ImageApiClient>();
var report = new Report();
await new Tour(client, report).RunAsync("emulator-video", "emulator-audio", timeout.Token);
await new AdditionalFeatures(client, report).RunAsync(timeout.Token);
Console.WriteLine($"{report.FileCount} files");
