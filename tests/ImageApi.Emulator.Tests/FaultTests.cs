using System.Net;
using ImageApi.Emulator.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace ImageApi.Emulator.Tests;

public sealed class FaultTests
{
    private const string Small = ""","size":"64x64" """;

    [Fact]
    public async Task Status_is_answered_and_nothing_charged()
    {
        await using var caller = await Caller.StartAsync();
        caller.Emulator.Faults.Next(EmulatorEndpoint.Generation, EmulatorFault.Status(429, "rate_limit_exceeded", "Slow down.", TimeSpan.FromSeconds(7)));

        using var response = await caller.GenerateAsync("a red fox");

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), response.Headers.RetryAfter!.Delta);
        var error = await Caller.ErrorAsync(response);
        Assert.Equal(("rate_limit_exceeded", "Slow down.", "rate_limit_error"), (error.GetProperty("code").GetString(), error.GetProperty("message").GetString(), error.GetProperty("type").GetString()));
        Assert.Equal(0, caller.Emulator.Ledger.ChargesFor("a red fox"));
    }

    [Fact]
    public async Task Status_can_have_any_body_and_headers()
    {
        await using var caller = await Caller.StartAsync();
        caller.Emulator.Faults.Next(EmulatorEndpoint.JobQuery, EmulatorFault.Status(502) with
        {
            Body = "<html>bad gateway</html>",
            Headers = new Dictionary<string, string> { ["Content-Type"] = "text/html", ["X-Hop"] = "edge" },
        });
        var id = (await caller.SubmitJsonAsync("a red fox")).GetProperty("id").GetString();

        using var response = await caller.Http.GetAsync($"v1/jobs/{id}");

        Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("edge", Assert.Single(response.Headers.GetValues("X-Hop")));
        Assert.Equal("<html>bad gateway</html>", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData(EmulatorEndpoint.Generation)]
    [InlineData(EmulatorEndpoint.JobSubmission)]
    public async Task Charged_request_can_be_answered_with_a_status(EmulatorEndpoint endpoint)
    {
        await using var caller = await Caller.StartAsync();
        caller.Emulator.Faults.Next(endpoint, EmulatorFault.ChargeThenStatus(502));

        using var response = await PayAsync(caller, endpoint);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal("server_error", (await Caller.ErrorAsync(response)).GetProperty("type").GetString());
        Assert.Equal(1, caller.Emulator.Ledger.ChargesFor("a red fox"));
    }

    [Theory]
    [InlineData(EmulatorEndpoint.Generation, false)]
    [InlineData(EmulatorEndpoint.Generation, true)]
    [InlineData(EmulatorEndpoint.JobSubmission, false)]
    [InlineData(EmulatorEndpoint.JobSubmission, true)]
    public async Task Connection_is_cut_before_or_after_the_charge(EmulatorEndpoint endpoint, bool charged)
    {
        await using var caller = await Caller.StartAsync();
        caller.Emulator.Faults.Next(endpoint, charged ? EmulatorFault.ChargeThenAbort() : EmulatorFault.Abort());

        await Assert.ThrowsAsync<HttpRequestException>(() => PayAsync(caller, endpoint));

        Assert.Equal(charged ? 1 : 0, caller.Emulator.Ledger.ChargesFor("a red fox"));
        Assert.Null(Assert.Single(caller.Emulator.Ledger.Requests).StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","response_format":"b64_json" """)]
    public async Task Answer_is_cut_short_of_its_length(string more)
    {
        await using var caller = await Caller.StartAsync();
        caller.Emulator.Faults.Next(EmulatorEndpoint.Generation, EmulatorFault.ChargeThenTruncate());
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/images/generations")
        {
            Content = new StringContent($$"""{"model":"m","prompt":"a red fox"{{Small}}{{more}}}"""),
        };

        using var response = await caller.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Content.Headers.ContentLength > 0);
        await Assert.ThrowsAsync<HttpRequestException>(() => response.Content.ReadAsByteArrayAsync());
        Assert.Equal(1, caller.Emulator.Ledger.ChargesFor("a red fox"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Request_stalls_until_its_caller_leaves(bool charged)
    {
        await using var caller = await Caller.StartAsync();
        caller.Emulator.Faults.Next(EmulatorEndpoint.JobSubmission, charged ? EmulatorFault.ChargeThenStall() : EmulatorFault.Stall());
        using var leaving = new CancellationTokenSource();

        async Task LeaveAsync()
        {
            while (charged ? caller.Emulator.Ledger.ChargeCount == 0 : caller.Emulator.Ledger.RequestCount == 0)
            {
                await Task.Yield();
            }

            await leaving.CancelAsync();
        }

        await Task.WhenAll(
            LeaveAsync(),
            Assert.ThrowsAnyAsync<OperationCanceledException>(() => caller.Http.PostAsync("v1/jobs", new StringContent("""{"model":"m","input":{"prompt":"a red fox"}}"""), leaving.Token)));

        Assert.Equal(charged ? 1 : 0, caller.Emulator.Ledger.ChargesFor("a red fox"));
    }

    [Fact]
    public async Task Stalled_requests_do_not_keep_the_emulator_from_stopping()
    {
        var caller = await Caller.StartAsync();
        using var arrived = new SemaphoreSlim(0);
        caller.Emulator.Faults.Decide = _ =>
        {
            arrived.Release();
            return EmulatorFault.Stall();
        };

        async Task StopAsync()
        {
            await arrived.WaitAsync();
            await caller.Emulator.DisposeAsync();
        }

        await Task.WhenAll(StopAsync(), Assert.ThrowsAsync<HttpRequestException>(() => caller.GenerateAsync("a red fox")));
        await caller.DisposeAsync();
    }

    [Fact]
    public async Task Download_stalls_in_its_middle()
    {
        await using var caller = await Caller.StartAsync();
        caller.Emulator.Faults.Next(EmulatorEndpoint.MediaDownload, EmulatorFault.ChargeThenStallMidway(0.25));
        var link = Caller.LinkOf(await caller.GenerateJsonAsync("a red fox", Small));

        using var response = await caller.Http.GetAsync(link, HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        var part = new byte[(int)(response.Content.Headers.ContentLength!.Value * 0.25)];
        await body.ReadExactlyAsync(part);
        using var leaving = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await body.ReadExactlyAsync(new byte[1], leaving.Token));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Delay_is_before_or_after_the_charge_and_goes_by_the_clock(bool charged)
    {
        var clock = new FakeTimeProvider();
        await using var caller = await Caller.StartAsync(Caller.Quick(options => options.TimeProvider = clock));
        using var decided = new SemaphoreSlim(0);
        caller.Emulator.Faults.Decide = about =>
        {
            decided.Release();
            var wait = TimeSpan.FromMinutes(3);
            return charged ? EmulatorFault.ChargeThenDelay(wait) : EmulatorFault.Delay(wait);
        };

        var answering = caller.SubmitAsync("a red fox");
        await decided.WaitAsync();
        if (!charged)
        {
            Assert.Equal(0, caller.Emulator.Ledger.ChargeCount);
        }

        while (!answering.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMinutes(3));
            await Task.WhenAny(answering, Task.Delay(20));
        }

        using var response = await answering;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.StartsWith("job_", (await Caller.JsonAsync(response)).GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, caller.Emulator.Ledger.ChargeCount);
    }

    [Theory]
    [InlineData(EmulatorEndpoint.JobSubmission)]
    [InlineData(EmulatorEndpoint.JobQuery)]
    public async Task Job_fails_and_stays_failed(EmulatorEndpoint endpoint)
    {
        await using var caller = await Caller.StartAsync();
        caller.Emulator.Faults.Next(endpoint, EmulatorFault.JobFails("content_policy_violation", "Not that."));
        var id = (await caller.SubmitJsonAsync("a red fox")).GetProperty("id").GetString()!;

        await caller.QueryAsync(id);
        var job = await caller.QueryAsync(id);

        Assert.Equal("failed", job.GetProperty("status").GetString());
        Assert.Equal("content_policy_violation", job.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal("Not that.", job.GetProperty("error").GetProperty("message").GetString());
        Assert.False(job.TryGetProperty("output", out _));
    }

    [Fact]
    public async Task Job_never_ends()
    {
        await using var caller = await Caller.StartAsync();
        caller.Emulator.Faults.For("fox", EmulatorEndpoint.JobSubmission, EmulatorFault.JobNeverEnds());
        var id = (await caller.SubmitJsonAsync("a red fox")).GetProperty("id").GetString()!;

        for (var query = 0; query < 20; query++)
        {
            Assert.Equal("processing", (await caller.QueryAsync(id)).GetProperty("status").GetString());
        }
    }

    [Theory]
    [InlineData(EmulatorEndpoint.JobSubmission)]
    [InlineData(EmulatorEndpoint.JobQuery)]
    public async Task Job_vanishes(EmulatorEndpoint endpoint)
    {
        await using var caller = await Caller.StartAsync();
        caller.Emulator.Faults.Next(endpoint, EmulatorFault.JobVanishes());
        var id = (await caller.SubmitJsonAsync("a red fox")).GetProperty("id").GetString();

        for (var query = 0; query < 2; query++)
        {
            using var response = await caller.Http.GetAsync($"v1/jobs/{id}");
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
    }

    [Fact]
    public async Task State_query_answers_with_another_id_once()
    {
        await using var caller = await Caller.StartAsync();
        caller.Emulator.Faults.Next(EmulatorEndpoint.JobQuery, EmulatorFault.JobIdMismatch());
        var id = (await caller.SubmitJsonAsync("a red fox")).GetProperty("id").GetString()!;

        Assert.NotEqual(id, (await caller.QueryAsync(id)).GetProperty("id").GetString());
        Assert.Equal(id, (await caller.QueryAsync(id)).GetProperty("id").GetString());
    }

    [Fact]
    public async Task Download_is_redirected_to_where_it_succeeds()
    {
        await using var caller = await Caller.StartAsync();
        caller.Emulator.Faults.Always(EmulatorEndpoint.MediaDownload, EmulatorFault.RedirectMedia());
        var link = Caller.LinkOf(await caller.GenerateJsonAsync("a red fox", Small));

        using var first = await caller.Http.GetAsync(link);
        Assert.Equal(HttpStatusCode.Found, first.StatusCode);
        using var second = await caller.Http.GetAsync(new Uri(new Uri(link), first.Headers.Location!));

        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal((64, 64), PngChunks.Size(await second.Content.ReadAsByteArrayAsync()));
    }

    [Fact]
    public async Task Download_is_redirected_elsewhere()
    {
        await using var caller = await Caller.StartAsync();
        caller.Emulator.Faults.Next(EmulatorEndpoint.MediaDownload, EmulatorFault.RedirectMedia(new Uri("https://images.example/x.png"), 307));

        using var response = await caller.Http.GetAsync(Caller.LinkOf(await caller.GenerateJsonAsync("a red fox", Small)));

        Assert.Equal(HttpStatusCode.TemporaryRedirect, response.StatusCode);
        Assert.Equal("https://images.example/x.png", response.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task Download_is_cut_once()
    {
        await using var caller = await Caller.StartAsync();
        caller.Emulator.Faults.For("fox", EmulatorEndpoint.MediaDownload, EmulatorFault.TruncateMedia());
        var link = Caller.LinkOf(await caller.GenerateJsonAsync("a red fox", Small));

        await Assert.ThrowsAsync<HttpRequestException>(() => caller.Http.GetByteArrayAsync(link));

        Assert.Equal((64, 64), PngChunks.Size(await caller.Http.GetByteArrayAsync(link)));
    }

    [Fact]
    public async Task Upload_can_be_stored_and_its_answer_lost()
    {
        await using var caller = await Caller.StartAsync();
        caller.Emulator.Faults.Next(EmulatorEndpoint.Upload, EmulatorFault.Abort(), EmulatorFault.ChargeThenAbort());

        await Assert.ThrowsAsync<HttpRequestException>(() => caller.UploadAsync([1, 2, 3]));
        Assert.Empty(caller.Emulator.Ledger.Uploads);
        await Assert.ThrowsAsync<HttpRequestException>(() => caller.UploadAsync([1, 2, 3]));

        Assert.Equal(3, Assert.Single(caller.Emulator.Ledger.Uploads).Bytes);
    }

    private static Task<HttpResponseMessage> PayAsync(Caller caller, EmulatorEndpoint endpoint)
        => endpoint == EmulatorEndpoint.Generation ? caller.GenerateAsync("a red fox", Small) : caller.SubmitAsync("a red fox", Small);
}
