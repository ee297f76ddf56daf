using System.Net;
using ImageApi.Emulator;

namespace ImageApi.Client.Tests;

public sealed class ConnectionCheckTests
{
    [Fact]
    public async Task Reachable_server_that_accepts_the_key_passes_without_a_charge()
    {
        await using var emulator = await ImageApiEmulator.StartAsync();
        using var client = TestClients.Create(emulator);

        await client.CheckConnectionAsync();

        Assert.Empty(emulator.Ledger.Charges);
        Assert.Equal(1, emulator.Ledger.RequestsTo(EmulatorEndpoint.JobPoll));
    }

    [Fact]
    public async Task Wrong_key_throws_ImageApiResponseException()
    {
        await using var emulator = await ImageApiEmulator.StartAsync();
        using var client = TestClients.Create(emulator, static options => options.ApiKey = "another-key-0123456789");

        var error = await Assert.ThrowsAsync<ImageApiResponseException>(() => client.CheckConnectionAsync());

        Assert.Equal(HttpStatusCode.Unauthorized, error.StatusCode);
    }

    [Fact]
    public async Task Unreachable_server_throws_ImageApiException()
    {
        using var client = TestClients.Create(new Uri("http://127.0.0.1:9"));

        await Assert.ThrowsAnyAsync<ImageApiException>(() => client.CheckConnectionAsync());
    }
}
