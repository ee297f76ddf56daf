using ImageApi.Client.Http.Handlers;
using ImageApi.Emulator;
using Microsoft.Extensions.Logging;

namespace ImageApi.Client.Tests.Support;

/// <summary>Makes clients for tests: real sockets, short waits.</summary>
internal static class TestClients
{
    public const string ApiKey = "test-key-0123456789abcdef";

    public static ImageApiClientOptions Options(Uri baseAddress, string apiKey = ApiKey) => new()
    {
        BaseAddress = baseAddress,
        ApiKey = apiKey,
        Retry = { BaseDelay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(5) },
    };

    public static ImageApiClient Create(Uri baseAddress, Action<ImageApiClientOptions>? configure = null)
    {
        var options = Options(baseAddress);
        configure?.Invoke(options);
        return new ImageApiClient(options);
    }

    public static ImageApiClient Create(ImageApiEmulator emulator, Action<ImageApiClientOptions>? configure = null) => Create(
        emulator.BaseAddress,
        options =>
        {
            options.ApiKey = emulator.ApiKey;
            configure?.Invoke(options);
        });

    /// <summary>A client on a clock, a log and dice of the test's own, over any handler.</summary>
    public static ImageApiClient Create(
        HttpMessageHandler handler, ImageApiClientOptions options, TimeProvider? timeProvider = null, ILoggerFactory? loggerFactory = null, Func<double>? random = null)
    {
        var http = HttpClientDefaults.Configure(new HttpClient(handler, disposeHandler: false));
        return new ImageApiClient(() => http, options, loggerFactory, timeProvider, random);
    }
}
