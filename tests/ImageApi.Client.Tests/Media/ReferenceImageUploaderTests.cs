using System.Text.Json;
using ImageApi.Client.Media.Sources;
using ImageApi.Emulator;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ImageApi.Client.Tests.Media;

/// <summary><c>References.UploadFrom</c>: large references are uploaded, once, before anything is bought.</summary>
public sealed class ReferenceImageUploaderTests : IDisposable
{
    private const string UploadPath = "/v1/files/upload";
    private const string MediaUrl = "https://cdn.example/reference.png";
    private const string UploadResponseJson = $$"""{"id":"file_1","url":"{{MediaUrl}}"}""";
    private static readonly byte[] LargeImage = SampleFiles.PngOf(5000);
    private readonly string _directory = Directory.CreateTempSubdirectory("imageapi-").FullName;

    public static TheoryData<Endpoint> PaidEndpoints => [Endpoint.Generate, Endpoint.Submit];

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Reference_is_uploaded_once_and_used_by_all_requests()
    {
        await using var emulator = await ImageApiEmulator.StartAsync(new EmulatorOptions { JobDuration = TimeSpan.Zero, JobPolls = 1, RecordRequests = true });
        using var inlineClient = TestClients.Create(emulator);
        using var uploadingClient = CreateUploadingClient(emulator);
        var photo = await GenerateImageAsync(inlineClient, "a fox", []);
        var reference = ReferenceImage.FromBytes(photo);

        var imageByUrl = await GenerateImageAsync(uploadingClient, "at night", [reference]);
        var job = await uploadingClient.Jobs.RunAsync(new JobRequest { Input = new ImageJobInput { Prompt = "at dawn", ReferenceImages = [reference], Mask = reference } }, SampleRequests.QuickRun);

        Assert.Equal(photo.Length, Assert.Single(emulator.Ledger.Uploads).SizeInBytes);
        Assert.Equal("image/png", emulator.Ledger.Uploads[0].MimeType);
        Assert.All(emulator.Ledger.Requests.Where(static request => request.Path is "/v1/images/generations" or "/v1/jobs"), static request => Assert.InRange(request.BodyLength, 1, 1000));
        Assert.Equal(JobState.Succeeded, job.State);
        Assert.Equal(await GenerateImageAsync(inlineClient, "at night", [reference]), imageByUrl);
        Assert.NotEqual(await GenerateImageAsync(inlineClient, "at night", []), imageByUrl);
        Assert.True(emulator.Ledger.Requests.Max(static request => request.BodyLength) > photo.Length); // the control: inside a request it is large
    }

    [Fact]
    public async Task References_are_sent_inline_without_an_upload_threshold()
    {
        await using var server = StartServer(static _ => (200, UploadResponseJson));
        using var client = TestClients.Create(server.BaseAddress);

        await GenerateOrSubmitAsync(client, Endpoint.Generate, ReferenceImage.FromBytes(LargeImage));

        Assert.Equal(LargeImage, Assert.Single(ReadReferences(Assert.Single(server.Requests))).GetProperty("data_base64").GetBytesFromBase64());
    }

    [Theory]
    [MemberData(nameof(PaidEndpoints))]
    public async Task Uploaded_reference_is_sent_as_a_url(Endpoint endpoint)
    {
        await using var server = StartServer(static _ => (200, UploadResponseJson));
        using var client = CreateUploadingClient(server);

        await GenerateOrSubmitAsync(client, endpoint, "https://example.com/a.png", ReferenceImage.FromBytes(LargeImage), ReferenceImage.FromBytes(SampleFiles.Png));

        Assert.Equal([UploadPath, PathOf(endpoint)], server.Requests.Select(static request => request.Target));
        var references = ReadReferences(server.Requests[1]);
        Assert.Equal(["https://example.com/a.png", MediaUrl], references.Take(2).Select(static reference => reference.GetString()));
        Assert.Equal(SampleFiles.Png, references[2].GetProperty("data_base64").GetBytesFromBase64());
    }

