using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization;
using ImageApi.Emulator;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using NSubstitute;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Polly;
using Polly.CircuitBreaker;
using OwnDatabase = ImageApi.Client.Tests.Support.ReadmeFixture.OwnDatabase;

namespace ImageApi.Client.Tests;

/// <summary>The C# blocks of README.md, between the marks word for word. <see cref="ReadmeTests"/> compares and runs them.</summary>
internal static class ReadmeSnippets
{
    public static async Task WholeProgram(ReadmeFixture fixture)
    {
        // README
        using var client = new ImageApiClient(new ImageApiClientOptions
        {
            BaseAddress = new Uri(Environment.GetEnvironmentVariable("IMAGEAPI_BASE_ADDRESS")!),
            ApiKey = Environment.GetEnvironmentVariable("IMAGEAPI_API_KEY"),
        });

        var result = await client.Images.GenerateAsync(new ImageRequest { Prompt = "A red fox in the snow" });
        var saved = await client.Media.SaveAsync(result.Images[0], "images/");
        Console.WriteLine($"{saved.Path}, {saved.MimeType}, {saved.SizeInBytes} bytes");
        // README ends
    }

    public static Task RegistrationByConfiguration(ReadmeFixture fixture)
    {
        var (services, configuration) = (fixture.Services, fixture.Configuration);

        // README
        services.AddImageApiClient(configuration.GetSection("ImageApi"));
        // README ends

        return Task.CompletedTask;
    }

    public static Task KeyedRegistration(ReadmeFixture fixture)
    {
        var (services, configuration) = (fixture.Services, fixture.Configuration);

        // README
        services.AddKeyedImageApiClient("tenant-a", configuration.GetSection("ImageApi"));
        services.AddKeyedImageApiClient("tenant-b", (provider, options) =>
        {
            options.BaseAddress = new Uri("https://backend:8000");
            options.ApiKeyProvider = provider.GetRequiredService<OwnDatabase>().ReadApiKeyAsync;
        });
        // README ends

        return Task.CompletedTask;
    }

    public static Task Telemetry(ReadmeFixture fixture)
    {
        var (services, configuration) = (fixture.Services, fixture.Configuration);

        // README
        services.AddImageApiClient(configuration.GetSection("ImageApi"));
        services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddSource("ImageApi.Client", "System.Net.Http").AddOtlpExporter())
            .WithMetrics(metrics => metrics.AddMeter("ImageApi.Client").AddOtlpExporter());
        // README ends

