using System.Text;
using ImageApi.Emulator;

namespace ImageApi.Client.Tests.Images;

/// <summary>What a disk, a stream or a listener refuses costs no picture that could be kept, and the error says what was bought.</summary>
public sealed class DiskFailureTests : IDisposable
{
    private const int MaxFileNameLength = 255;
    private static readonly ImageRequest Request = new() { Prompt = "a fox", ResponseFormat = ImageResponseFormat.Base64 };
    private readonly string _directory = Directory.CreateTempSubdirectory("imageapi-").FullName;

    /// <summary>A name that is as long as names may be for one digit, and too long for two.</summary>
    private static string LongSavePathTemplate => "{index}-" + new string('f', MaxFileNameLength - "1-.png".Length) + ".{ext}";

    private string DirectoryPath => _directory + Path.DirectorySeparatorChar;

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    [Fact]
    public async Task Invalid_file_name_throws_before_the_paid_request()
    {
        await using var emulator = await ImageApiEmulator.StartAsync();
        using var client = TestClients.Create(emulator);

        var error = await Assert.ThrowsAnyAsync<IOException>(() => client.Images.GenerateToFilesAsync(Request, Path.Combine(_directory, new string('f', MaxFileNameLength + 1) + ".{ext}")));

        Assert.Equal(RequestOutcome.NotSent, RequestInfo.FromException(error)?.Outcome);
        Assert.Empty(emulator.Ledger.Charges);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Image_with_a_too_long_file_name_is_saved_under_another(bool isComplete)
    {
        var response = ResponseJson([.. Enumerable.Range(0, 12).Select(static i => InlineImageJson(SampleFiles.PngOf(1000, (byte)i)))]);
        await using var server = ScriptedServer.Start(isComplete ? ScriptedResponse.With(200, response) : ScriptedResponse.Raw(ScriptedResponse.Message(Encoding.UTF8.GetBytes(response), "Content-Length: 900000")));
        using var client = TestClients.Create(server.BaseAddress);
        IReadOnlyList<string> paths = [];

        var error = await Record.ExceptionAsync(
            async () => paths = [.. (await client.Images.GenerateToFilesAsync(Request, Path.Combine(_directory, LongSavePathTemplate))).Select(static item => item.Path)]);

        paths = error is null ? paths : Assert.IsAssignableFrom<ImageApiException>(error).Info.SavedFiles;
        Assert.Equal(isComplete, error is null);
        Assert.Equal(Enumerable.Range(0, 12).Select(static i => SampleFiles.PngOf(1000, (byte)i)), paths.Select(File.ReadAllBytes));
        Assert.Equal(12, Directory.GetFileSystemEntries(_directory).Length);
        Assert.StartsWith("10-fff", Path.GetFileName(paths[9]), StringComparison.Ordinal);
        Assert.EndsWith(".png", paths[9], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dangling_symlink_at_the_path_does_not_lose_the_image()
    {
        var path = Path.Combine(_directory, "fox.png");
        await using var server = ScriptedServer.Start(async connection =>
        {
            File.CreateSymbolicLink(path, Path.Combine(_directory, "nowhere"));
            await ScriptedResponse.With(200, ResponseJson(InlineImageJson(SampleFiles.Png)))(connection);
        });
        using var client = TestClients.Create(server.BaseAddress);

        var saved = Assert.Single(await client.Images.GenerateToFilesAsync(Request, path));

        Assert.NotEqual(path, saved.Path);
        Assert.Equal(SampleFiles.Png, await File.ReadAllBytesAsync(saved.Path));
        Assert.Equal(2, Directory.GetFileSystemEntries(_directory).Length);
    }

    [MountTheory]
    [InlineData("fox.png")]
    [InlineData("")]
    public async Task Image_that_cannot_be_renamed_stays_in_its_partial_file(string name)
    {
        Assert.True(MountTheoryAttribute.TryMount(_directory, "64k"));
        try
        {
            var body = Encoding.UTF8.GetBytes(ResponseJson(InlineImageJson(SampleFiles.Png)));
            await using var server = ScriptedServer.Start(async connection =>
            {
                await connection.ReadRequestAsync();
                await connection.SendAsync(ScriptedResponse.Head(200, $"Content-Length: {body.Length}", "x-request-id: req_1"));
                await connection.SendAsync(body.AsMemory(0, body.Length - 2));
                while (!Directory.GetFiles(_directory).Any(static path => new FileInfo(path).Length == SampleFiles.Png.Length) || !MountTheoryAttribute.TryMakeReadOnly(_directory))
                {
                    await Task.Delay(10, connection.ServerStopped);
                }

                await connection.SendAsync(body.AsMemory(body.Length - 2));
            });
            using var client = TestClients.Create(server.BaseAddress);

            var error = await Assert.ThrowsAnyAsync<IOException>(
                () => client.Images.GenerateToFilesAsync(Request, DirectoryPath + name, null, new RequestOptions { IdempotencyKey = "order-17" }).WaitAsync(TestTimeout.Duration));

            var requestInfo = RequestInfo.FromException(error)!;
            var savedPath = Assert.Single(requestInfo.SavedFiles);
            Assert.Equal((RequestOutcome.Accepted, "req_1", "order-17"), (requestInfo.Outcome, requestInfo.RequestId, requestInfo.IdempotencyKey));
            Assert.StartsWith(".partial-", Path.GetFileName(savedPath), StringComparison.Ordinal);
            Assert.Equal(SampleFiles.Png, await File.ReadAllBytesAsync(savedPath));
            Assert.Equal("order-17", Assert.Single(server.Requests).Header("Idempotency-Key"));
        }
        finally
        {
            MountTheoryAttribute.Unmount(_directory);
        }
    }

    [MountTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Full_disk_does_not_lose_the_other_images(bool downloadSucceeds)
    {
        Assert.True(MountTheoryAttribute.TryMount(_directory, "64k"));
        try
        {
            await using var server = ScriptedServer.Start(
                ScriptedResponse.With(200, ResponseJson(InlineImageJson(SampleFiles.PngOf(1024 * 1024)), InlineImageJson(SampleFiles.Png), """{"url":"/files/a.png?signature=1"}"""), "x-request-id: req_1"),
                downloadSucceeds ? ScriptedResponse.With(200, SampleFiles.Png, "image/png") : ScriptedResponse.With(404, "{}"));
            using var client = TestClients.Create(server.BaseAddress);

            var error = await Assert.ThrowsAsync<IOException>(() => client.Images.GenerateToFilesAsync(Request with { Count = 3 }, DirectoryPath));

            var requestInfo = RequestInfo.FromException(error)!;
            Assert.Equal(downloadSucceeds ? ["image.png", "a.png"] : ["image.png"], requestInfo.SavedFiles.Select(Path.GetFileName));
            Assert.Equal(downloadSucceeds ? 0 : 1, requestInfo.PendingUrls.Count);
            Assert.All(requestInfo.SavedFiles, static path => Assert.Equal(SampleFiles.Png, File.ReadAllBytes(path)));
            Assert.Equal(requestInfo.SavedFiles.Order(), Directory.GetFileSystemEntries(_directory).Order());
            Assert.Equal(("images.generate", RequestOutcome.Accepted, "req_1"), (requestInfo.Operation, requestInfo.Outcome, requestInfo.RequestId));
            Assert.Equal(server.Requests[0].Header("Idempotency-Key"), requestInfo.IdempotencyKey);
            Assert.DoesNotContain("signature", requestInfo.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            MountTheoryAttribute.Unmount(_directory);
        }
    }

    [MountTheory]
    [InlineData("64k")]
    public async Task Inline_data_too_large_for_the_disk_is_downloaded_by_url(string size)
    {
        Assert.True(MountTheoryAttribute.TryMount(_directory, size));
        try
        {
            await using var server = ScriptedServer.Start(
                ScriptedResponse.With(200, ResponseJson($$"""{"url":"/files/a.png","b64_json":"{{Convert.ToBase64String(SampleFiles.PngOf(1024 * 1024))}}"}""")), ScriptedResponse.With(200, SampleFiles.Png, "image/png"));
            using var client = TestClients.Create(server.BaseAddress);

            var saved = Assert.Single(await client.Images.GenerateToFilesAsync(Request, DirectoryPath));

            Assert.Equal(SampleFiles.Png, await File.ReadAllBytesAsync(saved.Path));
        }
        finally
        {
            MountTheoryAttribute.Unmount(_directory);
        }
    }

    [Fact]
    public async Task Directory_deleted_during_the_request_is_recreated()
    {
        await using var server = ScriptedServer.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            Directory.Delete(_directory, recursive: true);
            var body = Encoding.UTF8.GetBytes(ResponseJson(InlineImageJson(SampleFiles.Png), InlineImageJson(SampleFiles.Png)));
            await connection.SendAsync(ScriptedResponse.Head(200, $"Content-Length: {body.Length}"));
            await connection.SendAsync(body);
        });
        using var client = TestClients.Create(server.BaseAddress);

        var saved = await client.Images.GenerateToFilesAsync(Request, DirectoryPath);

        Assert.Equal(2, saved.Count);
        Assert.All(saved, static item => Assert.Equal(SampleFiles.Png, File.ReadAllBytes(item.Path)));
    }

    [Fact]
    public async Task Progress_exception_does_not_lose_saved_files()
    {
        await using var server = ScriptedServer.Start(
            ScriptedResponse.With(200, ResponseJson(InlineImageJson(SampleFiles.PngOf(300_000)), InlineImageJson(SampleFiles.Png), """{"url":"/files/a.png"}""")),
            ScriptedResponse.With(200, SampleFiles.PngOf(400_000), "image/png"));
        using var client = TestClients.Create(server.BaseAddress);

        var error = await Assert.ThrowsAsync<InvalidTimeZoneException>(
            () => client.Images.GenerateToFilesAsync(Request, DirectoryPath, new SaveOptions { Progress = new ThrowingProgress() }));

        var requestInfo = RequestInfo.FromException(error)!;
        Assert.Equal(RequestOutcome.Accepted, requestInfo.Outcome);
        Assert.Equal([SampleFiles.PngOf(300_000), SampleFiles.Png, SampleFiles.PngOf(400_000)], requestInfo.SavedFiles.Select(File.ReadAllBytes));
    }

    [Fact]
    public async Task Stream_exception_does_not_lose_the_other_images()
    {
        await using var server = ScriptedServer.Start(
            ScriptedResponse.With(200, ResponseJson(InlineImageJson(SampleFiles.Png), InlineImageJson(SampleFiles.PngOf(300_000)), """{"url":"/files/a.png"}""", """{"url":"/files/b.png"}"""), "x-request-id: req_1"),
            ScriptedResponse.With(200, SampleFiles.Png, "image/png"));
        using var client = TestClients.Create(server.BaseAddress);
        var streams = new List<MemoryStream>();

        var error = await Assert.ThrowsAsync<InvalidTimeZoneException>(() => client.Images.GenerateToStreamsAsync(Request, (context, _) =>
        {
            if (context.Index is 0 or 2)
            {
                throw new InvalidTimeZoneException("mine");
            }

            streams.Add(new MemoryStream());
            return new(streams[^1]);
        }));

        var requestInfo = RequestInfo.FromException(error)!;
        Assert.Equal([SampleFiles.PngOf(300_000), SampleFiles.Png], streams.Select(static stream => stream.ToArray()));
        Assert.EndsWith("/files/a.png", Assert.Single(requestInfo.PendingUrls), StringComparison.Ordinal);
        Assert.Equal(("images.generate", RequestOutcome.Accepted, "req_1"), (requestInfo.Operation, requestInfo.Outcome, requestInfo.RequestId));
        Assert.Equal(server.Requests[0].Header("Idempotency-Key"), requestInfo.IdempotencyKey);
    }

    [Fact]
    public async Task Progress_exception_does_not_lose_streamed_images()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(200, ResponseJson(InlineImageJson(SampleFiles.PngOf(300_000)), InlineImageJson(SampleFiles.Png))));
        using var client = TestClients.Create(server.BaseAddress);
        var streams = new List<MemoryStream>();

        var error = await Assert.ThrowsAsync<InvalidTimeZoneException>(() => client.Images.GenerateToStreamsAsync(
            Request,
            (_, _) =>
            {
                streams.Add(new MemoryStream());
                return new(streams[^1]);
            },
            new TransferOptions { Progress = new ThrowingProgress() }));

        Assert.Equal([SampleFiles.PngOf(300_000), SampleFiles.Png], streams.Select(static stream => stream.ToArray()));
        Assert.Equal(RequestOutcome.Accepted, RequestInfo.FromException(error)?.Outcome);
    }

    private static string ResponseJson(params string[] items) => $$"""{"created":1710000000,"data":[{{string.Join(',', items)}}]}""";

    private static string InlineImageJson(byte[] bytes) => $$"""{"b64_json":"{{Convert.ToBase64String(bytes)}}"}""";

    private sealed class ThrowingProgress : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value) => throw new InvalidTimeZoneException("mine");
    }
}
