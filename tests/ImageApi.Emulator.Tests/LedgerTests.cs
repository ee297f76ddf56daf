using System.Net;
using System.Text;
using ImageApi.Emulator.Tests.Support;

namespace ImageApi.Emulator.Tests;

public sealed class LedgerTests
{
    [Fact]
    public async Task Charge_says_who_was_charged_for_what()
    {
        await using var caller = await Caller.StartAsync();
        caller.Http.DefaultRequestHeaders.Add("Idempotency-Key", "key-1");

        var job = await caller.SubmitJsonAsync("a red fox", ""","n":3""");

        var charge = Assert.Single(caller.Emulator.Ledger.Charges);
        Assert.Equal((EmulatorEndpoint.JobSubmission, "gpt-image-2", "a red fox", 3), (charge.Endpoint, charge.Model, charge.Prompt, charge.Items));
        Assert.Equal("key-1", charge.IdempotencyKey);
        Assert.Equal(job.GetProperty("id").GetString(), charge.JobId);
        Assert.Equal(job.GetProperty("request_id").GetString(), charge.RequestId);
    }

    [Fact]
    public async Task Repeated_request_is_charged_again()
    {
        await using var caller = await Caller.StartAsync();
        caller.Http.DefaultRequestHeaders.Add("Idempotency-Key", "key-1");

        await caller.SubmitAsync("a red fox");
        await caller.SubmitAsync("a red fox");

        Assert.Equal(2, caller.Emulator.Ledger.ChargesFor("a red fox"));
        Assert.Equal(0, caller.Emulator.Ledger.ChargesFor("another"));
    }

    [Fact]
    public async Task Repeated_key_is_charged_once_where_keys_are_honoured()
    {
        await using var caller = await Caller.StartAsync(Caller.Quick(options => options.HonourIdempotencyKeys = true));
        caller.Http.DefaultRequestHeaders.Add("Idempotency-Key", "key-1");

        var first = await caller.SubmitJsonAsync("a red fox");
        var second = await caller.SubmitJsonAsync("a red fox");
        using var other = await caller.SubmitAsync("another");

        Assert.Equal(first.GetProperty("id").GetString(), second.GetProperty("id").GetString());
        Assert.Equal(1, caller.Emulator.Ledger.ChargesFor("a red fox"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
    }

    [Fact]
    public async Task Requests_are_kept_without_the_key()
    {
        await using var caller = await Caller.StartAsync();

        using var response = await caller.GenerateAsync("a red fox", ""","size":"x" """);

        var request = Assert.Single(caller.Emulator.Ledger.Requests);
        Assert.Equal(("POST", "/v1/images/generations", 400), (request.Method, request.Path, request.StatusCode));
        Assert.Equal("Bearer ***", request.Headers["authorization"]);
        Assert.Equal(Encoding.UTF8.GetByteCount("""{"model":"gpt-image-2","prompt":"a red fox","size":"x" }"""), request.BodyLength);
        Assert.Equal(Assert.Single(response.Headers.GetValues("x-request-id")), request.RequestId);
        Assert.DoesNotContain(request.Headers.Values, value => value.Contains(caller.Emulator.ApiKey, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Counts_go_on_when_requests_are_not_kept()
    {
        await using var caller = await Caller.StartAsync(Caller.Quick(options => options.KeepRequests = false));

        await caller.SubmitAsync("a red fox");
        await caller.Http.GetAsync("nowhere");

        Assert.Empty(caller.Emulator.Ledger.Requests);
        Assert.Equal(1, caller.Emulator.Ledger.RequestsTo(EmulatorEndpoint.JobSubmission));
        Assert.Equal(2, caller.Emulator.Ledger.RequestCount);
    }
}
