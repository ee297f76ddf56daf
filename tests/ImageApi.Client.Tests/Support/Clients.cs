using ImageApi.Emulator;
using Microsoft.Extensions.Logging;

namespace ImageApi.Client.Tests.Support;

/// <summary>Makes clients for tests: real sockets, short waits.</summary>
internal static class Clients
{
    public const string Key = "test-key-0123456789abcdef";

    public static ImageApiClientOptions Options(Uri baseAddress, string key = Key) => new()
    {
        BaseAddress = baseAddress,
        ApiKey = key,
        Retry = { BaseDelay = TimeSpan.FromMilliseconds(1), MaxDelay = TimeSpan.FromMilliseconds(5) },
    };

    public static ImageApiClient For(Uri baseAddress, Action<ImageApiClientOptions>? configure = null)
    {
        var options = Options(baseAddress);
        configure?.Invoke(options);
        return new ImageApiClient(options);
    }

    public static ImageApiClient For(ImageApiEmulator emulator, Action<ImageApiClientOptions>? configure = null) => For(
        emulator.BaseAddress,
        options =>
        {
            options.ApiKey = emulator.ApiKey;
            configure?.Invoke(options);
        });

    /// <summary>A client on a clock, a log and dice of the test's own, over any handler.</summary>
    public static ImageApiClient For(
        HttpMessageHandler handler, ImageApiClientOptions options, TimeProvider? time = null, ILoggerFactory? logs = null, Func<double>? random = null)
    {
        var http = ImageApi.Client.Http.OwnHttpClient.Configure(new HttpClient(handler, disposeHandler: false));
        return new ImageApiClient(() => http, options, logs, time, random);
    }
}
