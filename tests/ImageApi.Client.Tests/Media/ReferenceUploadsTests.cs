using System.Text.Json;
using ImageApi.Client.Media;
using ImageApi.Emulator;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ImageApi.Client.Tests.Media;

/// <summary><c>References.UploadFrom</c>: large references are uploaded, once, before anything is bought.</summary>
public sealed class ReferenceUploadsTests : IDisposable
{
    private const string Upload = "/v1/files/upload";
    private const string Link = "https://cdn.example/reference.png";
    private const string Stored = $$"""{"id":"file_1","url":"{{Link}}"}""";
    private static readonly byte[] Large = Samples.PngOf(5000);
    private readonly string _directory = Directory.CreateTempSubdirectory("imageapi-").FullName;

    public static TheoryData<Endpoint> Paid => [Endpoint.Generate, Endpoint.Submit];

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task An_uploaded_reference_takes_part_in_the_picture_and_is_uploaded_once()
    {
        await using var emulator = await ImageApiEmulator.StartAsync(new EmulatorOptions { JobDuration = TimeSpan.Zero, JobPolls = 1, KeepRequests = true });
        using var inline = Clients.For(emulator);
        using var uploading = Uploading(emulator);
        var photo = await PictureAsync(inline, "a fox", []);
        var reference = ReferenceImage.FromBytes(photo);

        var byLink = await PictureAsync(uploading, "at night", [reference]);
        var job = await uploading.Jobs.RunAsync(new JobRequest { Input = new ImageJobInput { Prompt = "at dawn", ReferenceImages = [reference], Mask = reference } }, Requests.Quick);

        Assert.Equal(photo.Length, Assert.Single(emulator.Ledger.Uploads).Bytes);
        Assert.Equal("image/png", emulator.Ledger.Uploads[0].MimeType);
        Assert.All(emulator.Ledger.Requests.Where(static request => request.Path is "/v1/images/generations" or "/v1/jobs"), static request => Assert.InRange(request.BodyLength, 1, 1000));
        Assert.Equal(JobState.Succeeded, job.State);
        Assert.Equal(await PictureAsync(inline, "at night", [reference]), byLink);
        Assert.NotEqual(await PictureAsync(inline, "at night", []), byLink);
        Assert.True(emulator.Ledger.Requests.Max(static request => request.BodyLength) > photo.Length); // the control: inside a request it is large
    }

    [Fact]
    public async Task Without_the_setting_everything_travels_inside_the_request()
    {
        await using var server = Server(static _ => (200, Stored));
        using var client = Clients.For(server.BaseAddress);

        await OrderAsync(client, Endpoint.Generate, ReferenceImage.FromBytes(Large));

        Assert.Equal(Large, Assert.Single(References(Assert.Single(server.Requests))).GetProperty("data_base64").GetBytesFromBase64());
    }

    [Theory]
    [MemberData(nameof(Paid))]
    public async Task The_link_stands_where_the_bytes_would(Endpoint endpoint)
    {
        await using var server = Server(static _ => (200, Stored));
        using var client = Uploading(server);

        await OrderAsync(client, endpoint, "https://example.com/a.png", ReferenceImage.FromBytes(Large), ReferenceImage.FromBytes(Samples.Png));

        Assert.Equal([Upload, PathOf(endpoint)], server.Requests.Select(static request => request.Target));
        var references = References(server.Requests[1]);
        Assert.Equal(["https://example.com/a.png", Link], references.Take(2).Select(static reference => reference.GetString()));
        Assert.Equal(Samples.Png, references[2].GetProperty("data_base64").GetBytesFromBase64());
    }

    [Fact]
    public async Task Generation_into_files_and_jobs_that_are_waited_for_upload_as_well()
    {
        await using var emulator = await ImageApiEmulator.StartAsync(new EmulatorOptions { JobDuration = TimeSpan.Zero, JobPolls = 1, DrawTinyPictures = true });
        using var client = Uploading(emulator);
        byte[] large = [.. Samples.Png, .. new byte[2000]]; // what follows the end of a picture is not looked at

        await client.Images.GenerateToFilesAsync(new ImageRequest { Prompt = "into a file", ReferenceImages = [ReferenceImage.FromBytes(large)] }, _directory);
        var afterFiles = emulator.Ledger.Uploads.Count;
        await client.Jobs.RunAsync(
            new JobRequest { Input = new ImageJobInput { Prompt = "waited for", ReferenceImages = [ReferenceImage.FromBytes((byte[])[.. large, 0])] } }, Requests.Quick);

        Assert.Equal((1, 2), (afterFiles, emulator.Ledger.Uploads.Count));
        Assert.Equal((1, 1), (emulator.Ledger.ChargesFor("into a file"), emulator.Ledger.ChargesFor("waited for")));
    }