        return Task.CompletedTask;
    }

    public static Task TelemetryOptions(ReadmeFixture fixture)
    {
        var (services, environment) = (fixture.Services, fixture.Environment);

        // README
        services.Configure<ImageApiClientOptions>(options =>
        {
            options.Telemetry.ProviderName = "example";
            options.Telemetry.EnableSensitiveData = environment.IsDevelopment();
        });
        // README ends

        return Task.CompletedTask;
    }

    public static Task RegistrationInCode(ReadmeFixture fixture)
    {
        var (services, store) = (fixture.Services, fixture.Store);

        // README
        services.AddImageApiClient(options =>
        {
            options.BaseAddress = new Uri("https://backend:8000");
            options.ApiKeyProvider = cancellationToken => store.ReadApiKeyAsync(cancellationToken);
        });
        // README ends

        return Task.CompletedTask;
    }

    public static async Task CustomResiliencePipeline(ReadmeFixture fixture)
    {
        var services = fixture.Services;

        // README
        services.AddImageApiClient(options => options.AttemptPipeline = new ResiliencePipelineBuilder()
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<ImageApiException>(e =>
                    e.Reason is ImageApiFailureReason.Connection or ImageApiFailureReason.Timeout || (int?)e.StatusCode >= 500),
                BreakDuration = TimeSpan.FromSeconds(15),
            })
            .Build());
        // README ends

        services.AddImageApiClient(fixture.Configuration.GetSection("ImageApi"));
        await using var provider = services.BuildServiceProvider();
        Assert.NotEmpty((await provider.GetRequiredService<ImageApiClient>().Images.GenerateAsync(new ImageRequest { Prompt = "fox" })).Images);
    }

    public static async Task GenerateToFiles(ReadmeFixture fixture)
    {
        var client = fixture.Client;

        // README
        var files = await client.Images.GenerateToFilesAsync(
            new ImageRequest { Prompt = "A red fox in the snow", ResponseFormat = ImageResponseFormat.Base64, Count = 2 },
            "images/fox-{index}.{ext}");

        foreach (var file in files)
        {
            Console.WriteLine($"{file.Path}, {file.SizeInBytes} bytes");
        }
        // README ends
    }

    public static async Task SaveAll(ReadmeFixture fixture)
    {
        var client = fixture.Client;

        // README
        var job = await client.Jobs.RunAsync(new JobRequest { Input = new ImageJobInput { Prompt = "A red fox in the snow", Count = 4 } });
        await client.Media.SaveAllAsync(job.Output.Images, "images/fox-{index}.{ext}");
        // README ends
    }

    public static async Task GenerateImages(ReadmeFixture fixture)
    {
        var client = fixture.Client;

        // README
        var result = await client.Images.GenerateAsync(new ImageRequest
        {
            Prompt = "A product poster, white background, studio light",
            Size = ImageSize.FromAspectRatio(AspectRatio.Landscape16X9, ImageResolution.TwoK), // "2752x1536" does as well
            Quality = ImageQuality.High,
            Count = 2,
        });

        foreach (var image in result.Images)
        {
            await client.Media.SaveAsync(image, "images/");
        }
        // README ends
    }

    public static async Task ReferenceImages(ReadmeFixture fixture)
    {
        var client = fixture.Client;

        // README
        var upload = await client.Files.UploadAsync(FileUpload.FromFile("fox.png"));

        var result = await client.Images.GenerateAsync(new ImageRequest
        {
            Prompt = "The same fox at night",
            ReferenceImages =
            [
                "https://example.com/reference.png",
                ReferenceImage.FromFile("fox.png"),
                ReferenceImage.FromBytes(await File.ReadAllBytesAsync("fox.png"), "image/png"),
                upload.ToReference(),
            ],
        });
        // README ends
    }

    public static async Task UploadedReferences(ReadmeFixture fixture)
    {
        var (services, configuration) = (fixture.Services, fixture.Configuration);

        // README
        services.AddImageApiClient(configuration.GetSection("ImageApi"));
        services.Configure<ImageApiClientOptions>(options => options.ReferenceImages.UploadThreshold = 1024 * 1024);
        // README ends

        await using var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<ImageApiClient>().Images.GenerateAsync(new ImageRequest
        {
            Prompt = "The same fox at night",
            ReferenceImages = [ReferenceImage.FromFile("fox.png")],
        });
    }

    public static async Task RunAJob(ReadmeFixture fixture)
    {
        var (client, store) = (fixture.Client, fixture.Store);

        // README
        var job = await client.Jobs.RunAsync(
            new JobRequest { Input = new ImageJobInput { Prompt = "A red fox in the snow", Size = "2752x1536" } },
            new JobRunOptions
            {
                OnSubmitted = (accepted, cancellationToken) => store.WriteAsync(accepted.Id, cancellationToken),
                Wait = new JobWaitOptions
                {
                    Timeout = TimeSpan.FromMinutes(10),
                    Progress = new Progress<Job>(state => Console.WriteLine(state)),
                },
            });

        await client.Media.SaveAsync(job.Output.Images[0], "images/");
        // README ends
    }

    public static async Task SubmitAndWait(ReadmeFixture fixture)
    {
        var (client, store) = (fixture.Client, fixture.Store);

        // README
        var submitted = await client.Jobs.SubmitAsync(new JobRequest { Input = new ImageJobInput { Prompt = "A red fox in the snow" } });
        await store.WriteAsync(submitted.Id, CancellationToken.None);

        // later, in another process
        var jobId = await store.ReadAsync(CancellationToken.None);
        var job = await client.Jobs.WaitAsync(jobId);
        // README ends
    }

    public static async Task StreamJobStatus(ReadmeFixture fixture)
    {
        var client = fixture.Client;
        var jobId = await fixture.SubmitAsync();

        // README
        await foreach (var state in client.Jobs.WatchAsync(jobId))
        {
            Console.WriteLine($"{state.Id}: {state.State}, the server says {state.Status}");
        }
        // README ends
    }

    public static async Task JsonJobInput(ReadmeFixture fixture)
    {
        var client = fixture.Client;

        // README
        using var input = JsonDocument.Parse("""{ "prompt": "A fox runs through the snow", "duration": 5 }""");
        var job = await client.Jobs.RunAsync(new JobRequest { Model = "a-video-model", Input = JobInput.FromJson(input.RootElement) });
        foreach (var video in job.Output.Videos)
        {
            await client.Media.SaveAsync(video, "images/");
        }
        // README ends
    }

    public static async Task TypedJobInput(ReadmeFixture fixture)
    {
        var client = fixture.Client;

        // README
        var job = await client.Jobs.RunAsync(new JobRequest
        {
            Model = "an-audio-model",
            Input = JobInput.From(new AudioInput("Steps in fresh snow", 5), AudioJsonContext.Default.AudioInput),
        });
        await client.Media.SaveAsync(job.Output.Audio[0], "images/");
        // README ends
    }

    public static async Task SaveToFileOrStream(ReadmeFixture fixture)
    {
        var client = fixture.Client;

        // README
        var result = await client.Images.GenerateAsync(new ImageRequest { Prompt = "A red fox in the snow" });
        var image = result.Images[0];

        await client.Media.SaveAsync(image, "fox.png", new SaveOptions { Overwrite = true });

        using var memory = new MemoryStream();
        await client.Media.CopyToAsync(image, memory);

        await using var stream = await client.Media.OpenReadAsync(image);
        // README ends
    }

