using System.Globalization;
using static ImageApi.Client.FrameworkSmoke.RawServer;

namespace ImageApi.Client.FrameworkSmoke;

/// <summary>What may be repeated, and what must not be: the same as on every other platform.</summary>
internal sealed class Faults(Func<Uri, OuterHandlers, ClientUnderTest> connect, string directory, bool asksBeforeItSends)
{
    private const string Image = """{"created":1710000000,"data":[{"url":"https://example.com/output.png"}]}""";
    private const string Processing = """{"id":"job_1","status":"processing"}""";
    private const string Error = """{"error":{"message":"not now"}}""";

    /// <summary>Mono's handler goes on waiting for an answer to a request whose body was refused to it; the time limit ends that.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);

    private static readonly ImageRequest Fox = new() { Prompt = "A red fox in the snow" };

    public async Task RunAsync(Check check, string how)
    {
        await check.HoldsAsync($"{how}: 429 with Retry-After is repeated", () => RepeatedAsync(Answer(429, Error, "Retry-After: 1")));
        await check.HoldsAsync($"{how}: 503 with Retry-After is repeated", () => RepeatedAsync(Answer(503, Error, "Retry-After: 1")));
        await check.HoldsAsync($"{how}: a bare 503 is not repeated", () => OnceAsync<ImageApiException>(Answer(503, Error)));
        await check.HoldsAsync($"{how}: a paid call that is closed is not repeated", () => OnceAsync<ImageApiConnectionException>(Closes));
        await check.HoldsAsync($"{how}: a paid call that is reset is not repeated", () => OnceAsync<ImageApiConnectionException>(Resets));
        await check.HoldsAsync($"{how}: a paid answer that is cut is not repeated", () => OnceAsync<ImageApiException>(Part(200, Image.Substring(0, 40), Image.Length)));
        await check.HoldsAsync($"{how}: what is no HTTP is not repeated", () => OnceAsync<ImageApiException>((connection, _) => connection.SendAsync("SSH-2.0-x\r\n\r\n")));
        await check.HoldsAsync($"{how}: a kept connection that is closed is not repeated", () => OnceOnKeptConnectionAsync(Closes, () => Fox));
        await check.HoldsAsync($"{how}: a kept connection that is reset is not repeated", () => OnceOnKeptConnectionAsync(Resets, () => Fox));
        await check.HoldsAsync($"{how}: a stream on a kept connection is not repeated", () => OnceOnKeptConnectionAsync(Closes, WithStream));
        await check.HoldsAsync($"{how}: a body that a handler has read is not repeated", ReadBodyAsync);
        await check.HoldsAsync($"{how}: a redirect is not followed", () => NotElsewhereAsync(OuterHandlers.None, Fox));
        await check.HoldsAsync($"{how}: another's body follows a redirect", ElsewhereAsync);
        await check.HoldsAsync($"{how}: a body does not follow a redirect", () => NotElsewhereAsync(OuterHandlers.FollowsRedirects, Fox));
        await check.HoldsAsync($"{how}: a stream does not follow a redirect", () => NotElsewhereAsync(OuterHandlers.FollowsRedirects, WithStream()));
        await check.HoldsAsync(
            $"{how}: a body that a handler has read does not follow a redirect", () => NotElsewhereAsync(OuterHandlers.FollowsRedirects | OuterHandlers.ReadsBodies, Fox));
        await check.HoldsAsync($"{how}: a refused connection is repeated, and nothing was sent", () => RefusedAsync(Fox));
        await check.HoldsAsync($"{how}: a refused connection is repeated for a stream as well", () => RefusedAsync(WithStream()));
        await check.HoldsAsync($"{how}: a time limit leaves a paid call unknown", OutOfTimeAsync);
        await check.HoldsAsync($"{how}: a cancellation ends the call", CanceledAsync);
        await check.HoldsAsync($"{how}: a query is repeated", QueryAsync);
        await check.HoldsAsync($"{how}: an upload is repeated", UploadAsync);
        await check.HoldsAsync($"{how}: a download that is cut is fetched whole", DownloadAsync);
        await check.HoldsAsync($"{how}: a download that stalls ends", StalledDownloadAsync);
        if (asksBeforeItSends)
        {
            await check.HoldsAsync($"{how}: a large request that is refused by its head is told as refused", RefusedByHeadAsync);
        }

        await check.HoldsAsync($"{how}: twelve calls at once have twelve connections", AtOnceAsync);
    }

    private static ImageRequest WithStream() =>
        new() { Prompt = "With a stream", ReferenceImages = [ReferenceImage.FromStream(new OneWayStream(new byte[200_000]), "image/png")] };

