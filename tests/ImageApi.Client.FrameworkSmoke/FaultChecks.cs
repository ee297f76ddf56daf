using System.Globalization;
using static ImageApi.Client.FrameworkSmoke.RawServer;

namespace ImageApi.Client.FrameworkSmoke;

/// <summary>What may be repeated, and what must not be: the same as on every other platform.</summary>
internal sealed class FaultChecks(Func<Uri, HandlerBehaviors, ClientUnderTest> createClient, string directory, bool waitsForContinue)
{
    private const string ImageResponse = """{"created":1710000000,"data":[{"url":"https://example.com/output.png"}]}""";
    private const string JobResponse = """{"id":"job_1","status":"processing"}""";
    private const string ErrorResponse = """{"error":{"message":"not now"}}""";

    /// <summary>Mono's handler goes on waiting for an answer to a request whose body was refused to it; the time limit ends that.</summary>
    private static readonly TimeSpan ShortTimeout = TimeSpan.FromSeconds(2);

    private static readonly ImageRequest FoxRequest = new() { Prompt = "A red fox in the snow" };

    public async Task RunAsync(Check check, string variant)
    {
        await check.RunAsync($"{variant}: 429 with Retry-After is retried", () => RetriesAsync(CreateResponse(429, ErrorResponse, "Retry-After: 1")));
        await check.RunAsync($"{variant}: 503 with Retry-After is retried", () => RetriesAsync(CreateResponse(503, ErrorResponse, "Retry-After: 1")));
        await check.RunAsync($"{variant}: 503 without Retry-After is not retried", () => DoesNotRetryAsync(ImageApiFailureReason.Response, CreateResponse(503, ErrorResponse)));
        await check.RunAsync($"{variant}: a paid request is not retried when the server closes the connection", () => DoesNotRetryAsync(ImageApiFailureReason.Connection, CloseConnection));
        await check.RunAsync($"{variant}: a paid request is not retried when the connection is reset", () => DoesNotRetryAsync(ImageApiFailureReason.Connection, ResetConnection));
        await check.RunAsync($"{variant}: a paid request is not retried when the response is truncated", () => DoesNotRetryAsync(null, TruncatedResponse(200, ImageResponse.Substring(0, 40), ImageResponse.Length)));
        await check.RunAsync($"{variant}: a paid request is not retried when the response is not HTTP", () => DoesNotRetryAsync(null, (connection, _) => connection.SendAsync("SSH-2.0-x\r\n\r\n")));
        await check.RunAsync($"{variant}: a paid request is not retried when a reused connection is closed", () => DoesNotRetryOnReusedConnectionAsync(CloseConnection, () => FoxRequest));
        await check.RunAsync($"{variant}: a paid request is not retried when a reused connection is reset", () => DoesNotRetryOnReusedConnectionAsync(ResetConnection, () => FoxRequest));
        await check.RunAsync($"{variant}: a request with a stream is not retried on a reused connection", () => DoesNotRetryOnReusedConnectionAsync(CloseConnection, CreateStreamRequest));
        await check.RunAsync($"{variant}: a request body buffered by a handler is not retried", DoesNotRetryBufferedBodyAsync);
        await check.RunAsync($"{variant}: a redirect of a paid request is not followed", () => DoesNotSendBodyToRedirectAsync(HandlerBehaviors.None, FoxRequest));
        await check.RunAsync($"{variant}: HttpClient alone sends the body to a redirect target (control)", PlatformSendsBodyToRedirectAsync);
        await check.RunAsync($"{variant}: the body is not sent to a redirect target", () => DoesNotSendBodyToRedirectAsync(HandlerBehaviors.FollowsRedirects, FoxRequest));
        await check.RunAsync($"{variant}: a stream is not sent to a redirect target", () => DoesNotSendBodyToRedirectAsync(HandlerBehaviors.FollowsRedirects, CreateStreamRequest()));
        await check.RunAsync(
            $"{variant}: a body buffered by a handler is not sent to a redirect target", () => DoesNotSendBodyToRedirectAsync(HandlerBehaviors.FollowsRedirects | HandlerBehaviors.ReadsBodies, FoxRequest));
        await check.RunAsync($"{variant}: a refused connection is retried and reported as NotSent", () => RetriesRefusedConnectionAsync(FoxRequest));
        await check.RunAsync($"{variant}: a refused connection is retried for a stream as well", () => RetriesRefusedConnectionAsync(CreateStreamRequest()));
        await check.RunAsync($"{variant}: a timeout of a paid request is reported as Unknown", TimesOutAsync);
        await check.RunAsync($"{variant}: a canceled request ends", CancelsAsync);
        await check.RunAsync($"{variant}: a job query is retried", RetriesJobQueryAsync);
        await check.RunAsync($"{variant}: an upload is retried", RetriesUploadAsync);
        await check.RunAsync($"{variant}: a truncated download is restarted", RestartsTruncatedDownloadAsync);
        await check.RunAsync($"{variant}: a stalled download times out", StalledDownloadTimesOutAsync);
        if (waitsForContinue)
        {
            await check.RunAsync($"{variant}: a large request rejected before its body is reported as Rejected", RejectedBeforeBodyAsync);
        }

        await check.RunAsync($"{variant}: twelve concurrent requests use twelve connections", RunsConcurrentCallsAsync);
    }