    [Fact]
    public async Task The_picture_and_the_mask_of_a_job_are_uploaded_as_well()
    {
        await using var server = Server(static _ => (200, Stored));
        using var client = Uploading(server);

        await client.Jobs.SubmitAsync(new JobRequest
        {
            Input = new ImageJobInput { Prompt = "fox", ImageUrl = ReferenceImage.FromBytes(Large), Mask = ReferenceImage.FromBytes(Samples.PngOf(6000)) },
        });

        Assert.Equal([Upload, Upload, "/v1/jobs"], server.Requests.Select(static request => request.Target));
        using var document = JsonDocument.Parse(server.Requests[2].Body);
        var input = document.RootElement.GetProperty("input");
        Assert.Equal((Link, Link), (input.GetProperty("image_url").GetString(), input.GetProperty("mask").GetString()));
    }

    [Theory]
    [InlineData(999, 0)]
    [InlineData(1000, 1)]
    public async Task The_size_decides(int length, int uploads)
    {
        await using var server = Server(static _ => (200, Stored));
        using var client = Uploading(server);

        await OrderAsync(client, Endpoint.Generate, ReferenceImage.FromBytes(Samples.PngOf(length)));

        Assert.Equal(uploads, Uploads(server));
    }

    [Fact]
    public async Task The_upload_is_that_of_a_reference_with_its_type_and_no_name_of_a_file()
    {
        await using var server = Server(static _ => (200, Stored));
        using var client = Uploading(server);
        var path = Path.Combine(_directory, "customer-17.jpg");
        await File.WriteAllBytesAsync(path, Large);

        await OrderAsync(client, Endpoint.Generate, ReferenceImage.FromFile(path));

        var form = server.Requests[0].Text;
        Assert.Contains("name=\"purpose\"\r\n\r\nreference\r\n", form, StringComparison.Ordinal);
        Assert.Contains("filename=\"reference.png\"\r\nContent-Type: image/png\r\n", form, StringComparison.Ordinal);
        Assert.True(server.Requests[0].Body.AsSpan().IndexOf(Large) > 0);
        Assert.DoesNotContain("customer", server.Received, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_bytes_are_uploaded_once_wherever_they_come_from()
    {
        await using var server = Server(static _ => (200, Stored));
        using var client = Uploading(server);
        var path = Path.Combine(_directory, "photo.png");
        await File.WriteAllBytesAsync(path, Large);
        using var stream = new MemoryStream([.. "skipped"u8, .. Large]) { Position = 7 };

        await OrderAsync(client, Endpoint.Generate, ReferenceImage.FromFile(path), ReferenceImage.FromBytes(Large), ReferenceImage.FromStream(stream));
        await OrderAsync(client, Endpoint.Submit, ReferenceImage.FromBytes(Large.ToArray()));

        Assert.Equal([Upload, "/v1/images/generations", "/v1/jobs"], server.Requests.Select(static request => request.Target));
        Assert.Equal([Link, Link, Link], References(server.Requests[1]).Select(static reference => reference.GetString()));
    }

    [Fact]
    public async Task Other_bytes_are_another_upload_and_another_client_remembers_nothing()
    {
        await using var server = Server(static _ => (200, Stored));
        using var one = Uploading(server);
        using var other = Uploading(server);

        await OrderAsync(one, Endpoint.Generate, ReferenceImage.FromBytes(Large), ReferenceImage.FromBytes(Samples.PngOf(5000, fill: 8)));
        await OrderAsync(other, Endpoint.Generate, ReferenceImage.FromBytes(Large));

        Assert.Equal(3, Uploads(server));
    }

    [Fact]
    public async Task Calls_at_the_same_time_share_one_upload()
    {
        using var release = new SemaphoreSlim(0);
        await using var server = Server(async _ =>
        {
            await release.WaitAsync();
            return (200, Stored);
        });
        using var client = Uploading(server);

        var calls = Enumerable.Range(0, 16).Select(i => OrderAsync(client, i % 2 == 0 ? Endpoint.Generate : Endpoint.Submit, ReferenceImage.FromBytes(Large))).ToArray();
        await server.WaitForRequestsAsync(1);
        release.Release(100);
        await Task.WhenAll(calls).WaitAsync(Watchdog.Limit);

        Assert.Equal(1, Uploads(server));
        Assert.Equal(16, server.Requests.Count(static request => request.Target != Upload && request.Text.Contains(Link, StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Paid))]
    public async Task When_the_upload_is_refused_nothing_is_bought_and_nothing_remembered(Endpoint endpoint)
    {
        var refusals = 1;
        await using var server = Server(_ => Interlocked.Decrement(ref refusals) >= 0 ? (413, """{"error":{"message":"too large","code":"file_too_large"}}""") : (200, Stored));
        using var client = Uploading(server);

        var error = await Assert.ThrowsAsync<ImageApiErrorException>(() => OrderAsync(client, endpoint, ReferenceImage.FromBytes(Large)));

        Assert.Equal(Upload, Assert.Single(server.Requests).Target);
        Assert.Equal(("files.upload", RequestOutcome.NotSent, "file_too_large"), (error.Operation, error.Outcome, error.ErrorCode));
        Assert.Contains("nothing was bought", error.Message, StringComparison.Ordinal);

        await OrderAsync(client, endpoint, ReferenceImage.FromBytes(Large)); // the control: it is the upload that was in the way

        Assert.Equal([Upload, Upload, PathOf(endpoint)], server.Requests.Select(static request => request.Target));
    }

    [Fact]
    public async Task When_the_upload_may_have_been_carried_out_the_purchase_still_was_not()
    {
        await using var server = ScriptServer.Start(Reply.Close);
        using var client = Uploading(server);

        var error = await Assert.ThrowsAsync<ImageApiConnectionException>(() => OrderAsync(client, Endpoint.Generate, ReferenceImage.FromBytes(Large)));
        var alone = await Assert.ThrowsAsync<ImageApiConnectionException>(() => client.Files.UploadAsync(FileUpload.FromBytes(Large, "a.png")));

        Assert.Equal(RequestOutcome.NotSent, error.Outcome);
        Assert.Equal(RequestOutcome.Unknown, alone.Outcome); // the control: of the upload itself that is not known
        Assert.All(server.Requests, static request => Assert.Equal(Upload, request.Target));
    }

    [Fact]
    public async Task All_who_wait_for_an_upload_hear_of_its_failure_and_do_not_repeat_it()
    {
        using var release = new SemaphoreSlim(0);
        await using var server = Server(async _ =>
        {
            await release.WaitAsync();
            return (400, "{}");
        });
        using var client = Uploading(server);

        var calls = Enumerable.Range(0, 8).Select(_ => Assert.ThrowsAsync<ImageApiErrorException>(() => OrderAsync(client, Endpoint.Submit, ReferenceImage.FromBytes(Large)))).ToArray();
        await server.WaitForRequestsAsync(1);
        release.Release(100);
        var errors = await Task.WhenAll(calls).WaitAsync(Watchdog.Limit);

        Assert.All(errors, static error => Assert.Equal(RequestOutcome.NotSent, error.Outcome));
        Assert.Single(server.Requests);
    }

    [Theory]
    [MemberData(nameof(Paid))]
    public async Task Cancelled_while_it_uploads_a_call_has_bought_nothing(Endpoint endpoint)
    {
        await using var server = ScriptServer.Start(Reply.Stall);
        using var client = Uploading(server);
        using var source = new CancellationTokenSource();

        var call = OrderAsync(client, endpoint, [ReferenceImage.FromBytes(Large)], source.Token);
        await server.WaitForRequestsAsync(1);
        await source.CancelAsync();
        var error = await Assert.ThrowsAsync<ImageApiCanceledException>(() => call.WaitAsync(Watchdog.Limit));

        Assert.Equal((endpoint == Endpoint.Generate ? "images.generate" : "jobs.submit", RequestOutcome.NotSent), (error.Operation, error.Outcome));
        Assert.Equal(source.Token, error.CancellationToken);
        Assert.Equal(Upload, Assert.Single(server.Requests).Target);
    }

    [Theory]
    [MemberData(nameof(Paid))]
    public async Task The_limit_of_the_call_spans_the_upload(Endpoint endpoint)
    {
        await using var server = ScriptServer.Start(Reply.Stall);
        using var client = Uploading(server);
        var options = new CallOptions { Timeout = TimeSpan.FromMilliseconds(200) };

        var error = await Assert.ThrowsAsync<ImageApiTimeoutException>(() => (endpoint == Endpoint.Generate
            ? (Task)client.Images.GenerateAsync(new ImageRequest { Prompt = "fox", ReferenceImages = [ReferenceImage.FromBytes(Large)] }, options)
            : client.Jobs.SubmitAsync(new JobRequest { Input = new ImageJobInput { Prompt = "fox", ReferenceImages = [ReferenceImage.FromBytes(Large)] } }, options)).WaitAsync(Watchdog.Limit));

        Assert.Equal((endpoint == Endpoint.Generate ? "images.generate" : "jobs.submit", RequestOutcome.NotSent), (error.Operation, error.Outcome));
        Assert.Contains("nothing was bought", error.Message, StringComparison.Ordinal);
        Assert.All(server.Requests, static request => Assert.Equal(Upload, request.Target));
    }

    [Fact]
    public async Task What_an_upload_takes_is_missing_for_the_request_and_nothing_is_bought_when_all_is_gone()
    {
        var time = new FakeTimeProvider();
        var seconds = 6;
        await using var server = ScriptServer.Start(Reply.To(request =>
        {
            time.Advance(TimeSpan.FromSeconds(request.Target == Upload ? seconds : 5));
            return Task.FromResult((200, request.Target == Upload ? Stored : Reply.GoodImage));
        }));
        using var client = Uploading(server, time);
        var options = new CallOptions { Timeout = TimeSpan.FromSeconds(10) };
        Task<ImageResult> Order(byte fill) =>
            client.Images.GenerateAsync(new ImageRequest { Prompt = "fox", ReferenceImages = [ReferenceImage.FromBytes(Samples.PngOf(5000, fill))] }, options).WaitAsync(Watchdog.Limit);

        var late = await Assert.ThrowsAsync<ImageApiTimeoutException>(() => Order(1));
        seconds = 11;
        var never = await Assert.ThrowsAsync<ImageApiTimeoutException>(() => Order(2));
        seconds = 4;
        await Order(3); // the control

        Assert.Equal((RequestOutcome.Unknown, RequestOutcome.NotSent), (late.Outcome, never.Outcome));
        Assert.Equal(2, server.Requests.Count(static request => request.Target != Upload));
    }

    [Fact]
    public async Task When_the_call_that_uploads_is_cancelled_one_that_waits_takes_over()
    {
        using var release = new SemaphoreSlim(0);
        var uploads = 0;
        await using var server = Server(async _ =>
        {
            if (Interlocked.Increment(ref uploads) == 1)
            {
                await release.WaitAsync();
            }

            return (200, Stored);
        });
        using var client = Uploading(server);
        using var source = new CancellationTokenSource();

        var first = OrderAsync(client, Endpoint.Generate, [ReferenceImage.FromBytes(Large)], source.Token);
        var second = OrderAsync(client, Endpoint.Generate, ReferenceImage.FromBytes(Large));
        await server.WaitForRequestsAsync(1);
        await source.CancelAsync();

        await Assert.ThrowsAsync<ImageApiCanceledException>(() => first.WaitAsync(Watchdog.Limit));
        await second.WaitAsync(Watchdog.Limit);
        release.Release(100);
        Assert.Equal([Upload, Upload, "/v1/images/generations"], server.Requests.Select(static request => request.Target));
    }

    [Fact]
    public async Task A_call_that_waits_for_an_upload_can_be_cancelled_alone()
    {
        using var release = new SemaphoreSlim(0);
        await using var server = Server(async _ =>
        {
            await release.WaitAsync();
            return (200, Stored);
        });
        using var client = Uploading(server);
        using var source = new CancellationTokenSource();

        var first = OrderAsync(client, Endpoint.Generate, ReferenceImage.FromBytes(Large));
        var second = OrderAsync(client, Endpoint.Generate, [ReferenceImage.FromBytes(Large)], source.Token);
        await source.CancelAsync();

        Assert.Equal(RequestOutcome.NotSent, (await Assert.ThrowsAsync<ImageApiCanceledException>(() => second.WaitAsync(Watchdog.Limit))).Outcome);
        release.Release(100);
        await first.WaitAsync(Watchdog.Limit);
    }

    [Theory]
    [MemberData(nameof(Paid))]
    public async Task Without_a_link_in_the_answer_the_bytes_travel_inside_the_request(Endpoint endpoint)
    {
        await using var server = Server(static _ => (200, """{"id":"file_1"}"""));
        using var client = Uploading(server);

        await OrderAsync(client, endpoint, ReferenceImage.FromBytes(Large));
        await OrderAsync(client, endpoint, ReferenceImage.FromBytes(Large));

        Assert.Equal([Upload, PathOf(endpoint), PathOf(endpoint)], server.Requests.Select(static request => request.Target));
        Assert.All(server.Requests.Skip(1), static request => Assert.Equal(Large, Assert.Single(References(request)).GetProperty("data_base64").GetBytesFromBase64()));
    }

    [Fact]
    public async Task A_stream_that_cannot_seek_travels_inside_the_request()
    {
        await using var server = Server(static _ => (200, Stored));
        using var client = Uploading(server);

        await OrderAsync(client, Endpoint.Generate, ReferenceImage.FromStream(new OneWayStream(Large)));

        Assert.Equal("/v1/images/generations", Assert.Single(server.Requests).Target);
    }

    [Fact]
    public async Task A_file_that_changes_while_it_is_uploaded_fails_the_call_before_anything_is_bought()
    {
        var path = Path.Combine(_directory, "photo.png");
        await File.WriteAllBytesAsync(path, Large);
        await using var server = Server(_ =>
        {
            File.SetLastWriteTimeUtc(path, new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
            return (500, "{}");
        });
        using var client = Uploading(server);

        var error = await Assert.ThrowsAsync<IOException>(() => OrderAsync(client, Endpoint.Generate, ReferenceImage.FromFile(path)));

        Assert.Contains("changed", error.Message, StringComparison.Ordinal);
        Assert.Equal(Upload, Assert.Single(server.Requests).Target);
    }

    [Fact]
    public async Task Bytes_that_are_not_those_that_were_hashed_are_never_uploaded_whole()
    {
        await using var server = Server(static _ => (200, Stored));
        using var client = Uploading(server);
        using var stream = new TurncoatStream(Large, Samples.PngOf(5000, fill: 8));

        var error = await Assert.ThrowsAsync<IOException>(() => OrderAsync(client, Endpoint.Generate, ReferenceImage.FromStream(stream)));

        Assert.Contains("changed", error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_failing_stream_fails_the_call_with_its_own_error()
    {
        await using var server = Server(static _ => (200, Stored));
        using var client = Uploading(server);

        await Assert.ThrowsAsync<InvalidTimeZoneException>(
            () => OrderAsync(client, Endpoint.Generate, ReferenceImage.FromStream(new LyingStream(100_000, 0) { FailsAt = 50_000 })));

        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task A_link_is_forgotten_after_its_time()
    {
        var time = new FakeTimeProvider();
        await using var server = Server(static _ => (200, Stored));
        using var client = Uploading(server, time);

        await OrderAsync(client, Endpoint.Generate, ReferenceImage.FromBytes(Large));
        time.Advance(TimeSpan.FromMinutes(59));
        await OrderAsync(client, Endpoint.Generate, ReferenceImage.FromBytes(Large));
        Assert.Equal(1, Uploads(server));
        time.Advance(TimeSpan.FromMinutes(1));
        await OrderAsync(client, Endpoint.Generate, ReferenceImage.FromBytes(Large));

        Assert.Equal(2, Uploads(server));
    }

    [Fact]
    public async Task A_link_is_forgotten_ten_minutes_before_the_end_that_the_server_names()
    {
        var time = new FakeTimeProvider();
        var end = time.GetUtcNow().AddMinutes(30).ToUnixTimeSeconds();
        await using var server = Server(_ => (200, $$"""{"url":"{{Link}}","expires_at":{{end}}}"""));
        using var client = Uploading(server, time);

        await OrderAsync(client, Endpoint.Generate, ReferenceImage.FromBytes(Large));
        time.Advance(TimeSpan.FromMinutes(19));
        await OrderAsync(client, Endpoint.Generate, ReferenceImage.FromBytes(Large));
        Assert.Equal(1, Uploads(server));
        time.Advance(TimeSpan.FromMinutes(1));
        await OrderAsync(client, Endpoint.Generate, ReferenceImage.FromBytes(Large));

        Assert.Equal(2, Uploads(server));
    }

    [Theory]
    [InlineData(400, 2)]
    [InlineData(404, 2)]
    [InlineData(401, 1)]
    [InlineData(500, 1)]
    public async Task A_link_is_forgotten_when_the_server_finds_fault_with_the_request(int status, int uploads)
    {
        await using var server = ScriptServer.Start(Reply.To(request => Task.FromResult(request.Target == Upload ? (200, Stored) : (status, "{}"))));
        using var client = Uploading(server);

        await Assert.ThrowsAsync<ImageApiErrorException>(() => OrderAsync(client, Endpoint.Generate, ReferenceImage.FromBytes(Large)));
        await Assert.ThrowsAsync<ImageApiErrorException>(() => OrderAsync(client, Endpoint.Generate, ReferenceImage.FromBytes(Large)));

        Assert.Equal(uploads, Uploads(server));
    }

    [Fact]
    public async Task To_hash_a_large_source_takes_no_memory_of_its_size()
    {
        const int Size = 64 * 1024 * 1024;
        using var source = await ReferenceImage.FromStream(new MemoryStream(new byte[Size])).OpenAsync(default);
        var before = GC.GetAllocatedBytesForCurrentThread(); // such a stream is read without a change of threads

        using var hashed = await HashedSource.ReadAsync(source, default);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2 * 1024 * 1024);
        Assert.Equal(Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(new byte[Size])), hashed.Hash);
    }

    private static ScriptServer Server(Func<ScriptRequest, (int Status, string Json)> upload) => Server(request => Task.FromResult(upload(request)));

    /// <summary>A server that is well, but for what it answers to uploads.</summary>
    private static ScriptServer Server(Func<ScriptRequest, Task<(int Status, string Json)>> upload) => ScriptServer.Start(Reply.To(async request => request.Target switch
    {
        Upload => await upload(request),
        "/v1/jobs" => (200, Reply.GoodJob),
        _ => (200, Reply.GoodImage),
    }));

    private static ImageApiClient Uploading(ScriptServer server, TimeProvider? time = null)
    {
        var options = Clients.Options(server.BaseAddress);
        options.References.UploadFrom = 1000;
        return new ImageApiClient(options, NullLoggerFactory.Instance, time);
    }

    private static ImageApiClient Uploading(ImageApiEmulator emulator) => Clients.For(emulator, static options => options.References.UploadFrom = 1000);

    private static string PathOf(Endpoint endpoint) => endpoint == Endpoint.Generate ? "/v1/images/generations" : "/v1/jobs";

    private static int Uploads(ScriptServer server) => server.Requests.Count(static request => request.Target == Upload);

    private static Task OrderAsync(ImageApiClient client, Endpoint endpoint, params ReferenceImage[] references) => OrderAsync(client, endpoint, references, default);

    private static Task OrderAsync(ImageApiClient client, Endpoint endpoint, ReferenceImage[] references, CancellationToken cancellationToken) => endpoint == Endpoint.Generate
        ? client.Images.GenerateAsync(new ImageRequest { Prompt = "fox", ReferenceImages = references }, cancellationToken: cancellationToken)
        : client.Jobs.SubmitAsync(new JobRequest { Input = new ImageJobInput { Prompt = "fox", ReferenceImages = references } }, cancellationToken: cancellationToken);

    private static async Task<byte[]> PictureAsync(ImageApiClient client, string prompt, ReferenceImage[] references)
    {
        var result = await client.Images.GenerateAsync(new ImageRequest { Prompt = prompt, ReferenceImages = references, ResponseFormat = ImageResponseFormat.Base64 });
        return result.Images[0].Data!.Value.ToArray();
    }

    private static List<JsonElement> References(ScriptRequest request)
    {
        using var document = JsonDocument.Parse(request.Body);
        var holder = document.RootElement.TryGetProperty("input", out var input) ? input : document.RootElement;
        return [.. holder.GetProperty("reference_images").EnumerateArray().Select(static reference => reference.Clone())];
    }
}
