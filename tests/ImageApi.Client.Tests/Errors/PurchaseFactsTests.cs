using ImageApi.Emulator;

namespace ImageApi.Client.Tests.Errors;

/// <summary>Errors that are not the library's own say through <see cref="PurchaseFacts"/> what was bought.</summary>
public sealed class PurchaseFactsTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("imageapi-").FullName;

    public static TheoryData<Endpoint> Paid => [Endpoint.Generate, Endpoint.Submit];

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [MemberData(nameof(Paid))]
    public async Task A_reference_that_fails_while_it_is_sent_leaves_open_what_became_of_the_request(Endpoint endpoint)
    {
        await using var server = ScriptServer.Start(Reply.Good(endpoint));
        using var client = Clients.For(server.BaseAddress);

        var error = await Assert.ThrowsAsync<InvalidTimeZoneException>(
            () => OrderAsync(client, endpoint, ReferenceImage.FromStream(new LyingStream(8_000_000, 0) { FailsAt = 5_000_000 })));

        var facts = PurchaseFacts.Of(error)!;
        Assert.Equal((NameOf(endpoint), RequestOutcome.Unknown), (facts.Operation, facts.Outcome));
        Assert.Contains(facts.IdempotencyKey!, server.Received, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Paid))]
    public async Task A_reference_that_is_not_there_means_that_nothing_was_sent(Endpoint endpoint)
    {
        using var client = Clients.For(new Uri("http://127.0.0.1:9"));

        var error = await Assert.ThrowsAsync<FileNotFoundException>(() => OrderAsync(client, endpoint, ReferenceImage.FromFile(Path.Combine(_directory, "none.png"))));

        Assert.Equal((NameOf(endpoint), RequestOutcome.NotSent), (PurchaseFacts.Of(error)?.Operation, PurchaseFacts.Of(error)?.Outcome));
    }

    [Theory]
    [MemberData(nameof(Paid))]
    public async Task A_reference_that_changes_before_a_retry_does_not_hide_that_the_first_attempt_may_have_been_billed(Endpoint endpoint)
    {
        var path = Path.Combine(_directory, "fox.png");
        await File.WriteAllBytesAsync(path, Samples.Png);
        await using var server = ScriptServer.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            File.SetLastWriteTimeUtc(path, new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
            connection.Close();
        });
        using var client = Clients.For(server.BaseAddress, static options => options.AmbiguousRetry = AmbiguousRetry.WhenServerHonoursIdempotencyKey);

        var error = await Assert.ThrowsAsync<IOException>(() => OrderAsync(client, endpoint, ReferenceImage.FromFile(path)));

        Assert.Equal(RequestOutcome.Unknown, PurchaseFacts.Of(error)?.Outcome);
        Assert.Equal(Assert.Single(server.Requests).Header("Idempotency-Key"), PurchaseFacts.Of(error)?.IdempotencyKey);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_callback_that_fails_does_not_hide_the_job(bool onSubmitted)
    {
        await using var emulator = await ImageApiEmulator.StartAsync(new EmulatorOptions { JobPolls = 1, JobDuration = TimeSpan.Zero, DrawTinyPictures = true });
        using var client = Clients.For(emulator);
        var id = string.Empty;
        var options = Requests.Quick;
        options.OnSubmitted = (job, _) =>
        {
            id = job.Id;
            return onSubmitted ? throw new InvalidTimeZoneException("mine") : default;
        };
        options.Progress = new Failing();

        var error = await Assert.ThrowsAsync<InvalidTimeZoneException>(() => client.Jobs.RunAsync(Requests.Image("a fox"), options));

        var facts = PurchaseFacts.Of(error)!;
        Assert.NotEmpty(id);
        Assert.Equal((id, RequestOutcome.Accepted), (facts.JobId, facts.Outcome));
    }

    [Fact]
    public async Task Pictures_that_arrived_whole_in_memory_are_not_lost_with_the_rest_of_the_answer()
    {
        var body = $$"""{"data":[{"b64_json":"{{Convert.ToBase64String(Samples.PngOf(300_000))}}"},{"b64_json":"iVBORw0KGgo""";
        await using var server = ScriptServer.Start(Reply.Raw(Reply.Message(System.Text.Encoding.UTF8.GetBytes(body), "Content-Length: 900000")));
        using var client = Clients.For(server.BaseAddress);

        var error = await Assert.ThrowsAnyAsync<ImageApiException>(() => client.Images.GenerateAsync(new ImageRequest { Prompt = "a fox", Count = 2 }));

        var facts = PurchaseFacts.Of(error)!;
        var arrived = Assert.Single(GeneratedMedia.ArrivedBefore(error));
        Assert.Equal((RequestOutcome.Unknown, error.IdempotencyKey), (facts.Outcome, facts.IdempotencyKey));
        Assert.Equal("image/png", arrived.MimeType);
        Assert.Equal(Samples.PngOf(300_000), arrived.Data!.Value.ToArray());
        Assert.Null(arrived.StreamIndex);
    }

    [Fact]
    public async Task Streams_that_got_their_pictures_whole_are_told_from_those_that_did_not()
    {
        var body = $$"""{"data":[{"b64_json":"{{Convert.ToBase64String(Samples.Png)}}"},{"b64_json":"{{Convert.ToBase64String(Samples.PngOf(300_000))}}"},{"b64_json":"iVBORw0KGgo""";
        await using var server = ScriptServer.Start(Reply.Raw(Reply.Message(System.Text.Encoding.UTF8.GetBytes(body), "Content-Length: 900000")));
        using var client = Clients.For(server.BaseAddress);

        var error = await Assert.ThrowsAnyAsync<ImageApiException>(() => client.Images.GenerateToFilesAsync(
            new ImageRequest { Prompt = "a fox" }, static (incoming, _) => incoming.Index == 0 ? throw new IOException("mine") : new(new MemoryStream())));

        Assert.Equal(1, Assert.Single(GeneratedMedia.ArrivedBefore(error)).StreamIndex);
    }

    [Theory]
    [InlineData("""{"reference_images":["https://example.com/mine.png",{"url":"https://example.com/mine.png"}],"data":[{"url":"https://cdn.example/a.png?s=1"},{"url":"/b.png"},{"url":"https://cdn.exa""", 2)]
    [InlineData("""{"data":[{"url":"https:\/\/cdn.example\/a.png?s=1"}], what is this""", 1)]
    [InlineData("""{"data":[{"url":"https://cdn.exa""", 0)]
    [InlineData("""{"data":[{"url":7},{"revised_prompt":"https://cdn.example/a.png"},{"url":""", 0)]
    public async Task Links_that_arrived_whole_of_a_broken_answer_are_told(string body, int links)
    {
        await using var server = ScriptServer.Start(Reply.Raw(Reply.Message(System.Text.Encoding.UTF8.GetBytes(body), "Content-Length: 9000")));
        using var client = Clients.For(server.BaseAddress);
        string[] expected = ["https://cdn.example/a.png?s=1", new Uri(server.BaseAddress, "b.png").AbsoluteUri];

        var inMemory = await Assert.ThrowsAnyAsync<ImageApiException>(() => client.Images.GenerateAsync(new ImageRequest { Prompt = "a fox" }));
        var inFiles = await Assert.ThrowsAnyAsync<ImageApiException>(() => client.Images.GenerateToFilesAsync(new ImageRequest { Prompt = "a fox" }, _directory));

        Assert.Equal(RequestOutcome.Unknown, inMemory.Outcome);
        Assert.Equal(expected.Take(links), inMemory.UnsavedLinks);
        Assert.Equal(expected.Take(links), inFiles.UnsavedLinks);
        Assert.Equal(expected.Take(links), PurchaseFacts.Of(inFiles)!.UnsavedLinks);
        Assert.DoesNotContain("s=1", inMemory.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_has_no_links_to_fetch()
    {
        await using var server = ScriptServer.Start(Reply.With(200, """{"error":{"message":"no","code":"invalid_value","url":"https://docs.example/errors"}}"""));
        using var client = Clients.For(server.BaseAddress);

        var error = await Assert.ThrowsAsync<ImageApiErrorException>(() => client.Images.GenerateAsync(new ImageRequest { Prompt = "a fox" }));

        Assert.Empty(error.UnsavedLinks);
    }

    [Fact]
    public async Task A_file_in_the_way_says_that_nothing_was_sent()
    {
        using var client = Clients.For(new Uri("http://127.0.0.1:9"));
        var path = Path.Combine(_directory, "fox.png");
        await File.WriteAllTextAsync(path, "mine");

        var error = await Assert.ThrowsAsync<IOException>(() => client.Images.GenerateToFilesAsync(new ImageRequest { Prompt = "a fox" }, path));

        Assert.Equal(RequestOutcome.NotSent, PurchaseFacts.Of(error)?.Outcome);
    }

    [Fact]
    public void Errors_of_the_library_tell_the_same_in_one_way()
    {
        var error = new ImageApiConnectionException("no")
        {
            Operation = "jobs.submit", Outcome = RequestOutcome.Accepted, RequestId = "req_1", JobId = "job_1", IdempotencyKey = "order-17",
        };
        var cancellation = new ImageApiCanceledException("no") { Operation = "jobs.wait", Outcome = RequestOutcome.Accepted, JobId = "job_1", IdempotencyKey = "order-17" };

        Assert.Equal(
            new PurchaseFacts { Operation = "jobs.submit", Outcome = RequestOutcome.Accepted, RequestId = "req_1", JobId = "job_1", IdempotencyKey = "order-17" } with { SavedPaths = error.SavedPaths, UnsavedLinks = error.UnsavedLinks },
            PurchaseFacts.Of(error));
        Assert.Equal("job_1", PurchaseFacts.Of(new AggregateException(new InvalidOperationException("wrapped", cancellation)))?.JobId);
        Assert.Equal("order-17", PurchaseFacts.Of(cancellation)?.IdempotencyKey);
        Assert.Empty(new PurchaseFacts { SavedPaths = null!, UnsavedLinks = null! }.SavedPaths);
        Assert.Null(PurchaseFacts.Of(new IOException("another's")));
        Assert.Null(PurchaseFacts.Of(null));
    }

    private static string NameOf(Endpoint endpoint) => endpoint == Endpoint.Generate ? "images.generate" : "jobs.submit";

    private static Task OrderAsync(ImageApiClient client, Endpoint endpoint, ReferenceImage reference) => endpoint == Endpoint.Generate
        ? client.Images.GenerateAsync(new ImageRequest { Prompt = "fox", ReferenceImages = [reference] })
        : client.Jobs.SubmitAsync(new JobRequest { Input = new ImageJobInput { Prompt = "fox", ReferenceImages = [reference] } });

    private sealed class Failing : IProgress<Job>
    {
        public void Report(Job value) => throw new InvalidTimeZoneException("mine");
    }
}
