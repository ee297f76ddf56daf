using System.Net;
using System.Net.Http.Json;
using ImageApi.Emulator;
using PosterShop;

namespace TestingYourApp;

public sealed class PosterTests
{
    private const string Motif = "A red fox in the snow";

    [Fact]
    public async Task An_order_is_a_picture_and_one_charge()
    {
        await using var shop = await Shop.OpenAsync();

        using var response = await OrderAsync(shop);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([0x89, 0x50, 0x4E, 0x47], (await response.Content.ReadAsByteArrayAsync())[..4]);
        Assert.Equal(1, shop.Ledger.ChargesFor(Motif));
        Assert.Contains(Motif, shop.Orders.Jobs.Keys);
    }

    [Fact]
    public async Task A_busy_server_costs_patience_and_not_money()
    {
        await using var shop = await Shop.OpenAsync();
        shop.Faults.Next(EmulatorEndpoint.JobSubmission, EmulatorFault.Status(429, retryAfter: TimeSpan.Zero));

        using var response = await OrderAsync(shop);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(1, shop.Ledger.ChargesFor(Motif));
    }

    [Fact]
    public async Task An_order_that_may_have_been_charged_is_looked_at_and_not_repeated()
    {
        await using var shop = await Shop.OpenAsync();
        shop.Faults.Next(EmulatorEndpoint.JobSubmission, EmulatorFault.ChargeThenAbort());

        using var response = await OrderAsync(shop);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal(1, shop.Ledger.ChargesFor(Motif));
        Assert.Single(shop.Orders.ToLookAt);
    }

    [Fact]
    public async Task An_order_that_was_refused_costs_nothing()
    {
        await using var shop = await Shop.OpenAsync();
        shop.Faults.Always(EmulatorEndpoint.JobSubmission, EmulatorFault.Status(429, retryAfter: TimeSpan.Zero));

        using var response = await OrderAsync(shop);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(0, shop.Ledger.ChargesFor(Motif));
        Assert.Empty(shop.Orders.ToLookAt);
    }

    private static async Task<HttpResponseMessage> OrderAsync(Shop shop) =>
        await shop.CreateClient().PostAsJsonAsync("/posters", new PosterOrder(Motif));
}
