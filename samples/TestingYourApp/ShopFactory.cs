using ImageApi.Emulator;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using PosterShop;

namespace TestingYourApp;

/// <summary>The whole application in the test's process, with the emulator in the place of the paid API.</summary>
internal sealed class ShopFactory : WebApplicationFactory<OrderBook>
{
    private readonly ImageApiEmulator _emulator;

    private ShopFactory(ImageApiEmulator emulator) => _emulator = emulator;

    public EmulatorFaults Faults => _emulator.Faults;

    public EmulatorLedger Ledger => _emulator.Ledger;

    public OrderBook Orders => Services.GetRequiredService<OrderBook>();

    public static async Task<ShopFactory> StartAsync() =>
        new(await ImageApiEmulator.StartAsync(new EmulatorOptions { DrawTinyImages = true, JobDuration = TimeSpan.Zero }));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _emulator.DisposeAsync();
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("ImageApi:BaseAddress", _emulator.BaseAddress.AbsoluteUri);
        builder.UseSetting("ImageApi:ApiKey", _emulator.ApiKey);
        builder.UseSetting("ImageApi:Retry:BaseDelay", "00:00:00.001");
    }
}
