using System.Net;
using System.Security.Cryptography;
using ImageApi.Emulator.Internal;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ImageApi.Emulator;

/// <summary>The image, video and audio generation API on a socket of this machine. It draws what it is asked for, and nothing it is asked costs money.</summary>
/// <example><code>
/// await using var emulator = await ImageApiEmulator.StartAsync();
/// // point a client at emulator.BaseAddress, with emulator.ApiKey
/// </code></example>
public sealed class ImageApiEmulator : IAsyncDisposable
{
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(2);

    private readonly WebApplication _app;
    private readonly EmulatorServer _server;
    private int _disposed;

    private ImageApiEmulator(WebApplication app, EmulatorServer server, EmulatorOptions options, string apiKey, Uri baseAddress)
    {
        _app = app;
        _server = server;
        Options = options;
        ApiKey = apiKey;
        BaseAddress = baseAddress;
    }

    /// <summary>The address to reach the emulator at, such as <c>http://127.0.0.1:8000/</c>.</summary>
    public Uri BaseAddress { get; }

    /// <summary>The key to send.</summary>
    public string ApiKey { get; }

    /// <summary>What it goes by. The object that was given to <see cref="StartAsync"/>, or the defaults.</summary>
    public EmulatorOptions Options { get; }

    /// <summary>What it was asked, accepted and charged.</summary>
    public EmulatorLedger Ledger => _server.Ledger;

    /// <summary>What goes wrong at it.</summary>
    public EmulatorFaults Faults => _server.Faults;

    /// <summary>Starts an emulator; it takes requests when the task is done, and until it is disposed of.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<ImageApiEmulator> StartAsync(EmulatorOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new EmulatorOptions();
        var apiKey = options.ApiKey ?? $"emulator-key-{RandomNumberGenerator.GetHexString(16, lowercase: true)}";
        var server = new EmulatorServer(options, apiKey);
        var app = BuildApp(options);
        try
        {
            server.MapEndpoints(app);
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            server.Dispose();
            throw;
        }

        return new ImageApiEmulator(app, server, options, apiKey, GetBaseAddress(app));
    }

    /// <summary>Stops the emulator. Requests that are still waiting are cut off; what was uploaded is deleted.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        _server.CancelPendingRequests();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _server.Dispose();
    }

    private static WebApplication BuildApp(EmulatorOptions options)
    {
        // The empty builder: the others read settings files and variables that are not meant for the emulator.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, NoopHostLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxBodyBytes;

            // Slow callers are what some tests are about.
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(options.Address, options.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        return builder.Build();
    }

    private static Uri GetBaseAddress(WebApplication app)
    {
        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return IPAddress.TryParse(address.Host, out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any))
            ? new UriBuilder(address) { Host = IPAddress.Loopback.ToString() }.Uri
            : address;
    }
}
