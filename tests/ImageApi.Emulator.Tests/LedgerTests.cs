using System.Net;
using System.Text;
using ImageApi.Emulator.Tests.Support;

namespace ImageApi.Emulator.Tests;

public sealed class LedgerTests
{
    [Fact]
    public async Task Charge_records_the_details_of_the_billed_request()
    {
        await using var client = await EmulatorTestClient.StartAsync();
        client.Http.DefaultRequestHeaders.Add("Idempotency-Key", "key-1");

        var job = await client.SubmitJsonAsync("a red fox", ""","n":3""");

        var charge = Assert.Single(client.Emulator.Ledger.Charges);
        Assert.Equal((EmulatorEndpoint.JobSubmission, "gpt-image-2", "a red fox", 3), (charge.Endpoint, charge.Model, charge.Prompt, charge.ItemCount));
        Assert.Equal("key-1", charge.IdempotencyKey);
        Assert.Equal(job.GetProperty("id").GetString(), charge.JobId);
        Assert.Equal(job.GetProperty("request_id").GetString(), charge.RequestId);
    }

    [Fact]
    public async Task Repeated_request_is_charged_twice_by_default()
    {
        await using var client = await EmulatorTestClient.StartAsync();
        client.Http.DefaultRequestHeaders.Add("Idempotency-Key", "key-1");

        await client.SubmitAsync("a red fox");
        await client.SubmitAsync("a red fox");

        Assert.Equal(2, client.Emulator.Ledger.ChargesFor("a red fox"));
        Assert.Equal(0, client.Emulator.Ledger.ChargesFor("another"));
    }

    [Fact]
    public async Task Repeated_idempotency_key_is_charged_once_if_keys_are_honored()
    {
        await using var client = await EmulatorTestClient.StartAsync(EmulatorTestClient.CreateFastOptions(options => options.HonorIdempotencyKeys = true));
        client.Http.DefaultRequestHeaders.Add("Idempotency-Key", "key-1");

        var first = await client.SubmitJsonAsync("a red fox");
        var second = await client.SubmitJsonAsync("a red fox");
        using var other = await client.SubmitAsync("another");

        Assert.Equal(first.GetProperty("id").GetString(), second.GetProperty("id").GetString());
        Assert.Equal(1, client.Emulator.Ledger.ChargesFor("a red fox"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
    }

    [Fact]
    public async Task Recorded_requests_do_not_contain_the_API_key()
    {
        await using var client = await EmulatorTestClient.StartAsync();

        using var response = await client.GenerateAsync("a red fox", ""","size":"x" """);

        var request = Assert.Single(client.Emulator.Ledger.Requests);
        Assert.Equal(("POST", "/v1/images/generations", 400), (request.Method, request.Path, request.StatusCode));
        Assert.Equal("Bearer ***", request.Headers["authorization"]);
        Assert.Equal(Encoding.UTF8.GetByteCount("""{"model":"gpt-image-2","prompt":"a red fox","size":"x" }"""), request.BodyLength);
        Assert.Equal(Assert.Single(response.Headers.GetValues("x-request-id")), request.RequestId);
        Assert.DoesNotContain(request.Headers.Values, value => value.Contains(client.Emulator.ApiKey, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Counters_work_when_requests_are_not_recorded()
    {
        await using var client = await EmulatorTestClient.StartAsync(EmulatorTestClient.CreateFastOptions(options => options.RecordRequests = false));

        await client.SubmitAsync("a red fox");
        await client.Http.GetAsync("nowhere");

        Assert.Empty(client.Emulator.Ledger.Requests);
        Assert.Equal(1, client.Emulator.Ledger.RequestsTo(EmulatorEndpoint.JobSubmission));
        Assert.Equal(2, client.Emulator.Ledger.RequestCount);
    }
}