    private static ImageRequest CreateStreamRequest() =>
        new() { Prompt = "With a stream", ReferenceImages = [ReferenceImage.FromStream(new NonSeekableStream(new byte[200_000]), "image/png")] };

    private async Task RetriesAsync(Exchange first)
    {
        using var server = Start(first, CreateResponse(200, ImageResponse));
        using var testClient = createClient(server.BaseAddress, HandlerBehaviors.None);
        await testClient.Client.Images.GenerateAsync(FoxRequest);
        Check.Equal(2, server.Requests.Count, "the number of requests");
    }

    private async Task DoesNotRetryAsync(ImageApiFailureReason? reason, Exchange exchange)
    {
        using var server = Start(exchange);
        using var testClient = createClient(server.BaseAddress, HandlerBehaviors.None);
        var error = await Check.ThrowsAsync(reason, () => testClient.Client.Images.GenerateAsync(FoxRequest));
        Check.Equal(1, server.Requests.Count, "the number of requests");
        Check.Equal(RequestOutcome.Unknown, error.Outcome, "the outcome");
        Check.Equal(1, error.Info.Attempts, "the attempts");
    }

    /// <summary>Where a connection was kept, platforms like to take its end for bad luck and to send once more by themselves.</summary>
    private async Task DoesNotRetryOnReusedConnectionAsync(Exchange second, Func<ImageRequest> createRequest)
    {
        using var server = Start(CreateResponse(200, ImageResponse), second, CreateResponse(200, ImageResponse));
        using var testClient = createClient(server.BaseAddress, HandlerBehaviors.None);
        await testClient.Client.Images.GenerateAsync(FoxRequest);
        var error = await Check.ThrowsAsync(ImageApiFailureReason.Connection, () => testClient.Client.Images.GenerateAsync(createRequest()));
        Check.Equal(2, server.Requests.Count, "the number of requests");
        Check.Equal(1, server.Connections, "the number of connections");
        Check.Equal(RequestOutcome.Unknown, error.Outcome, "the outcome");
    }

    private async Task DoesNotRetryBufferedBodyAsync()
    {
        using var server = Start(CreateResponse(200, ImageResponse), CloseConnection, CreateResponse(200, ImageResponse));
        using var testClient = createClient(server.BaseAddress, HandlerBehaviors.ReadsBodies);
        if (!testClient.HasSingleSendHandler)
        {
            var notSent = await Check.ThrowsAsync(ImageApiFailureReason.Connection, () => testClient.Client.Images.GenerateAsync(FoxRequest));
            Check.Equal(RequestOutcome.NotSent, notSent.Outcome, "the outcome");
            Check.Equal(0, server.Requests.Count, "the number of requests");
            return;
        }

        await testClient.Client.Images.GenerateAsync(FoxRequest);
        Check.Equal(true, server.Requests[0].Body.Contains("red fox"), "whether the body arrived");
        var error = await Check.ThrowsAsync(ImageApiFailureReason.Connection, () => testClient.Client.Images.GenerateAsync(FoxRequest));
        Check.Equal(2, server.Requests.Count, "the number of requests");
        Check.Equal(RequestOutcome.Unknown, error.Outcome, "the outcome");
    }