    [Fact]
    public async Task GenerateToFiles_and_RunAsync_upload_large_references()
    {
        await using var emulator = await ImageApiEmulator.StartAsync(new EmulatorOptions { JobDuration = TimeSpan.Zero, JobPolls = 1, DrawTinyImages = true });
        using var client = CreateUploadingClient(emulator);
        byte[] large = [.. SampleFiles.Png, .. new byte[2000]]; // what follows the end of a picture is not looked at

        await client.Images.GenerateToFilesAsync(new ImageRequest { Prompt = "into a file", ReferenceImages = [ReferenceImage.FromBytes(large)] }, _directory);
        var uploadsAfterFiles = emulator.Ledger.Uploads.Count;
        await client.Jobs.RunAsync(
            new JobRequest { Input = new ImageJobInput { Prompt = "waited for", ReferenceImages = [ReferenceImage.FromBytes((byte[])[.. large, 0])] } }, SampleRequests.QuickRun);

        Assert.Equal((1, 2), (uploadsAfterFiles, emulator.Ledger.Uploads.Count));
        Assert.Equal((1, 1), (emulator.Ledger.ChargesFor("into a file"), emulator.Ledger.ChargesFor("waited for")));
    }

    [Fact]
    public async Task Image_and_mask_of_a_job_are_uploaded()
    {
        await using var server = StartServer(static _ => (200, UploadResponseJson));
        using var client = CreateUploadingClient(server);

        await client.Jobs.SubmitAsync(new JobRequest
        {
            Input = new ImageJobInput { Prompt = "fox", Image = ReferenceImage.FromBytes(LargeImage), Mask = ReferenceImage.FromBytes(SampleFiles.PngOf(6000)) },
        });

        Assert.Equal([UploadPath, UploadPath, "/v1/jobs"], server.Requests.Select(static request => request.Target));
        using var document = JsonDocument.Parse(server.Requests[2].Body);
        var input = document.RootElement.GetProperty("input");
        Assert.Equal((MediaUrl, MediaUrl), (input.GetProperty("image_url").GetString(), input.GetProperty("mask").GetString()));
    }

    [Theory]
    [InlineData(999, 0)]
    [InlineData(1000, 1)]
    public async Task Only_references_at_or_above_the_threshold_are_uploaded(int length, int expectedUploads)
    {
        await using var server = StartServer(static _ => (200, UploadResponseJson));
        using var client = CreateUploadingClient(server);

        await GenerateOrSubmitAsync(client, Endpoint.Generate, ReferenceImage.FromBytes(SampleFiles.PngOf(length)));

        Assert.Equal(expectedUploads, CountUploads(server));
    }