#pragma warning disable MEAI001 // the interfaces of Microsoft.Extensions.AI are experimental
    public static async Task ImageGenerator(ReadmeFixture fixture)
    {
        var client = fixture.Client;

        // README
        using var generator = client.AsIImageGenerator("gpt-image-2", new ImageApiGeneratorOptions { UseJobs = true });

        var response = await generator.GenerateImagesAsync("A red fox in the snow", new ImageApiImageGenerationOptions
        {
            AspectRatio = AspectRatio.Landscape16X9,
            Quality = ImageQuality.High,
        });

        foreach (var content in response.Contents)
        {
            await client.Media.SaveAsync((GeneratedMedia)content.RawRepresentation!, "images/");
        }
        // README ends
    }

    public static Task ImageGeneratorInAContainer(ReadmeFixture fixture)
    {
        var (services, configuration) = (fixture.Services, fixture.Configuration);

        // README
        services.AddImageApiClient(configuration.GetSection("ImageApi"));
        services.AddImageGenerator(provider => provider.GetRequiredService<ImageApiClient>().AsIImageGenerator("gpt-image-2"))
            .UseLogging()
            .UseOpenTelemetry();
        // README ends

        return Task.CompletedTask;
    }

    public static async Task HostedFiles(ReadmeFixture fixture)
    {
        var client = fixture.Client;

        // README
        using var files = client.AsIHostedFileClient();
        var foxFile = await files.UploadAsync("fox.png");

        using var generator = client.AsIImageGenerator();
        var response = await generator.EditImagesAsync([foxFile, await DataContent.LoadFromAsync("fox.png")], "The same fox at night");
        // README ends
    }