    private async Task DoesNotSendBodyToRedirectAsync(HandlerBehaviors handlers, ImageRequest request)
    {
        using var redirectTarget = Start(CreateResponse(200, ImageResponse));
        using var server = Start(CreateResponse(307, "{}", $"Location: {redirectTarget.BaseAddress}v1/images/generations"));
        using var testClient = createClient(server.BaseAddress, handlers);
        await Check.ThrowsAsync<ImageApiException>(() => testClient.Client.Images.GenerateAsync(request, new RequestOptions { Timeout = ShortTimeout }));
        Check.Equal(testClient.HasSingleSendHandler || !handlers.HasFlag(HandlerBehaviors.ReadsBodies) ? 1 : 0, server.Requests.Count, "the number of requests");
        Check.Equal(false, redirectTarget.Requests.Any(received => received.Body.Length > 0), "whether the body was sent to the redirect target");
        Check.Equal(false, redirectTarget.Requests.Any(received => received.Header("Authorization") is not null), "whether the API key was sent to the redirect target");
    }

    /// <summary>The platform does carry the body of anybody else to where a redirect leads.</summary>
    private static async Task PlatformSendsBodyToRedirectAsync()
    {
        using var redirectTarget = Start(CreateResponse(200, ImageResponse));
        using var server = Start(CreateResponse(307, "{}", $"Location: {redirectTarget.BaseAddress}"));
        using var http = new HttpClient();
        using var content = new StringContent("anything");
        using var response = await http.PostAsync(server.BaseAddress, content);
        Check.Equal("anything", redirectTarget.Requests.Single().Body, "the body at the redirect target");
    }

    private async Task RetriesRefusedConnectionAsync(ImageRequest request)
    {
        using var testClient = createClient(UnusedAddress(), HandlerBehaviors.None);
        var error = await Check.ThrowsAsync(ImageApiFailureReason.Connection, () => testClient.Client.Images.GenerateAsync(request));
        Check.Equal(RequestOutcome.NotSent, error.Outcome, "the outcome");
        Check.Equal(3, error.Info.Attempts, "the attempts");
    }

    private async Task TimesOutAsync()
    {
        using var server = Start(NoResponse);
        using var testClient = createClient(server.BaseAddress, HandlerBehaviors.None);
        var error = await Check.ThrowsAsync(
            ImageApiFailureReason.Timeout, () => testClient.Client.Images.GenerateAsync(FoxRequest, new RequestOptions { Timeout = TimeSpan.FromSeconds(1) }));
        Check.Equal(1, server.Requests.Count, "the number of requests");
        Check.Equal(RequestOutcome.Unknown, error.Outcome, "the outcome");
    }

    private async Task CancelsAsync()
    {
        using var arrived = new SemaphoreSlim(0);
        using var stop = new CancellationTokenSource();
        using var server = Start((_, _) => Task.FromResult(arrived.Release()));
        using var testClient = createClient(server.BaseAddress, HandlerBehaviors.None);
        var call = Check.ThrowsAsync<ImageApiCanceledException>(() => testClient.Client.Images.GenerateAsync(FoxRequest, cancellationToken: stop.Token));
        await arrived.WaitAsync();
        stop.Cancel();
        var error = await call;
        Check.Equal(1, server.Requests.Count, "the number of requests");
        Check.Equal(RequestOutcome.Unknown, error.Outcome, "the outcome");
    }