    private async Task RepeatedAsync(Exchange first)
    {
        using var server = Start(first, Answer(200, Image));
        using var under = connect(server.BaseAddress, OuterHandlers.None);
        await under.Client.Images.GenerateAsync(Fox);
        Check.Equal(2, server.Requests.Count, "the number of requests");
    }

    private async Task OnceAsync<T>(Exchange exchange)
        where T : ImageApiException
    {
        using var server = Start(exchange);
        using var under = connect(server.BaseAddress, OuterHandlers.None);
        var error = await Check.ThrowsAsync<T>(() => under.Client.Images.GenerateAsync(Fox));
        Check.Equal(1, server.Requests.Count, "the number of requests");
        Check.Equal(RequestOutcome.Unknown, error.Outcome, "the outcome");
        Check.Equal(1, error.Attempts, "the attempts");
    }

    /// <summary>Where a connection was kept, platforms like to take its end for bad luck and to send once more by themselves.</summary>
    private async Task OnceOnKeptConnectionAsync(Exchange second, Func<ImageRequest> request)
    {
        using var server = Start(Answer(200, Image), second, Answer(200, Image));
        using var under = connect(server.BaseAddress, OuterHandlers.None);
        await under.Client.Images.GenerateAsync(Fox);
        var error = await Check.ThrowsAsync<ImageApiConnectionException>(() => under.Client.Images.GenerateAsync(request()));
        Check.Equal(2, server.Requests.Count, "the number of requests");
        Check.Equal(1, server.Connections, "the number of connections");
        Check.Equal(RequestOutcome.Unknown, error.Outcome, "the outcome");
    }

    private async Task ReadBodyAsync()
    {
        using var server = Start(Answer(200, Image), Closes, Answer(200, Image));
        using var under = connect(server.BaseAddress, OuterHandlers.ReadsBodies);
        if (!under.HasSendGuard)
        {
            var refused = await Check.ThrowsAsync<ImageApiConnectionException>(() => under.Client.Images.GenerateAsync(Fox));
            Check.Equal(RequestOutcome.NotSent, refused.Outcome, "the outcome");
            Check.Equal(0, server.Requests.Count, "the number of requests");
            return;
        }

        await under.Client.Images.GenerateAsync(Fox);
        Check.Equal(true, server.Requests[0].Body.Contains("red fox"), "that the body arrived");
        var error = await Check.ThrowsAsync<ImageApiConnectionException>(() => under.Client.Images.GenerateAsync(Fox));
        Check.Equal(2, server.Requests.Count, "the number of requests");
        Check.Equal(RequestOutcome.Unknown, error.Outcome, "the outcome");
    }

    private async Task NotElsewhereAsync(OuterHandlers handlers, ImageRequest request)
    {
        using var elsewhere = Start(Answer(200, Image));
        using var server = Start(Answer(307, "{}", $"Location: {elsewhere.BaseAddress}v1/images/generations"));
        using var under = connect(server.BaseAddress, handlers);
        await Check.ThrowsAsync<ImageApiException>(() => under.Client.Images.GenerateAsync(request, new CallOptions { Timeout = Soon }));
        Check.Equal(under.HasSendGuard || !handlers.HasFlag(OuterHandlers.ReadsBodies) ? 1 : 0, server.Requests.Count, "the number of requests");
        Check.Equal(false, elsewhere.Requests.Any(came => came.Body.Length > 0), "that a body went elsewhere");
        Check.Equal(false, elsewhere.Requests.Any(came => came.Header("Authorization") is not null), "that the key went elsewhere");
    }

    /// <summary>The platform does carry the body of anybody else to where a redirect leads.</summary>
    private static async Task ElsewhereAsync()
    {
        using var elsewhere = Start(Answer(200, Image));
        using var server = Start(Answer(307, "{}", $"Location: {elsewhere.BaseAddress}"));
        using var http = new HttpClient();
        using var content = new StringContent("anything");
        using var response = await http.PostAsync(server.BaseAddress, content);
        Check.Equal("anything", elsewhere.Requests.Single().Body, "what went elsewhere");
    }

    private async Task RefusedAsync(ImageRequest request)
    {
        using var under = connect(NobodyThere(), OuterHandlers.None);
        var error = await Check.ThrowsAsync<ImageApiConnectionException>(() => under.Client.Images.GenerateAsync(request));
        Check.Equal(RequestOutcome.NotSent, error.Outcome, "the outcome");
        Check.Equal(3, error.Attempts, "the attempts");
    }