#pragma warning restore MEAI001

    public static async Task Errors(ReadmeFixture fixture)
    {
        var client = fixture.Client;

        // README
        try
        {
            await client.Images.GenerateAsync(new ImageRequest { Prompt = "A red fox in the snow" });
        }
        catch (ImageApiException e) when (e.IsContentRejected)
        {
            Console.WriteLine($"The server refuses the content: {e.Message}");
        }
        catch (ImageApiException e) when (e.JobId is not null && e is not (JobFailedException or JobNotFoundException))
        {
            Console.WriteLine($"It is at the server as job {e.JobId}: Jobs.WaitAsync continues it.");
        }
        catch (ImageApiException e) when (e.Outcome is RequestOutcome.NotSent or RequestOutcome.Rejected)
        {
            Console.WriteLine($"You have not been charged; it is safe to retry. {e.Message}");
        }
        catch (ImageApiException e)
        {
            Console.WriteLine($"It may have been billed; do not retry automatically. Ask the support about {e.RequestId ?? e.Info.IdempotencyKey}.");
        }
        // README ends
    }

    public static async Task ErrorsOfAnyExceptionType(ReadmeFixture fixture)
    {
        var client = fixture.Client;

        // README
        try
        {
            await client.Images.GenerateToFilesAsync(new ImageRequest { Prompt = "A red fox in the snow" }, "images/fox-{index}.{ext}");
        }
        catch (Exception e) when (RequestInfo.FromException(e) is { Outcome: RequestOutcome.Accepted or RequestOutcome.Unknown } info)
        {
            Console.WriteLine($"Do not retry automatically: request {info.RequestId ?? info.IdempotencyKey}, job {info.JobId}.");
            Console.WriteLine($"What arrived lies in {string.Join(", ", info.SavedFiles)}; {info.PendingUrls.Count} links are still to be fetched.");
        }
        // README ends
    }

    public static async Task Emulator(ReadmeFixture fixture)
    {
        // README
        await using var emulator = await ImageApiEmulator.StartAsync();
        using var client = new ImageApiClient(new ImageApiClientOptions { BaseAddress = emulator.BaseAddress, ApiKey = emulator.ApiKey });
        emulator.Faults.Next(EmulatorEndpoint.JobSubmission, EmulatorFault.ChargeThenAbort());

        var failure = await Assert.ThrowsAsync<ImageApiException>(
            () => client.Jobs.SubmitAsync(new JobRequest { Input = new ImageJobInput { Prompt = "A red fox in the snow" } }));

        Assert.Equal((ImageApiFailureReason.Connection, RequestOutcome.Unknown), (failure.Reason, failure.Outcome));
        Assert.Equal(1, emulator.Ledger.ChargesFor("A red fox in the snow"));
        // README ends
    }

    public static Task Mocking(ReadmeFixture fixture)
    {
        // README
        var images = Substitute.For<ImagesClient>();
        images.GenerateAsync(Arg.Any<ImageRequest>(), Arg.Any<RequestOptions?>(), Arg.Any<CancellationToken>())
            .Returns(new ImageResult { Images = [new GeneratedMedia { Url = "https://example.com/fox.png" }] });
        var client = Substitute.For<ImageApiClient>();
        client.Images.Returns(images);
        // README ends

        return Task.CompletedTask;
    }

    public static Task PrivateAddresses(ReadmeFixture fixture)
    {
        var (services, configuration) = (fixture.Services, fixture.Configuration);

        // README
        string[] privateRanges =
        [
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15",
            "224.0.0.0/3", "::/127", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        ];
        var blockedNetworks = privateRanges.Select(range => IPNetwork.Parse(range)).ToArray();

        services.AddImageApiClient(configuration.GetSection("ImageApi")).ConfigurePrimaryHttpMessageHandler(provider =>
        {
            var api = provider.GetRequiredService<IOptions<ImageApiClientOptions>>().Value.BaseAddress!;
            return new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = false,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                ConnectCallback = async (context, cancellationToken) =>
                {
                    var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
                    var addresses = await Dns.GetHostAddressesAsync(host, cancellationToken);
                    if (host != api.IdnHost || port != api.Port)
                    {
                        addresses = [.. addresses.Where(address => !blockedNetworks.Any(range => range.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)))];
                    }

                    if (addresses.Length == 0)
                    {
                        throw new HttpRequestException($"{host} leads to an inner address.");
                    }

                    var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                    try
                    {
                        await socket.ConnectAsync(addresses, port, cancellationToken);
                        return new NetworkStream(socket, ownsSocket: true);
                    }
                    catch
                    {
                        socket.Dispose();
                        throw;
                    }
                },
            };
        });
        // README ends

        return Task.CompletedTask;
    }

    public static async Task HealthCheck(ReadmeFixture fixture)
    {
        var services = fixture.Services;
        services.AddLogging().AddSingleton(fixture.Client);

        // README
        services.AddHealthChecks().AddCheck<ImageApiHealthCheck>("image-api");
        // README ends

        await using var provider = services.BuildServiceProvider();
        var report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Healthy, report.Status);
    }
}

// README
public sealed class ImageApiHealthCheck(ImageApiClient client) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await client.CheckConnectionAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (ImageApiException e)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, e.Message, e);
        }
    }
}
// README ends

// README
public sealed class PosterMaker(ImageApiClient client)
{
    public async Task<string> MakeAsync(string prompt, CancellationToken cancellationToken)
    {
        var result = await client.Images.GenerateAsync(new ImageRequest { Prompt = prompt }, cancellationToken: cancellationToken);
        var saved = await client.Media.SaveAsync(result.Images[0], "images/", cancellationToken: cancellationToken);
        return saved.Path;
    }
}
// README ends

// README
public sealed record AudioInput(string Prompt, double Seconds);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(AudioInput))]
public sealed partial class AudioJsonContext : JsonSerializerContext;
// README ends
