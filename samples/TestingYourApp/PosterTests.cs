using System.Net;
using System.Net.Http.Json;
using ImageApi.Emulator;
using PosterShop;

namespace TestingYourApp;

public sealed class PosterTests
{
    private const string Motif = "A red fox in the snow";

    [Fact]
    public async Task Order_returns_an_image_and_is_charged_once()
    {
        await using var shop = await ShopFactory.StartAsync();

        using var response = await OrderAsync(shop);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([0x89, 0x50, 0x4E, 0x47], (await response.Content.ReadAsByteArrayAsync())[..4]);
        Assert.Equal(1, shop.Ledger.ChargesFor(Motif));
        Assert.Contains(Motif, shop.Orders.Jobs.Keys);
    }

    [Fact]
    public async Task Order_is_charged_once_when_the_server_returns_429()
    {
        await using var shop = await ShopFactory.StartAsync();
        shop.Faults.Next(EmulatorEndpoint.JobSubmission, EmulatorFault.Status(429, retryAfter: TimeSpan.Zero));

        using var response = await OrderAsync(shop);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(1, shop.Ledger.ChargesFor(Motif));
    }

    [Fact]
    public async Task Possibly_charged_order_is_marked_for_review_and_not_retried()
    {
        await using var shop = await ShopFactory.StartAsync();
        shop.Faults.Next(EmulatorEndpoint.JobSubmission, EmulatorFault.ChargeThenAbort());

        using var response = await OrderAsync(shop);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal(1, shop.Ledger.ChargesFor(Motif));
        Assert.Single(shop.Orders.NeedsReview);
    }

    [Fact]
    public async Task Order_is_not_charged_when_the_server_always_returns_429()
    {
        await using var shop = await ShopFactory.StartAsync();
        shop.Faults.Always(EmulatorEndpoint.JobSubmission, EmulatorFault.Status(429, retryAfter: TimeSpan.Zero));

        using var response = await OrderAsync(shop);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(0, shop.Ledger.ChargesFor(Motif));
        Assert.Empty(shop.Orders.NeedsReview);
    }

    private static async Task<HttpResponseMessage> OrderAsync(ShopFactory shop) =>
        await shop.CreateClient().PostAsJsonAsync("/posters", new PosterOrder(Motif));
}