    private async Task OutOfTimeAsync()
    {
        using var server = Start(SaysNothing);
        using var under = connect(server.BaseAddress, OuterHandlers.None);
        var error = await Check.ThrowsAsync<ImageApiTimeoutException>(
            () => under.Client.Images.GenerateAsync(Fox, new CallOptions { Timeout = TimeSpan.FromSeconds(1) }));
        Check.Equal(1, server.Requests.Count, "the number of requests");
        Check.Equal(RequestOutcome.Unknown, error.Outcome, "the outcome");
    }

    private async Task CanceledAsync()
    {
        using var arrived = new SemaphoreSlim(0);
        using var stop = new CancellationTokenSource();
        using var server = Start((_, _) => Task.FromResult(arrived.Release()));
        using var under = connect(server.BaseAddress, OuterHandlers.None);
        var call = Check.ThrowsAsync<ImageApiCanceledException>(() => under.Client.Images.GenerateAsync(Fox, cancellationToken: stop.Token));
        await arrived.WaitAsync();
        stop.Cancel();
        var error = await call;
        Check.Equal(1, server.Requests.Count, "the number of requests");
        Check.Equal(RequestOutcome.Unknown, error.Outcome, "the outcome");
    }

    private async Task QueryAsync()
    {
        using var server = Start(Closes, Answer(503, Error), Answer(200, Processing));
        using var under = connect(server.BaseAddress, OuterHandlers.None);
        var job = await under.Client.Jobs.GetAsync("job_1");
        Check.Equal("job_1", job.Id, "the job");
        Check.Equal(3, server.Requests.Count, "the number of requests");
    }

    private async Task UploadAsync()
    {
        var path = Path.Combine(directory, "upload.png");
        File.WriteAllBytes(path, new byte[5000]);
        using var server = Start(Closes, Answer(200, """{"id":"file_1","url":"https://example.com/f"}"""));
        using var under = connect(server.BaseAddress, OuterHandlers.None);
        var file = await under.Client.Files.UploadAsync(FileUpload.FromPath(path));
        Check.Equal("file_1", file.Id, "the file");
        Check.Equal(2, server.Requests.Count, "the number of requests");
    }

    private async Task DownloadAsync()
    {
        var text = new string('x', 6000) + new string('y', 6000);
        using var server = Start(Part(200, text.Substring(0, 5000), text.Length), Answer(200, text));
        using var under = connect(server.BaseAddress, OuterHandlers.None);
        var saved = await SaveAsync(under, server);
        Check.Equal(text, File.ReadAllText(saved.Path), "the file");
        Check.Equal(2, server.Requests.Count, "the number of requests");
        Check.Equal(true, server.Requests.All(request => request.Header("Authorization") is null), "that the key stayed here");
    }

    private async Task StalledDownloadAsync()
    {
        using var server = Start(Stalls(200, "xxx", 6000));
        using var under = connect(server.BaseAddress, OuterHandlers.None);
        await Check.ThrowsAsync<ImageApiTimeoutException>(() => SaveAsync(under, server));
        Check.Equal(2, server.Requests.Count, "the number of requests");
    }

    private Task<SavedMedia> SaveAsync(ClientUnderTest under, RawServer server)
    {
        var path = Path.Combine(directory, string.Format(CultureInfo.InvariantCulture, "medium-{0}.bin", Guid.NewGuid()));
        return under.Client.Media.SaveAsync(new GeneratedMedia { Kind = MediaKind.Image, Url = $"{server.BaseAddress}media/a" }, path);
    }

    /// <summary>The answer comes while the client waits to be asked for the body.</summary>
    private async Task RefusedByHeadAsync()
    {
        using var server = StartHasty(Part(401, Error, Error.Length, "Connection: close"));
        using var under = connect(server.BaseAddress, OuterHandlers.None);
        var large = new ImageRequest { Prompt = "A large one", ReferenceImages = [ReferenceImage.FromBytes(new byte[3 * 1024 * 1024], "image/png")] };
        var error = await Check.ThrowsAsync<ImageApiErrorException>(() => under.Client.Images.GenerateAsync(large));
        Check.Equal(RequestOutcome.Rejected, error.Outcome, "the outcome");
        Check.Equal(1, server.Requests.Count, "the number of requests");
    }

    private async Task AtOnceAsync()
    {
        const int Calls = 12;
        var waiting = 0;
        using var all = new SemaphoreSlim(0);
        using var server = Start(async (connection, request) =>
        {
            if (Interlocked.Increment(ref waiting) == Calls)
            {
                all.Release(Calls);
            }

            await all.WaitAsync();
            await Answer(200, Image)(connection, request);
        });
        using var under = connect(server.BaseAddress, OuterHandlers.None);
        await Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => under.Client.Images.GenerateAsync(Fox, new CallOptions { Timeout = TimeSpan.FromSeconds(20) })));
        Check.Equal(Calls, server.Requests.Count, "the number of requests");
    }
}