    [Fact]
    public async Task Upload_contains_purpose_and_type_but_no_local_file_name()
    {
        await using var server = StartServer(static _ => (200, UploadResponseJson));
        using var client = CreateUploadingClient(server);
        var path = Path.Combine(_directory, "customer-17.jpg");
        await File.WriteAllBytesAsync(path, LargeImage);

        await GenerateOrSubmitAsync(client, Endpoint.Generate, ReferenceImage.FromFile(path));

        var form = server.Requests[0].Text;
        Assert.Contains("name=\"purpose\"\r\n\r\nreference\r\n", form, StringComparison.Ordinal);
        Assert.Contains("filename=\"reference.png\"\r\nContent-Type: image/png\r\n", form, StringComparison.Ordinal);
        Assert.True(server.Requests[0].Body.AsSpan().IndexOf(LargeImage) > 0);
        Assert.DoesNotContain("customer", server.Received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Identical_bytes_from_any_source_are_uploaded_once()
    {
        await using var server = StartServer(static _ => (200, UploadResponseJson));
        using var client = CreateUploadingClient(server);
        var path = Path.Combine(_directory, "photo.png");
        await File.WriteAllBytesAsync(path, LargeImage);
        using var stream = new MemoryStream([.. "skipped"u8, .. LargeImage]) { Position = 7 };

        await GenerateOrSubmitAsync(client, Endpoint.Generate, ReferenceImage.FromFile(path), ReferenceImage.FromBytes(LargeImage), ReferenceImage.FromStream(stream));
        await GenerateOrSubmitAsync(client, Endpoint.Submit, ReferenceImage.FromBytes(LargeImage.ToArray()));

        Assert.Equal([UploadPath, "/v1/images/generations", "/v1/jobs"], server.Requests.Select(static request => request.Target));
        Assert.Equal([MediaUrl, MediaUrl, MediaUrl], ReadReferences(server.Requests[1]).Select(static reference => reference.GetString()));
    }

    [Fact]
    public async Task Different_bytes_and_other_clients_upload_separately()
    {
        await using var server = StartServer(static _ => (200, UploadResponseJson));
        using var firstClient = CreateUploadingClient(server);
        using var secondClient = CreateUploadingClient(server);

        await GenerateOrSubmitAsync(firstClient, Endpoint.Generate, ReferenceImage.FromBytes(LargeImage), ReferenceImage.FromBytes(SampleFiles.PngOf(5000, fill: 8)));
        await GenerateOrSubmitAsync(secondClient, Endpoint.Generate, ReferenceImage.FromBytes(LargeImage));

        Assert.Equal(3, CountUploads(server));
    }

    [Fact]
    public async Task Concurrent_calls_share_one_upload()
    {
        using var release = new SemaphoreSlim(0);
        await using var server = StartServer(async _ =>
        {
            await release.WaitAsync();
            return (200, UploadResponseJson);
        });
        using var client = CreateUploadingClient(server);

        var calls = Enumerable.Range(0, 16).Select(i => GenerateOrSubmitAsync(client, i % 2 == 0 ? Endpoint.Generate : Endpoint.Submit, ReferenceImage.FromBytes(LargeImage))).ToArray();
        await server.WaitForRequestsAsync(1);
        release.Release(100);
        await Task.WhenAll(calls).WaitAsync(TestTimeout.Duration);

        Assert.Equal(1, CountUploads(server));
        Assert.Equal(16, server.Requests.Count(static request => request.Target != UploadPath && request.Text.Contains(MediaUrl, StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(PaidEndpoints))]
    public async Task Rejected_upload_sends_no_paid_request_and_is_not_cached(Endpoint endpoint)
    {
        var remainingFailures = 1;
        await using var server = StartServer(_ => Interlocked.Decrement(ref remainingFailures) >= 0 ? (413, """{"error":{"message":"too large","code":"file_too_large"}}""") : (200, UploadResponseJson));
        using var client = CreateUploadingClient(server);

        var error = await Assert.ThrowsAsync<ImageApiResponseException>(() => GenerateOrSubmitAsync(client, endpoint, ReferenceImage.FromBytes(LargeImage)));

        Assert.Equal(UploadPath, Assert.Single(server.Requests).Target);
        Assert.Equal(("files.upload", RequestOutcome.NotSent, "file_too_large"), (error.Info.Operation, error.Outcome, error.ErrorCode));
        Assert.Contains("you have not been charged", error.Message, StringComparison.Ordinal);

        await GenerateOrSubmitAsync(client, endpoint, ReferenceImage.FromBytes(LargeImage)); // the control: it is the upload that was in the way

        Assert.Equal([UploadPath, UploadPath, PathOf(endpoint)], server.Requests.Select(static request => request.Target));
    }

    [Fact]
    public async Task Ambiguous_upload_failure_reports_the_request_as_not_sent()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Close);
        using var client = CreateUploadingClient(server);

        var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.Connection, () => GenerateOrSubmitAsync(client, Endpoint.Generate, ReferenceImage.FromBytes(LargeImage)));
        var uploadError = await FailureAssert.ThrowsAsync(ImageApiFailureReason.Connection, () => client.Files.UploadAsync(FileUpload.FromBytes(LargeImage, "a.png")));

        Assert.Equal(RequestOutcome.NotSent, error.Outcome);
        Assert.Equal(RequestOutcome.Unknown, uploadError.Outcome); // the control: of the upload itself that is not known
        Assert.All(server.Requests, static request => Assert.Equal(UploadPath, request.Target));
    }

    [Fact]
    public async Task Upload_failure_fails_all_waiting_calls_without_a_retry()
    {
        using var release = new SemaphoreSlim(0);
        await using var server = StartServer(async _ =>
        {
            await release.WaitAsync();
            return (400, "{}");
        });
        using var client = CreateUploadingClient(server);

        var calls = Enumerable.Range(0, 8).Select(_ => Assert.ThrowsAsync<ImageApiResponseException>(() => GenerateOrSubmitAsync(client, Endpoint.Submit, ReferenceImage.FromBytes(LargeImage)))).ToArray();
        await server.WaitForRequestsAsync(1);
        release.Release(100);
        var errors = await Task.WhenAll(calls).WaitAsync(TestTimeout.Duration);

        Assert.All(errors, static error => Assert.Equal(RequestOutcome.NotSent, error.Outcome));
        Assert.Single(server.Requests);
    }

    [Theory]
    [MemberData(nameof(PaidEndpoints))]
    public async Task Call_canceled_during_upload_sends_no_paid_request(Endpoint endpoint)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Stall);
        using var client = CreateUploadingClient(server);
        using var source = new CancellationTokenSource();

