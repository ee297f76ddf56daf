using ImageApi.Emulator;

namespace ImageApi.Client.Tests.Exceptions;

/// <summary>Errors that are not the library's own say through <see cref="RequestInfo"/> what was bought.</summary>
public sealed class RequestInfoTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("imageapi-").FullName;

    public static TheoryData<Endpoint> PaidEndpoints => [Endpoint.Generate, Endpoint.Submit];

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [MemberData(nameof(PaidEndpoints))]
    public async Task Reference_stream_failure_during_upload_reports_Unknown(Endpoint endpoint)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(endpoint));
        using var client = TestClients.Create(server.BaseAddress);

        var error = await Assert.ThrowsAsync<InvalidTimeZoneException>(
            () => SendAsync(client, endpoint, ReferenceImage.FromStream(new WrongLengthStream(8_000_000, 0) { ThrowsAtPosition = 5_000_000 })));

        var info = RequestInfo.FromException(error)!;
        Assert.Equal((OperationName(endpoint), RequestOutcome.Unknown), (info.Operation, info.Outcome));
        Assert.Contains(info.IdempotencyKey!, server.Received, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PaidEndpoints))]
    public async Task Missing_reference_file_reports_NotSent(Endpoint endpoint)
    {
        using var client = TestClients.Create(new Uri("http://127.0.0.1:9"));

        var error = await Assert.ThrowsAsync<FileNotFoundException>(() => SendAsync(client, endpoint, ReferenceImage.FromFile(Path.Combine(_directory, "none.png"))));

        Assert.Equal((OperationName(endpoint), RequestOutcome.NotSent), (RequestInfo.FromException(error)?.Operation, RequestInfo.FromException(error)?.Outcome));
    }

    [Theory]
    [MemberData(nameof(PaidEndpoints))]
    public async Task Changed_reference_file_still_reports_a_possibly_billed_attempt(Endpoint endpoint)
    {
        var path = Path.Combine(_directory, "fox.png");
        await File.WriteAllBytesAsync(path, SampleFiles.Png);
        await using var server = ScriptedServer.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            File.SetLastWriteTimeUtc(path, new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
            connection.Close();
        });
        using var client = TestClients.Create(server.BaseAddress, static options => options.Retry.ServerHonorsIdempotencyKeys = true);

        var error = await Assert.ThrowsAsync<IOException>(() => SendAsync(client, endpoint, ReferenceImage.FromFile(path)));

        Assert.Equal(RequestOutcome.Unknown, RequestInfo.FromException(error)?.Outcome);
        Assert.Equal(Assert.Single(server.Requests).Header("Idempotency-Key"), RequestInfo.FromException(error)?.IdempotencyKey);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Throwing_callback_does_not_hide_the_job_id(bool onSubmitted)
    {
        await using var emulator = await ImageApiEmulator.StartAsync(new EmulatorOptions { JobPolls = 1, JobDuration = TimeSpan.Zero, DrawTinyImages = true });
        using var client = TestClients.Create(emulator);
        var id = string.Empty;
        var options = SampleRequests.QuickRun;
        options.OnSubmitted = (job, _) =>
        {
            id = job.Id;
            return onSubmitted ? throw new InvalidTimeZoneException("mine") : default;
        };
        options.Wait!.Progress = new ThrowingProgress();

        var error = await Assert.ThrowsAsync<InvalidTimeZoneException>(() => client.Jobs.RunAsync(SampleRequests.Image("a fox"), options));

        var info = RequestInfo.FromException(error)!;
        Assert.NotEmpty(id);
        Assert.Equal((id, RequestOutcome.Accepted), (info.JobId, info.Outcome));
    }

    [Fact]
    public async Task Complete_images_survive_a_truncated_response()
    {
        var body = $$"""{"data":[{"b64_json":"{{Convert.ToBase64String(SampleFiles.PngOf(300_000))}}"},{"b64_json":"iVBORw0KGgo""";
        await using var server = ScriptedServer.Start(ScriptedResponse.Raw(ScriptedResponse.Message(System.Text.Encoding.UTF8.GetBytes(body), "Content-Length: 900000")));
        using var client = TestClients.Create(server.BaseAddress);

        var error = await Assert.ThrowsAnyAsync<ImageApiException>(() => client.Images.GenerateAsync(new ImageRequest { Prompt = "a fox", Count = 2 }));

        var info = RequestInfo.FromException(error)!;
        var completed = Assert.Single(RequestInfo.FromException(error)!.ReceivedMedia);
        Assert.Equal((RequestOutcome.Unknown, error.Info.IdempotencyKey), (info.Outcome, info.IdempotencyKey));
        Assert.Equal("image/png", completed.MimeType);
        Assert.Equal(SampleFiles.PngOf(300_000), completed.Data!.Value.ToArray());
        Assert.Null(completed.StreamIndex);
    }

    [Fact]
    public async Task Failure_identifies_the_streams_with_complete_images()
    {
        var body = $$"""{"data":[{"b64_json":"{{Convert.ToBase64String(SampleFiles.Png)}}"},{"b64_json":"{{Convert.ToBase64String(SampleFiles.PngOf(300_000))}}"},{"b64_json":"iVBORw0KGgo""";
        await using var server = ScriptedServer.Start(ScriptedResponse.Raw(ScriptedResponse.Message(System.Text.Encoding.UTF8.GetBytes(body), "Content-Length: 900000")));
        using var client = TestClients.Create(server.BaseAddress);

        var error = await Assert.ThrowsAnyAsync<ImageApiException>(() => client.Images.GenerateToStreamsAsync(
            new ImageRequest { Prompt = "a fox" }, static (incoming, _) => incoming.Index == 0 ? throw new IOException("mine") : new(new MemoryStream())));

        Assert.Equal(1, Assert.Single(RequestInfo.FromException(error)!.ReceivedMedia).StreamIndex);
    }

    [Theory]
    [InlineData("""{"reference_images":["https://example.com/mine.png",{"url":"https://example.com/mine.png"}],"data":[{"url":"https://cdn.example/a.png?s=1"},{"url":"/b.png"},{"url":"https://cdn.exa""", 2)]
    [InlineData("""{"data":[{"url":"https:\/\/cdn.example\/a.png?s=1"}], what is this""", 1)]
    [InlineData("""{"data":[{"url":"https://cdn.exa""", 0)]
    [InlineData("""{"data":[{"url":7},{"revised_prompt":"https://cdn.example/a.png"},{"url":""", 0)]
    public async Task Truncated_response_reports_its_complete_URLs(string body, int expectedCount)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Raw(ScriptedResponse.Message(System.Text.Encoding.UTF8.GetBytes(body), "Content-Length: 9000")));
        using var client = TestClients.Create(server.BaseAddress);
        string[] expected = ["https://cdn.example/a.png?s=1", new Uri(server.BaseAddress, "b.png").AbsoluteUri];

        var memoryError = await Assert.ThrowsAnyAsync<ImageApiException>(() => client.Images.GenerateAsync(new ImageRequest { Prompt = "a fox" }));
        var filesError = await Assert.ThrowsAnyAsync<ImageApiException>(() => client.Images.GenerateToFilesAsync(new ImageRequest { Prompt = "a fox" }, _directory));

        Assert.Equal(RequestOutcome.Unknown, memoryError.Outcome);
        Assert.Equal(expected.Take(expectedCount), memoryError.Info.PendingUrls);
        Assert.Equal(expected.Take(expectedCount), filesError.Info.PendingUrls);
        Assert.Equal(expected.Take(expectedCount), RequestInfo.FromException(filesError)!.PendingUrls);
        Assert.DoesNotContain("s=1", memoryError.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Error_response_has_no_pending_URLs()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(200, """{"error":{"message":"no","code":"invalid_value","url":"https://docs.example/errors"}}"""));
        using var client = TestClients.Create(server.BaseAddress);

        var error = await Assert.ThrowsAsync<ImageApiResponseException>(() => client.Images.GenerateAsync(new ImageRequest { Prompt = "a fox" }));

        Assert.Empty(error.Info.PendingUrls);
    }

    [Fact]
    public async Task Existing_target_file_reports_NotSent()
    {
        using var client = TestClients.Create(new Uri("http://127.0.0.1:9"));
        var path = Path.Combine(_directory, "fox.png");
        await File.WriteAllTextAsync(path, "mine");

        var error = await Assert.ThrowsAsync<IOException>(() => client.Images.GenerateToFilesAsync(new ImageRequest { Prompt = "a fox" }, path));

        Assert.Equal(RequestOutcome.NotSent, RequestInfo.FromException(error)?.Outcome);
    }

    [Fact]
    public void Library_exceptions_provide_the_same_request_info()
    {
        var error = new ImageApiException("no") { Info = new() { Operation = "jobs.submit", Outcome = RequestOutcome.Accepted, RequestId = "req_1", JobId = "job_1" } };
        var cancellation = new ImageApiCanceledException("no") { Info = new() { Operation = "jobs.wait", Outcome = RequestOutcome.Accepted, JobId = "job_1", IdempotencyKey = "order-17" } };

        Assert.Same(error.Info, RequestInfo.FromException(error));
        Assert.Equal((RequestOutcome.Accepted, "req_1", "job_1"), (error.Outcome, error.RequestId, error.JobId));
        Assert.Equal(["job_1"], error.Info.JobIds);
        Assert.Empty(new RequestInfo().JobIds);
        Assert.Equal("job_1", RequestInfo.FromException(new AggregateException(new InvalidOperationException("wrapped", cancellation)))?.JobId);
        Assert.Equal("order-17", RequestInfo.FromException(cancellation)?.IdempotencyKey);
        Assert.Empty(new RequestInfo { SavedFiles = null!, PendingUrls = null! }.SavedFiles);
        Assert.Null(RequestInfo.FromException(new IOException("another's")));
        Assert.Null(RequestInfo.FromException(null));
    }

    private static string OperationName(Endpoint endpoint) => endpoint == Endpoint.Generate ? "images.generate" : "jobs.submit";

    private static Task SendAsync(ImageApiClient client, Endpoint endpoint, ReferenceImage reference) => endpoint == Endpoint.Generate
        ? client.Images.GenerateAsync(new ImageRequest { Prompt = "fox", ReferenceImages = [reference] })
        : client.Jobs.SubmitAsync(new JobRequest { Input = new ImageJobInput { Prompt = "fox", ReferenceImages = [reference] } });

    private sealed class ThrowingProgress : IProgress<Job>
    {
        public void Report(Job value) => throw new InvalidTimeZoneException("mine");
    }
}
