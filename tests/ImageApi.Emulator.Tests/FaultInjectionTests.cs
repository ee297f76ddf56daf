using System.Net;
using ImageApi.Emulator.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace ImageApi.Emulator.Tests;

public sealed class FaultInjectionTests
{
    private const string SmallSizeJson = ""","size":"64x64" """;

    [Fact]
    public async Task Status_fault_returns_the_status_without_charging()
    {
        await using var client = await EmulatorTestClient.StartAsync();
        client.Emulator.Faults.Next(EmulatorEndpoint.Generation, EmulatorFault.Status(429, "rate_limit_exceeded", "Slow down.", TimeSpan.FromSeconds(7)));

        using var response = await client.GenerateAsync("a red fox");

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), response.Headers.RetryAfter!.Delta);
        var error = await EmulatorTestClient.ReadErrorAsync(response);
        Assert.Equal(("rate_limit_exceeded", "Slow down.", "rate_limit_error"), (error.GetProperty("code").GetString(), error.GetProperty("message").GetString(), error.GetProperty("type").GetString()));
        Assert.Equal(0, client.Emulator.Ledger.ChargesFor("a red fox"));
    }

    [Fact]
    public async Task Status_fault_returns_a_custom_body_and_headers()
    {
        await using var client = await EmulatorTestClient.StartAsync();
        client.Emulator.Faults.Next(EmulatorEndpoint.JobPoll, EmulatorFault.Status(502) with
        {
            Body = "<html>bad gateway</html>",
            Headers = new Dictionary<string, string> { ["Content-Type"] = "text/html", ["X-Hop"] = "edge" },
        });
        var id = (await client.SubmitJsonAsync("a red fox")).GetProperty("id").GetString();

        using var response = await client.Http.GetAsync($"v1/jobs/{id}");

        Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("edge", Assert.Single(response.Headers.GetValues("X-Hop")));
        Assert.Equal("<html>bad gateway</html>", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(EmulatorEndpoint.Generation)]
    [InlineData(EmulatorEndpoint.JobSubmission)]
    public async Task Charged_request_can_return_an_error_status(EmulatorEndpoint endpoint)
    {
        await using var client = await EmulatorTestClient.StartAsync();
        client.Emulator.Faults.Next(endpoint, EmulatorFault.ChargeThenStatus(502));

        using var response = await SendPaidRequestAsync(client, endpoint);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal("server_error", (await EmulatorTestClient.ReadErrorAsync(response)).GetProperty("type").GetString());
        Assert.Equal(1, client.Emulator.Ledger.ChargesFor("a red fox"));
    }

    [Theory]
    [InlineData(EmulatorEndpoint.Generation, false)]
    [InlineData(EmulatorEndpoint.Generation, true)]
    [InlineData(EmulatorEndpoint.JobSubmission, false)]
    [InlineData(EmulatorEndpoint.JobSubmission, true)]
    public async Task Connection_is_aborted_before_or_after_the_charge(EmulatorEndpoint endpoint, bool charged)
    {
        await using var client = await EmulatorTestClient.StartAsync();
        client.Emulator.Faults.Next(endpoint, charged ? EmulatorFault.ChargeThenAbort() : EmulatorFault.Abort());

        await Assert.ThrowsAsync<HttpRequestException>(() => SendPaidRequestAsync(client, endpoint));

        Assert.Equal(charged ? 1 : 0, client.Emulator.Ledger.ChargesFor("a red fox"));
        Assert.Null(Assert.Single(client.Emulator.Ledger.Requests).StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","response_format":"b64_json" """)]
    public async Task Truncated_response_ends_before_its_content_length(string extraJson)
    {
        await using var client = await EmulatorTestClient.StartAsync();
        client.Emulator.Faults.Next(EmulatorEndpoint.Generation, EmulatorFault.ChargeThenTruncate());
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/images/generations")
        {
            Content = new StringContent($$"""{"model":"m","prompt":"a red fox"{{SmallSizeJson}}{{extraJson}}}"""),
        };

        using var response = await client.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Content.Headers.ContentLength > 0);
        await Assert.ThrowsAsync<HttpRequestException>(() => response.Content.ReadAsByteArrayAsync());
        Assert.Equal(1, client.Emulator.Ledger.ChargesFor("a red fox"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stalled_request_hangs_until_the_client_cancels(bool charged)
    {
        await using var client = await EmulatorTestClient.StartAsync();
        client.Emulator.Faults.Next(EmulatorEndpoint.JobSubmission, charged ? EmulatorFault.ChargeThenStall() : EmulatorFault.Stall());
        using var cancellation = new CancellationTokenSource();

        async Task CancelAsync()
        {
            while (charged ? client.Emulator.Ledger.ChargeCount == 0 : client.Emulator.Ledger.RequestCount == 0)
            {
                await Task.Yield();
            }

            await cancellation.CancelAsync();
        }

        await Task.WhenAll(
            CancelAsync(),
            Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.Http.PostAsync("v1/jobs", new StringContent("""{"model":"m","input":{"prompt":"a red fox"}}"""), cancellation.Token)));

        Assert.Equal(charged ? 1 : 0, client.Emulator.Ledger.ChargesFor("a red fox"));
    }

    [Fact]
    public async Task Stalled_requests_do_not_block_emulator_shutdown()
    {
        var client = await EmulatorTestClient.StartAsync();
        using var arrived = new SemaphoreSlim(0);
        client.Emulator.Faults.Decide = _ =>
        {
            arrived.Release();
            return EmulatorFault.Stall();
        };

        async Task StopAsync()
        {
            await arrived.WaitAsync();
            await client.Emulator.DisposeAsync();
        }

        await Task.WhenAll(StopAsync(), Assert.ThrowsAsync<HttpRequestException>(() => client.GenerateAsync("a red fox")));
        await client.DisposeAsync();
    }

    [Fact]
    public async Task Media_download_stalls_mid_body()
    {
        await using var client = await EmulatorTestClient.StartAsync();
        client.Emulator.Faults.Next(EmulatorEndpoint.MediaDownload, EmulatorFault.ChargeThenStallMidBody(0.25));
        var url = EmulatorTestClient.GetMediaUrl(await client.GenerateJsonAsync("a red fox", SmallSizeJson));

        using var response = await client.Http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        var partialBody = new byte[(int)(response.Content.Headers.ContentLength!.Value * 0.25)];
        await body.ReadExactlyAsync(partialBody);
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await body.ReadExactlyAsync(new byte[1], cancellation.Token));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Delay_before_or_after_the_charge_follows_the_TimeProvider(bool charged)
    {
        var clock = new FakeTimeProvider();
        await using var client = await EmulatorTestClient.StartAsync(EmulatorTestClient.CreateFastOptions(options => options.TimeProvider = clock));
        using var faultSelected = new SemaphoreSlim(0);
        client.Emulator.Faults.Decide = context =>
        {
            faultSelected.Release();
            var delay = TimeSpan.FromMinutes(3);
            return charged ? EmulatorFault.ChargeThenDelay(delay) : EmulatorFault.Delay(delay);
        };

        var submission = client.SubmitAsync("a red fox");
        await faultSelected.WaitAsync();
        if (!charged)
        {
            Assert.Equal(0, client.Emulator.Ledger.ChargeCount);
        }

        while (!submission.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMinutes(3));
            await Task.WhenAny(submission, Task.Delay(20));
        }

        using var response = await submission;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.StartsWith("job_", (await EmulatorTestClient.ReadJsonAsync(response)).GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, client.Emulator.Ledger.ChargeCount);
    }

    [Theory]
    [InlineData(EmulatorEndpoint.JobSubmission)]
    [InlineData(EmulatorEndpoint.JobPoll)]
    public async Task Job_fails_and_stays_failed(EmulatorEndpoint endpoint)
    {
        await using var client = await EmulatorTestClient.StartAsync();
        client.Emulator.Faults.Next(endpoint, EmulatorFault.JobFails("content_policy_violation", "Not that."));
        var id = (await client.SubmitJsonAsync("a red fox")).GetProperty("id").GetString()!;

        await client.GetJobAsync(id);
        var job = await client.GetJobAsync(id);

        Assert.Equal("failed", job.GetProperty("status").GetString());
        Assert.Equal("content_policy_violation", job.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal("Not that.", job.GetProperty("error").GetProperty("message").GetString());
        Assert.False(job.TryGetProperty("output", out _));
    }

    [Fact]
    public async Task Job_never_completes()
    {
        await using var client = await EmulatorTestClient.StartAsync();
        client.Emulator.Faults.For("fox", EmulatorEndpoint.JobSubmission, EmulatorFault.JobNeverCompletes());
        var id = (await client.SubmitJsonAsync("a red fox")).GetProperty("id").GetString()!;

        for (var poll = 0; poll < 20; poll++)
        {
            Assert.Equal("processing", (await client.GetJobAsync(id)).GetProperty("status").GetString());
        }
    }

    [Theory]
    [InlineData(EmulatorEndpoint.JobSubmission)]
    [InlineData(EmulatorEndpoint.JobPoll)]
    public async Task Job_disappears_and_returns_404(EmulatorEndpoint endpoint)
    {
        await using var client = await EmulatorTestClient.StartAsync();
        client.Emulator.Faults.Next(endpoint, EmulatorFault.JobDisappears());
        var id = (await client.SubmitJsonAsync("a red fox")).GetProperty("id").GetString();

        for (var poll = 0; poll < 2; poll++)
        {
            using var response = await client.Http.GetAsync($"v1/jobs/{id}");
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
    }

    [Fact]
    public async Task Status_check_returns_another_job_id_once()
    {
        await using var client = await EmulatorTestClient.StartAsync();
        client.Emulator.Faults.Next(EmulatorEndpoint.JobPoll, EmulatorFault.JobIdMismatch());
        var id = (await client.SubmitJsonAsync("a red fox")).GetProperty("id").GetString()!;

        Assert.NotEqual(id, (await client.GetJobAsync(id)).GetProperty("id").GetString());
        Assert.Equal(id, (await client.GetJobAsync(id)).GetProperty("id").GetString());
    }

    [Fact]
    public async Task Redirected_media_download_succeeds_at_the_new_URL()
    {
        await using var client = await EmulatorTestClient.StartAsync();
        client.Emulator.Faults.Always(EmulatorEndpoint.MediaDownload, EmulatorFault.RedirectMedia());
        var url = EmulatorTestClient.GetMediaUrl(await client.GenerateJsonAsync("a red fox", SmallSizeJson));

        using var first = await client.Http.GetAsync(url);
        Assert.Equal(HttpStatusCode.Found, first.StatusCode);
        using var second = await client.Http.GetAsync(new Uri(new Uri(url), first.Headers.Location!));

        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal((64, 64), PngChunks.ReadSize(await second.Content.ReadAsByteArrayAsync()));
    }

    [Fact]
    public async Task Media_download_is_redirected_to_a_custom_URL()
    {
        await using var client = await EmulatorTestClient.StartAsync();
        client.Emulator.Faults.Next(EmulatorEndpoint.MediaDownload, EmulatorFault.RedirectMedia(new Uri("https://images.example/x.png"), 307));

        using var response = await client.Http.GetAsync(EmulatorTestClient.GetMediaUrl(await client.GenerateJsonAsync("a red fox", SmallSizeJson)));

        Assert.Equal(HttpStatusCode.TemporaryRedirect, response.StatusCode);
        Assert.Equal("https://images.example/x.png", response.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task Media_download_is_truncated_once()
    {
        await using var client = await EmulatorTestClient.StartAsync();
        client.Emulator.Faults.For("fox", EmulatorEndpoint.MediaDownload, EmulatorFault.TruncateMedia());
        var url = EmulatorTestClient.GetMediaUrl(await client.GenerateJsonAsync("a red fox", SmallSizeJson));

        await Assert.ThrowsAsync<HttpRequestException>(() => client.Http.GetByteArrayAsync(url));

        Assert.Equal((64, 64), PngChunks.ReadSize(await client.Http.GetByteArrayAsync(url)));
    }

    [Fact]
    public async Task Upload_is_stored_although_its_response_is_lost()
    {
        await using var client = await EmulatorTestClient.StartAsync();
        client.Emulator.Faults.Next(EmulatorEndpoint.Upload, EmulatorFault.Abort(), EmulatorFault.ChargeThenAbort());

        await Assert.ThrowsAsync<HttpRequestException>(() => client.UploadAsync([1, 2, 3]));
        Assert.Empty(client.Emulator.Ledger.Uploads);
        await Assert.ThrowsAsync<HttpRequestException>(() => client.UploadAsync([1, 2, 3]));

        Assert.Equal(3, Assert.Single(client.Emulator.Ledger.Uploads).SizeInBytes);
    }

    private static Task<HttpResponseMessage> SendPaidRequestAsync(EmulatorTestClient client, EmulatorEndpoint endpoint)
        => endpoint == EmulatorEndpoint.Generation ? client.GenerateAsync("a red fox", SmallSizeJson) : client.SubmitAsync("a red fox", SmallSizeJson);
}