        var call = GenerateOrSubmitAsync(client, endpoint, [ReferenceImage.FromBytes(LargeImage)], source.Token);
        await server.WaitForRequestsAsync(1);
        await source.CancelAsync();
        var error = await Assert.ThrowsAsync<ImageApiCanceledException>(() => call.WaitAsync(TestTimeout.Duration));

        Assert.Equal((endpoint == Endpoint.Generate ? "images.generate" : "jobs.submit", RequestOutcome.NotSent), (error.Info.Operation, error.Outcome));
        Assert.Equal(source.Token, error.CancellationToken);
        Assert.Equal(UploadPath, Assert.Single(server.Requests).Target);
    }

    [Theory]
    [MemberData(nameof(PaidEndpoints))]
    public async Task Request_timeout_includes_the_upload(Endpoint endpoint)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Stall);
        using var client = CreateUploadingClient(server);
        var options = new RequestOptions { Timeout = TimeSpan.FromMilliseconds(200) };

        var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.Timeout, () => (endpoint == Endpoint.Generate
            ? (Task)client.Images.GenerateAsync(new ImageRequest { Prompt = "fox", ReferenceImages = [ReferenceImage.FromBytes(LargeImage)] }, options)
            : client.Jobs.SubmitAsync(new JobRequest { Input = new ImageJobInput { Prompt = "fox", ReferenceImages = [ReferenceImage.FromBytes(LargeImage)] } }, options)).WaitAsync(TestTimeout.Duration));

        Assert.Equal((endpoint == Endpoint.Generate ? "images.generate" : "jobs.submit", RequestOutcome.NotSent), (error.Info.Operation, error.Outcome));
        Assert.Contains("you have not been charged", error.Message, StringComparison.Ordinal);
        Assert.All(server.Requests, static request => Assert.Equal(UploadPath, request.Target));
    }

    [Fact]
    public async Task Upload_time_counts_toward_the_request_timeout()
    {
        var time = new FakeTimeProvider();
        var seconds = 6;
        await using var server = ScriptedServer.Start(ScriptedResponse.FromRequest(request =>
        {
            time.Advance(TimeSpan.FromSeconds(request.Target == UploadPath ? seconds : 5));
            return Task.FromResult((200, request.Target == UploadPath ? UploadResponseJson : ScriptedResponse.ImageResponseJson));
        }));
        using var client = CreateUploadingClient(server, time);
        var options = new RequestOptions { Timeout = TimeSpan.FromSeconds(10) };
        Task<ImageResult> GenerateAsync(byte fill) =>
            client.Images.GenerateAsync(new ImageRequest { Prompt = "fox", ReferenceImages = [ReferenceImage.FromBytes(SampleFiles.PngOf(5000, fill))] }, options).WaitAsync(TestTimeout.Duration);

        var requestTimeout = await FailureAssert.ThrowsAsync(ImageApiFailureReason.Timeout, () => GenerateAsync(1));
        seconds = 11;
        var uploadTimeout = await FailureAssert.ThrowsAsync(ImageApiFailureReason.Timeout, () => GenerateAsync(2));
        seconds = 4;
        await GenerateAsync(3); // the control

        Assert.Equal((RequestOutcome.Unknown, RequestOutcome.NotSent), (requestTimeout.Outcome, uploadTimeout.Outcome));
        Assert.Equal(2, server.Requests.Count(static request => request.Target != UploadPath));
    }

    [Fact]
    public async Task Waiting_call_uploads_itself_when_the_uploader_is_canceled()
    {
        using var release = new SemaphoreSlim(0);
        var uploads = 0;
        await using var server = StartServer(async _ =>
        {
            if (Interlocked.Increment(ref uploads) == 1)
            {
                await release.WaitAsync();
            }

            return (200, UploadResponseJson);
        });
        using var client = CreateUploadingClient(server);
        using var source = new CancellationTokenSource();

        var first = GenerateOrSubmitAsync(client, Endpoint.Generate, [ReferenceImage.FromBytes(LargeImage)], source.Token);
        var second = GenerateOrSubmitAsync(client, Endpoint.Generate, ReferenceImage.FromBytes(LargeImage));
        await server.WaitForRequestsAsync(1);
        await source.CancelAsync();

        await Assert.ThrowsAsync<ImageApiCanceledException>(() => first.WaitAsync(TestTimeout.Duration));
        await second.WaitAsync(TestTimeout.Duration);
        release.Release(100);
        Assert.Equal([UploadPath, UploadPath, "/v1/images/generations"], server.Requests.Select(static request => request.Target));
    }

    [Fact]
    public async Task Canceling_a_waiting_call_does_not_cancel_the_upload()
    {
        using var release = new SemaphoreSlim(0);
        await using var server = StartServer(async _ =>
        {
            await release.WaitAsync();
            return (200, UploadResponseJson);
        });
        using var client = CreateUploadingClient(server);
        using var source = new CancellationTokenSource();

        var first = GenerateOrSubmitAsync(client, Endpoint.Generate, ReferenceImage.FromBytes(LargeImage));
        var second = GenerateOrSubmitAsync(client, Endpoint.Generate, [ReferenceImage.FromBytes(LargeImage)], source.Token);
        await source.CancelAsync();

        Assert.Equal(RequestOutcome.NotSent, (await Assert.ThrowsAsync<ImageApiCanceledException>(() => second.WaitAsync(TestTimeout.Duration))).Outcome);
        release.Release(100);
        await first.WaitAsync(TestTimeout.Duration);
    }

    [Theory]
    [MemberData(nameof(PaidEndpoints))]
    public async Task Reference_is_sent_inline_if_the_upload_returns_no_url(Endpoint endpoint)
    {
        await using var server = StartServer(static _ => (200, """{"id":"file_1"}"""));
        using var client = CreateUploadingClient(server);

        await GenerateOrSubmitAsync(client, endpoint, ReferenceImage.FromBytes(LargeImage));
        await GenerateOrSubmitAsync(client, endpoint, ReferenceImage.FromBytes(LargeImage));

        Assert.Equal([UploadPath, PathOf(endpoint), PathOf(endpoint)], server.Requests.Select(static request => request.Target));
        Assert.All(server.Requests.Skip(1), static request => Assert.Equal(LargeImage, Assert.Single(ReadReferences(request)).GetProperty("data_base64").GetBytesFromBase64()));
    }

    [Fact]
    public async Task Non_seekable_stream_is_sent_inline()
    {
        await using var server = StartServer(static _ => (200, UploadResponseJson));
        using var client = CreateUploadingClient(server);

        await GenerateOrSubmitAsync(client, Endpoint.Generate, ReferenceImage.FromStream(new NonSeekableStream(LargeImage)));

        Assert.Equal("/v1/images/generations", Assert.Single(server.Requests).Target);
    }

    [Fact]
    public async Task File_modified_during_upload_throws_before_the_paid_request()
    {
        var path = Path.Combine(_directory, "photo.png");
        await File.WriteAllBytesAsync(path, LargeImage);
        await using var server = StartServer(_ =>
        {
            File.SetLastWriteTimeUtc(path, new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
            return (500, "{}");
        });
        using var client = CreateUploadingClient(server);

        var error = await Assert.ThrowsAsync<IOException>(() => GenerateOrSubmitAsync(client, Endpoint.Generate, ReferenceImage.FromFile(path)));

        Assert.Contains("changed", error.Message, StringComparison.Ordinal);
        Assert.Equal(UploadPath, Assert.Single(server.Requests).Target);
    }

    [Fact]
    public async Task Stream_that_changes_after_hashing_is_not_uploaded()
    {
        await using var server = StartServer(static _ => (200, UploadResponseJson));
        using var client = CreateUploadingClient(server);
        using var stream = new MutatingStream(LargeImage, SampleFiles.PngOf(5000, fill: 8));

        var error = await Assert.ThrowsAsync<IOException>(() => GenerateOrSubmitAsync(client, Endpoint.Generate, ReferenceImage.FromStream(stream)));

        Assert.Contains("changed", error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Stream_exception_is_rethrown_before_sending()
    {
        await using var server = StartServer(static _ => (200, UploadResponseJson));
        using var client = CreateUploadingClient(server);

        await Assert.ThrowsAsync<InvalidTimeZoneException>(
            () => GenerateOrSubmitAsync(client, Endpoint.Generate, ReferenceImage.FromStream(new WrongLengthStream(100_000, 0) { ThrowsAtPosition = 50_000 })));

        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task Cached_upload_expires_after_the_cache_duration()
    {
        var time = new FakeTimeProvider();
        await using var server = StartServer(static _ => (200, UploadResponseJson));
        using var client = CreateUploadingClient(server, time);

        await GenerateOrSubmitAsync(client, Endpoint.Generate, ReferenceImage.FromBytes(LargeImage));
        time.Advance(TimeSpan.FromMinutes(59));
        await GenerateOrSubmitAsync(client, Endpoint.Generate, ReferenceImage.FromBytes(LargeImage));
        Assert.Equal(1, CountUploads(server));
        time.Advance(TimeSpan.FromMinutes(1));
        await GenerateOrSubmitAsync(client, Endpoint.Generate, ReferenceImage.FromBytes(LargeImage));

        Assert.Equal(2, CountUploads(server));
    }

    [Fact]
    public async Task Cached_upload_expires_ten_minutes_before_the_server_expiry()
    {
        var time = new FakeTimeProvider();
        var expiresAt = time.GetUtcNow().AddMinutes(30).ToUnixTimeSeconds();
        await using var server = StartServer(_ => (200, $$"""{"url":"{{MediaUrl}}","expires_at":{{expiresAt}}}"""));
        using var client = CreateUploadingClient(server, time);

        await GenerateOrSubmitAsync(client, Endpoint.Generate, ReferenceImage.FromBytes(LargeImage));
        time.Advance(TimeSpan.FromMinutes(19));
        await GenerateOrSubmitAsync(client, Endpoint.Generate, ReferenceImage.FromBytes(LargeImage));
        Assert.Equal(1, CountUploads(server));
        time.Advance(TimeSpan.FromMinutes(1));
        await GenerateOrSubmitAsync(client, Endpoint.Generate, ReferenceImage.FromBytes(LargeImage));

        Assert.Equal(2, CountUploads(server));
    }

    [Theory]
    [InlineData(400, 2)]
    [InlineData(404, 2)]
    [InlineData(401, 1)]
    [InlineData(500, 1)]
    public async Task Cached_upload_is_removed_when_the_request_is_rejected(int status, int expectedUploads)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.FromRequest(request => Task.FromResult(request.Target == UploadPath ? (200, UploadResponseJson) : (status, "{}"))));
        using var client = CreateUploadingClient(server);

        await Assert.ThrowsAsync<ImageApiResponseException>(() => GenerateOrSubmitAsync(client, Endpoint.Generate, ReferenceImage.FromBytes(LargeImage)));
        await Assert.ThrowsAsync<ImageApiResponseException>(() => GenerateOrSubmitAsync(client, Endpoint.Generate, ReferenceImage.FromBytes(LargeImage)));

        Assert.Equal(expectedUploads, CountUploads(server));
    }

    [Fact]
    public async Task Hashing_a_large_source_allocates_little_memory()
    {
        const int Size = 64 * 1024 * 1024;
        using var source = await ReferenceImage.FromStream(new MemoryStream(new byte[Size])).OpenAsync(default);
        var before = GC.GetAllocatedBytesForCurrentThread(); // such a stream is read without a change of threads

        using var hashed = await HashingSource.ReadAsync(source, default);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 * 1024 * 1024);
        Assert.Equal(Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(new byte[Size])), hashed.Hash);
    }

    private static ScriptedServer StartServer(Func<RecordedRequest, (int Status, string Json)> upload) => StartServer(request => Task.FromResult(upload(request)));

    /// <summary>A server that is well, but for what it answers to uploads.</summary>
    private static ScriptedServer StartServer(Func<RecordedRequest, Task<(int Status, string Json)>> upload) => ScriptedServer.Start(ScriptedResponse.FromRequest(async request => request.Target switch
    {
        UploadPath => await upload(request),
        "/v1/jobs" => (200, ScriptedResponse.JobResponseJson),
        _ => (200, ScriptedResponse.ImageResponseJson),
    }));

    private static ImageApiClient CreateUploadingClient(ScriptedServer server, TimeProvider? time = null)
    {
        var options = TestClients.Options(server.BaseAddress);
        options.ReferenceImages.UploadThreshold = 1000;
        return new ImageApiClient(options, NullLoggerFactory.Instance, time);
    }

    private static ImageApiClient CreateUploadingClient(ImageApiEmulator emulator) => TestClients.Create(emulator, static options => options.ReferenceImages.UploadThreshold = 1000);

    private static string PathOf(Endpoint endpoint) => endpoint == Endpoint.Generate ? "/v1/images/generations" : "/v1/jobs";

    private static int CountUploads(ScriptedServer server) => server.Requests.Count(static request => request.Target == UploadPath);

    private static Task GenerateOrSubmitAsync(ImageApiClient client, Endpoint endpoint, params ReferenceImage[] references) => GenerateOrSubmitAsync(client, endpoint, references, default);

    private static Task GenerateOrSubmitAsync(ImageApiClient client, Endpoint endpoint, ReferenceImage[] references, CancellationToken cancellationToken) => endpoint == Endpoint.Generate
        ? client.Images.GenerateAsync(new ImageRequest { Prompt = "fox", ReferenceImages = references }, cancellationToken: cancellationToken)
        : client.Jobs.SubmitAsync(new JobRequest { Input = new ImageJobInput { Prompt = "fox", ReferenceImages = references } }, cancellationToken: cancellationToken);

    private static async Task<byte[]> GenerateImageAsync(ImageApiClient client, string prompt, ReferenceImage[] references)
    {
        var result = await client.Images.GenerateAsync(new ImageRequest { Prompt = prompt, ReferenceImages = references, ResponseFormat = ImageResponseFormat.Base64 });
        return result.Images[0].Data!.Value.ToArray();
    }

    private static List<JsonElement> ReadReferences(RecordedRequest request)
    {
        using var document = JsonDocument.Parse(request.Body);
        var parent = document.RootElement.TryGetProperty("input", out var input) ? input : document.RootElement;
        return [.. parent.GetProperty("reference_images").EnumerateArray().Select(static reference => reference.Clone())];
    }
}