    private async Task RetriesJobQueryAsync()
    {
        using var server = Start(CloseConnection, CreateResponse(503, ErrorResponse), CreateResponse(200, JobResponse));
        using var testClient = createClient(server.BaseAddress, HandlerBehaviors.None);
        var job = await testClient.Client.Jobs.GetAsync("job_1");
        Check.Equal("job_1", job.Id, "the job");
        Check.Equal(3, server.Requests.Count, "the number of requests");
    }

    private async Task RetriesUploadAsync()
    {
        var path = Path.Combine(directory, "upload.png");
        File.WriteAllBytes(path, new byte[5000]);
        using var server = Start(CloseConnection, CreateResponse(200, """{"id":"file_1","url":"https://example.com/f"}"""));
        using var testClient = createClient(server.BaseAddress, HandlerBehaviors.None);
        var file = await testClient.Client.Files.UploadAsync(FileUpload.FromFile(path));
        Check.Equal("file_1", file.Id, "the file");
        Check.Equal(2, server.Requests.Count, "the number of requests");
    }

    private async Task RestartsTruncatedDownloadAsync()
    {
        var text = new string('x', 6000) + new string('y', 6000);
        using var server = Start(TruncatedResponse(200, text.Substring(0, 5000), text.Length), CreateResponse(200, text));
        using var testClient = createClient(server.BaseAddress, HandlerBehaviors.None);
        var saved = await SaveAsync(testClient, server);
        Check.Equal(text, File.ReadAllText(saved.Path), "the file");
        Check.Equal(2, server.Requests.Count, "the number of requests");
        Check.Equal(true, server.Requests.All(request => request.Header("Authorization") is null), "whether the download was sent without the API key");
    }

    private async Task StalledDownloadTimesOutAsync()
    {
        using var server = Start(StalledResponse(200, "xxx", 6000));
        using var testClient = createClient(server.BaseAddress, HandlerBehaviors.None);
        await Check.ThrowsAsync(ImageApiFailureReason.Timeout, () => SaveAsync(testClient, server));
        Check.Equal(2, server.Requests.Count, "the number of requests");
    }

    private Task<SavedMedia> SaveAsync(ClientUnderTest testClient, RawServer server)
    {
        var path = Path.Combine(directory, string.Format(CultureInfo.InvariantCulture, "medium-{0}.bin", Guid.NewGuid()));
        return testClient.Client.Media.SaveAsync(new GeneratedMedia { Kind = MediaKind.Image, Url = $"{server.BaseAddress}media/a" }, path);
    }

    /// <summary>The answer comes while the client waits to be asked for the body.</summary>
    private async Task RejectedBeforeBodyAsync()
    {
        using var server = StartRespondingBeforeBody(TruncatedResponse(401, ErrorResponse, ErrorResponse.Length, "Connection: close"));
        using var testClient = createClient(server.BaseAddress, HandlerBehaviors.None);
        var largeRequest = new ImageRequest { Prompt = "A large one", ReferenceImages = [ReferenceImage.FromBytes(new byte[3 * 1024 * 1024], "image/png")] };
        var error = await Check.ThrowsAsync<ImageApiResponseException>(() => testClient.Client.Images.GenerateAsync(largeRequest));
        Check.Equal(RequestOutcome.Rejected, error.Outcome, "the outcome");
        Check.Equal(1, server.Requests.Count, "the number of requests");
    }

    private async Task RunsConcurrentCallsAsync()
    {
        const int Calls = 12;
        var waitingCount = 0;
        using var allArrived = new SemaphoreSlim(0);
        using var server = Start(async (connection, request) =>
        {
            if (Interlocked.Increment(ref waitingCount) == Calls)
            {
                allArrived.Release(Calls);
            }

            await allArrived.WaitAsync();
            await CreateResponse(200, ImageResponse)(connection, request);
        });
        using var testClient = createClient(server.BaseAddress, HandlerBehaviors.None);
        await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => testClient.Client.Images.GenerateAsync(FoxRequest, new RequestOptions { Timeout = TimeSpan.FromSeconds(20) })));
        Check.Equal(Calls, server.Requests.Count, "the number of requests");
    }
}
