using System.Text;
using ImageApi.Emulator;

namespace ImageApi.Client.Tests.Images;

public sealed class GenerateToFilesTests : IDisposable
{
    private static readonly ImageRequest Request = new() { Prompt = "a fox", ResponseFormat = ImageResponseFormat.Base64 };

    private readonly string _directory = Directory.CreateTempSubdirectory("to-files-").FullName;

    private string DirectoryPath => _directory + Path.DirectorySeparatorChar;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Images_are_written_with_the_extension_of_their_signature()
    {
        await using var server = StartServer(InlineImageJson(SampleFiles.Png), InlineImageJson("GIF89a-and-so-on"u8.ToArray()));
        using var client = TestClients.Create(server.BaseAddress);

        var saved = await client.Images.GenerateToFilesAsync(Request with { Count = 2 }, DirectoryPath);

        Assert.Equal(["image.png", "image.gif"], saved.Select(static item => Path.GetFileName(item.Path)));
        Assert.Equal(SampleFiles.Png, await File.ReadAllBytesAsync(saved[0].Path));
        Assert.Equal([SampleFiles.Png.Length, 16], saved.Select(static item => item.SizeInBytes));
        Assert.Equal(["image/png", "image/gif"], saved.Select(static item => item.MimeType));
        Assert.Equal(2, Directory.GetFileSystemEntries(_directory).Length);
    }

    [Theory]
    [InlineData("fox-{index}.{ext}", "fox-1.png", "fox-2.png")]
    [InlineData("fox.png", "fox.png", "fox-2.png")]
    [InlineData("fox", "fox", "fox-2")]
    [InlineData(".fox", ".fox", ".fox-2")]
    [InlineData("{index}", "1", "2")]
    [InlineData("new/deep/fox.{ext}", "new/deep/fox.png", "new/deep/fox-2.png")]
    public async Task Save_path_template_names_the_files(string template, string first, string second)
    {
        await using var server = StartServer(InlineImageJson(SampleFiles.Png), InlineImageJson(SampleFiles.Png));
        using var client = TestClients.Create(server.BaseAddress);

        var saved = await client.Images.GenerateToFilesAsync(Request with { Count = 2 }, Path.Combine(_directory, template));

        Assert.Equal([Path.Combine(_directory, first), Path.Combine(_directory, second)], saved.Select(static item => item.Path));
        Assert.All(saved, static item => Assert.Equal(SampleFiles.Png, File.ReadAllBytes(item.Path)));
    }

    [Fact]
    public async Task Existing_file_throws_before_the_paid_request()
    {
        await using var emulator = await ImageApiEmulator.StartAsync();
        using var client = TestClients.Create(emulator);
        await File.WriteAllTextAsync(Path.Combine(_directory, "fox-2.png"), "mine");

        await Assert.ThrowsAsync<IOException>(() => client.Images.GenerateToFilesAsync(Request with { Count = 2 }, Path.Combine(_directory, "fox-{index}.png")));

        Assert.Empty(emulator.Ledger.Charges);
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(_directory, "fox-2.png")));
    }

    [Fact]
    public async Task File_created_during_the_request_does_not_lose_the_image()
    {
        var path = Path.Combine(_directory, "fox.png");
        await using var server = ScriptedServer.Start(async connection =>
        {
            await File.WriteAllTextAsync(path, "mine");
            await ScriptedResponse.With(200, ResponseJson(InlineImageJson(SampleFiles.Png)))(connection);
        });
        using var client = TestClients.Create(server.BaseAddress);

        var saved = await client.Images.GenerateToFilesAsync(Request, path);

        Assert.Equal("fox-2.png", Path.GetFileName(Assert.Single(saved).Path));
        Assert.Equal("mine", await File.ReadAllTextAsync(path));
    }

    [Fact]
    public async Task Overwrite_option_replaces_an_existing_file()
    {
        var path = Path.Combine(_directory, "fox.png");
        await File.WriteAllTextAsync(path, "old");
        await using var server = StartServer(InlineImageJson(SampleFiles.Png));
        using var client = TestClients.Create(server.BaseAddress);

        await client.Images.GenerateToFilesAsync(Request, path, new SaveOptions { Overwrite = true });

        Assert.Equal(SampleFiles.Png, await File.ReadAllBytesAsync(path));
    }

    [Fact]
    public async Task Directory_at_the_path_does_not_lose_the_image_on_overwrite()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "fox-1.png"));
        await using var server = StartServer(InlineImageJson(SampleFiles.Png));
        using var client = TestClients.Create(server.BaseAddress);

        var saved = await client.Images.GenerateToFilesAsync(Request, Path.Combine(_directory, "fox-{index}.{ext}"), new SaveOptions { Overwrite = true });

        Assert.Equal("fox-1-2.png", Path.GetFileName(Assert.Single(saved).Path));
    }

    [Theory]
    [InlineData("/proc/")]
    [InlineData("/proc/fox-{index}.{ext}")]
    [InlineData("/proc/fox-{index}.png")]
    public async Task Unwritable_directory_throws_before_the_paid_request(string path)
    {
        Assert.True(OperatingSystem.IsLinux(), "This test needs /proc.");
        await using var emulator = await ImageApiEmulator.StartAsync();
        using var client = TestClients.Create(emulator);

        await Assert.ThrowsAnyAsync<SystemException>(() => client.Images.GenerateToFilesAsync(Request, path));

        Assert.Empty(emulator.Ledger.Charges);
    }

    [Theory]
    [InlineData("iVBORw0KGgoAAAAN", ",\"mime_type\":\"image/webp\"", "fox.png", "image/png")]
    [InlineData("AAAA", ",\"mime_type\":\"image/webp\"", "fox.webp", "image/webp")]
    [InlineData("AAAA", "", "fox.bin", null)]
    public async Task File_signature_takes_precedence_over_the_declared_type(string base64, string type, string name, string? mimeType)
    {
        await using var server = StartServer($$"""{"b64_json":"{{base64}}"{{type}}}""");
        using var client = TestClients.Create(server.BaseAddress);

        var saved = Assert.Single(await client.Images.GenerateToFilesAsync(Request, Path.Combine(_directory, "fox.{ext}")));

        Assert.Equal((name, mimeType), (Path.GetFileName(saved.Path), saved.MimeType));
    }

    [Fact]
    public async Task Extra_images_do_not_overwrite_existing_files()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory, "fox-2.png"), "mine");
        await using var server = StartServer(InlineImageJson(SampleFiles.Png), InlineImageJson(SampleFiles.Png));
        using var client = TestClients.Create(server.BaseAddress);

        var saved = await client.Images.GenerateToFilesAsync(Request, Path.Combine(_directory, "fox-{index}.png"), new SaveOptions { Overwrite = true });

        Assert.Equal(["fox-1.png", "fox-2-2.png"], saved.Select(static item => Path.GetFileName(item.Path)));
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(_directory, "fox-2.png")));
    }

    [Fact]
    public async Task Canceling_a_download_reports_the_pending_urls()
    {
        using var source = new CancellationTokenSource();
        await using var server = ScriptedServer.Start(
            ScriptedResponse.With(200, ResponseJson("""{"url":"/files/a.png?signature=1"}""")),
            async connection =>
            {
                await connection.ReadRequestAsync();
                await source.CancelAsync();
                await connection.StallAsync();
            });
        using var client = TestClients.Create(server.BaseAddress);

        var error = await Assert.ThrowsAsync<ImageApiCanceledException>(() => client.Images.GenerateToFilesAsync(Request, DirectoryPath, null, source.Token));

        Assert.EndsWith("/files/a.png?signature=1", Assert.Single(error.Info.PendingUrls), StringComparison.Ordinal);
        Assert.DoesNotContain("signature", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Urls_and_base64_in_one_response_are_saved_in_order()
    {
        await using var server = ScriptedServer.Start(
            async connection => await ScriptedResponse.With(200, ResponseJson("""{"url":"/files/a.png"}""", InlineImageJson("GIF89a-and-so-on"u8.ToArray()), """{"url":"/files/b.png"}"""))(connection),
            ScriptedResponse.With(200, SampleFiles.Png, "image/png"));
        using var client = TestClients.Create(server.BaseAddress);

        var saved = await client.Images.GenerateToFilesAsync(Request with { Count = 3 }, DirectoryPath);

        Assert.Equal(["a.png", "image.gif", "b.png"], saved.Select(static item => Path.GetFileName(item.Path)));
        Assert.Equal(3, server.Requests.Count);
        Assert.All(saved, static item => Assert.True(item.SizeInBytes == new FileInfo(item.Path).Length));
    }

    [Fact]
    public async Task Parallel_downloads_do_not_exceed_the_limit()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (current, maxConcurrent) = (0, 0);
        await using var server = ScriptedServer.Start(
            ScriptedResponse.With(200, ResponseJson([.. Enumerable.Range(0, 9).Select(static i => $$"""{"url":"/files/{{i}}.png"}""")])),
            async connection =>
            {
                await connection.ReadRequestAsync();
                maxConcurrent = Math.Max(maxConcurrent, Interlocked.Increment(ref current));
                if (current == 3)
                {
                    gate.TrySetResult();
                }

                await gate.Task.WaitAsync(connection.ServerStopped);
                Interlocked.Decrement(ref current);
                await connection.SendAsync(ScriptedResponse.Head(200, "Content-Type: image/png", $"Content-Length: {SampleFiles.Png.Length}", "Connection: close"));
                await connection.SendAsync(SampleFiles.Png);
                connection.Close();
            });
        using var client = TestClients.Create(server.BaseAddress);

        var saved = await client.Images.GenerateToFilesAsync(Request, DirectoryPath, new SaveOptions { MaxParallelDownloads = 3 }).WaitAsync(TestTimeout.Duration);

        Assert.Equal(9, saved.Count);
        Assert.Equal(3, maxConcurrent); // the gate opens only for three at once; the bound keeps a fourth out
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(20)]
    [InlineData(30)]
    [InlineData(40)]
    [InlineData(50)]
    [InlineData(51)]
    [InlineData(60)]
    [InlineData(70)]
    [InlineData(80)]
    [InlineData(90)]
    [InlineData(99)]
    public async Task Truncated_response_leaves_only_complete_files(int percent)
    {
        var images = new[] { SampleFiles.PngOf(300_000), SampleFiles.PngOf(300_000, fill: 8) };
        var response = Encoding.UTF8.GetBytes(ResponseJson([.. images.Select(InlineImageJson)]));
        var sent = response.Length * percent / 100;
        await using var server = ScriptedServer.Start(ScriptedResponse.Raw([.. Encoding.ASCII.GetBytes(ScriptedResponse.Head(200, "Content-Type: application/json", $"Content-Length: {response.Length}")), .. response.AsSpan(0, sent)]));
        using var client = TestClients.Create(server.BaseAddress);

        var error = await Assert.ThrowsAnyAsync<ImageApiException>(() => client.Images.GenerateToFilesAsync(Request with { Count = 2 }, DirectoryPath));

        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
        Assert.Single(server.Requests);
        Assert.Equal(percent < 51 ? 0 : 1, error.Info.SavedFiles.Count);
        Assert.Equal(error.Info.SavedFiles.Order(), Directory.GetFileSystemEntries(_directory).Order());
        Assert.All(error.Info.SavedFiles.Zip(images), static pair => Assert.Equal(pair.Second, File.ReadAllBytes(pair.First)));
    }

    [Fact]
    public async Task Control_complete_response_saves_all_images()
    {
        var images = new[] { SampleFiles.PngOf(300_000), SampleFiles.PngOf(300_000, fill: 8) };
        await using var server = StartServer([.. images.Select(InlineImageJson)]);
        using var client = TestClients.Create(server.BaseAddress);

        var saved = await client.Images.GenerateToFilesAsync(Request with { Count = 2 }, DirectoryPath);

        Assert.All(saved.Zip(images), static pair => Assert.Equal(pair.Second, File.ReadAllBytes(pair.First.Path)));
    }

    [Fact]
    public async Task Invalid_base64_throws_and_reports_the_other_saved_files()
    {
        await using var server = StartServer(InlineImageJson(SampleFiles.Png), """{"b64_json":"iVBOR!!!"}""", InlineImageJson(SampleFiles.Png));
        using var client = TestClients.Create(server.BaseAddress);

        var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.Download, () => client.Images.GenerateToFilesAsync(Request with { Count = 3 }, DirectoryPath));

        Assert.Equal(RequestOutcome.Accepted, error.Outcome);
        Assert.Equal(["image.png", "image-2.png"], error.Info.SavedFiles.Select(Path.GetFileName));
        Assert.Equal(2, Directory.GetFileSystemEntries(_directory).Length);
    }

    [Fact]
    public async Task Failed_download_does_not_lose_the_other_images()
    {
        await using var server = ScriptedServer.Start(
            ScriptedResponse.With(200, ResponseJson("""{"url":"/files/a.png"}""", """{"url":"/files/b.png"}""")),
            async connection => await (IsRequestFor(await connection.ReadRequestAsync(), "/files/a.png")
                ? connection.SendAsync(ScriptedResponse.Head(404, "Content-Length: 0"))
                : SendImageAsync(connection)));
        using var client = TestClients.Create(server.BaseAddress);

        var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.Download, () => client.Images.GenerateToFilesAsync(Request with { Count = 2 }, DirectoryPath));

        Assert.Equal(Path.Combine(_directory, "b.png"), Assert.Single(error.Info.SavedFiles));
        Assert.EndsWith("/files/a.png", Assert.Single(error.Info.PendingUrls), StringComparison.Ordinal);
        Assert.Single(Directory.GetFileSystemEntries(_directory));

        static bool IsRequestFor(RecordedRequest request, string path) => request.Target == path;

        static async Task SendImageAsync(ScriptedConnection connection)
        {
            await connection.SendAsync(ScriptedResponse.Head(200, "Content-Type: image/png", $"Content-Length: {SampleFiles.Png.Length}"));
            await connection.SendAsync(SampleFiles.Png);
        }
    }

    [Fact]
    public async Task Response_over_the_size_limit_leaves_no_files()
    {
        await using var server = StartServer(InlineImageJson(SampleFiles.PngOf(200_000)));
        using var client = TestClients.Create(server.BaseAddress, static options => options.Limits.MaxMediaBytes = 100_000);

        var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.LimitExceeded, () => client.Images.GenerateToFilesAsync(Request, DirectoryPath));

        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
        Assert.Empty(Directory.GetFileSystemEntries(_directory));
    }

    [Fact]
    public async Task Canceling_mid_body_reports_the_complete_files()
    {
        using var source = new CancellationTokenSource();
        var response = Encoding.UTF8.GetBytes(ResponseJson(InlineImageJson(SampleFiles.PngOf(100_000)), InlineImageJson(SampleFiles.PngOf(100_000))));
        await using var server = ScriptedServer.Start(ScriptedResponse.RawThenStall(
            [.. Encoding.ASCII.GetBytes(ScriptedResponse.Head(200, "Content-Type: application/json", $"Content-Length: {response.Length}")), .. response.AsSpan(0, response.Length * 3 / 4)]));
        using var client = TestClients.Create(server.BaseAddress);
        var options = new SaveOptions { Progress = new SynchronousProgress(progress => { if (progress.BytesTransferred > 120_000) { source.Cancel(); } }) };

        var error = await Assert.ThrowsAsync<ImageApiCanceledException>(() => client.Images.GenerateToFilesAsync(Request with { Count = 2 }, DirectoryPath, options, source.Token));

        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
        Assert.Equal("image.png", Path.GetFileName(Assert.Single(error.Info.SavedFiles)));
        Assert.Single(Directory.GetFileSystemEntries(_directory));
    }

    [Fact]
    public async Task Reference_images_in_echoed_input_are_not_saved()
    {
        var json = $$"""{"input":{"reference_images":[{"data_base64":"{{Convert.ToBase64String(SampleFiles.Png)}}"}]},"data":[{{InlineImageJson("GIF89a-and-so-on"u8.ToArray())}}]}""";
        await using var server = ScriptedServer.Start(ScriptedResponse.With(200, json));
        using var client = TestClients.Create(server.BaseAddress);

        var saved = await client.Images.GenerateToFilesAsync(Request, DirectoryPath);

        Assert.Equal("image.gif", Path.GetFileName(Assert.Single(saved).Path));
        Assert.Single(Directory.GetFileSystemEntries(_directory));
    }

    [Fact]
    public async Task Progress_sums_the_bytes_of_all_images()
    {
        await using var server = ScriptedServer.Start(
            ScriptedResponse.With(200, ResponseJson(InlineImageJson(SampleFiles.PngOf(300_000)), """{"url":"/files/a.png"}""")), ScriptedResponse.With(200, SampleFiles.PngOf(200_000), "image/png"));
        using var client = TestClients.Create(server.BaseAddress);
        var progressValues = new List<long>();

        await client.Images.GenerateToFilesAsync(Request with { Count = 2 }, DirectoryPath, new SaveOptions { Progress = new SynchronousProgress(progress => progressValues.Add(progress.BytesTransferred)) });

        Assert.Equal(500_000, progressValues[^1]);
        Assert.Equal(progressValues.Order(), progressValues);
        Assert.InRange(progressValues.Count, 4, 1000);
    }

    [Fact]
    public async Task Idempotency_key_of_the_request_options_is_sent()
    {
        await using var server = StartServer(InlineImageJson(SampleFiles.Png));
        using var client = TestClients.Create(server.BaseAddress);

        await client.Images.GenerateToFilesAsync(Request, DirectoryPath, null, new RequestOptions { IdempotencyKey = "order-17" });

        Assert.Equal("order-17", Assert.Single(server.Requests).Header("Idempotency-Key"));
    }

    [Fact]
    public async Task Caller_streams_receive_inline_and_downloaded_images()
    {
        await using var server = ScriptedServer.Start(
            ScriptedResponse.With(200, ResponseJson(InlineImageJson(SampleFiles.PngOf(300_000)), """{"url":"/files/a.png?secret=1"}""")), ScriptedResponse.With(200, SampleFiles.Png, "image/png"));
        using var client = TestClients.Create(server.BaseAddress);
        var contexts = new List<MediaStreamContext>();
        var streams = new List<CapturingStream>();

        var result = await client.Images.GenerateToStreamsAsync(Request with { Count = 2 }, (context, _) =>
        {
            contexts.Add(context);
            streams.Add(new CapturingStream());
            return new(streams[^1]);
        });

        Assert.Equal([0, 1], contexts.Select(static context => context.Index));
        Assert.Equal("image/png", contexts[0].MimeType);
        Assert.DoesNotContain("secret", contexts[1].ToString());
        Assert.Equal([SampleFiles.PngOf(300_000), SampleFiles.Png], streams.Select(static stream => stream.CapturedBytes));
        Assert.All(result.Images, static image => Assert.Null(image.Data));
    }

    [Fact]
    public async Task Inline_images_with_the_same_url_are_saved_separately()
    {
        string ImageWithUrlJson(byte[] bytes) => $$"""{"url":"https://cdn.example/latest.png","b64_json":"{{Convert.ToBase64String(bytes)}}"}""";
        await using var server = StartServer(ImageWithUrlJson(SampleFiles.Png), ImageWithUrlJson(SampleFiles.PngOf(500)));
        using var client = TestClients.Create(server.BaseAddress);

        var saved = await client.Images.GenerateToFilesAsync(Request with { Count = 2 }, DirectoryPath);

        Assert.Equal([SampleFiles.Png, SampleFiles.PngOf(500)], saved.Select(static item => File.ReadAllBytes(item.Path)));
    }

    [Fact]
    public async Task Result_maps_each_image_to_its_stream_index()
    {
        await using var server = ScriptedServer.Start(
            ScriptedResponse.With(200, ResponseJson("""{"url":"/files/a.png"}""", InlineImageJson(SampleFiles.PngOf(300_000)), """{"url":"/files/b.png"}""", InlineImageJson(SampleFiles.PngOf(200_000)))),
            ScriptedResponse.With(200, SampleFiles.PngOf(1000), "image/png"),
            ScriptedResponse.With(200, SampleFiles.PngOf(2000), "image/png"));
        using var client = TestClients.Create(server.BaseAddress);
        var streams = new Dictionary<int, CapturingStream>();

        var result = await client.Images.GenerateToStreamsAsync(Request with { Count = 4 }, (context, _) => new(streams[context.Index] = new CapturingStream()));

        Assert.Equal([2, 0, 3, 1], result.Images.Select(static image => image.StreamIndex));
        Assert.Equal([1000, 300_000, 2000, 200_000], result.Images.Select(image => streams[image.StreamIndex!.Value].CapturedBytes!.Length));
    }

    [Fact]
    public async Task Mime_type_passed_to_the_callback_redacts_the_api_key()
    {
        await using var server = StartServer($$"""{"url":"data:image/{{TestClients.ApiKey}};base64,AAAA"}""", """{"url":"data:image/x-fox;base64,AAAA"}""");
        using var client = TestClients.Create(server.BaseAddress);
        var types = new List<string?>();

        await client.Images.GenerateToStreamsAsync(Request, (context, _) =>
        {
            types.Add(context.MimeType);
            return new(new MemoryStream());
        });

        Assert.Equal(["image/***", "image/x-fox"], types);
    }

    [Fact]
    public async Task Caller_stream_exception_is_rethrown()
    {
        await using var server = StartServer(InlineImageJson(SampleFiles.Png));
        using var client = TestClients.Create(server.BaseAddress);

        var error = await Assert.ThrowsAsync<NotSupportedException>(
            () => client.Images.GenerateToStreamsAsync(Request, static (_, _) => new(new MemoryStream([], writable: false))));

        Assert.NotNull(error);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Progress_exception_is_rethrown_and_files_are_kept()
    {
        await using var server = StartServer(InlineImageJson(SampleFiles.Png));
        using var client = TestClients.Create(server.BaseAddress);
        var options = new SaveOptions { Progress = new SynchronousProgress(static _ => throw new IOException("mine")) };

        var error = await Assert.ThrowsAsync<IOException>(() => client.Images.GenerateToFilesAsync(Request, DirectoryPath, options));

        Assert.Equal("mine", error.Message);
        Assert.Equal(RequestInfo.FromException(error)!.SavedFiles, Directory.GetFileSystemEntries(_directory)); // what a listener does is no reason to lose what was paid for
    }

    [Fact]
    public async Task Async_only_streams_are_disposed_asynchronously()
    {
        await using var server = ScriptedServer.Start(
            ScriptedResponse.With(200, ResponseJson(InlineImageJson(SampleFiles.Png), """{"url":"/files/a.png"}""")), ScriptedResponse.With(200, SampleFiles.Png, "image/png"));
        using var client = TestClients.Create(server.BaseAddress);
        var streams = new List<AsyncOnlyStream>();

        await client.Images.GenerateToStreamsAsync(Request with { Count = 2 }, (_, _) =>
        {
            streams.Add(new AsyncOnlyStream());
            return new(streams[^1]);
        });

        Assert.Equal([true, true], streams.Select(static stream => stream.IsDisposed));
    }

    [Fact]
    public async Task Async_only_stream_of_a_truncated_image_is_disposed()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Raw(ScriptedResponse.Message(Encoding.UTF8.GetBytes("""{"data":[{"b64_json":"iVBORw0KGgoA"""), "Content-Length: 5000")));
        using var client = TestClients.Create(server.BaseAddress);
        var stream = new AsyncOnlyStream();

        var error = await Assert.ThrowsAnyAsync<ImageApiException>(() => client.Images.GenerateToStreamsAsync(Request, (_, _) => new(stream)));

        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
        Assert.True(stream.IsDisposed);
    }

    [Fact]
    public async Task Stream_dispose_failure_does_not_hide_the_request_failure()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Raw(ScriptedResponse.Message(Encoding.UTF8.GetBytes("""{"data":[{"b64_json":"iVBORw0KGgoA"""), "Content-Length: 5000")));
        using var client = TestClients.Create(server.BaseAddress);

        await Assert.ThrowsAnyAsync<ImageApiException>(
            () => client.Images.GenerateToStreamsAsync(Request, static (_, _) => new(new AsyncOnlyStream { CanDispose = false })));
    }

    [Theory]
    [InlineData("""{"data":[{"b64_json":"iVBORw0KGgoA""", 1)]
    [InlineData("""{"data":[{"b64_json":"iV""", 2)]
    [InlineData("""{"data":[""", 2)]
    public async Task Request_is_not_retried_once_a_caller_stream_received_data(string sent, int expectedRequests)
    {
        await using var server = ScriptedServer.Start(
            ScriptedResponse.Raw(ScriptedResponse.Message(Encoding.UTF8.GetBytes(sent), "Content-Length: 5000")), ScriptedResponse.With(200, ResponseJson(InlineImageJson(SampleFiles.Png))));
        using var client = TestClients.Create(server.BaseAddress, static options => options.Retry.ServerHonorsIdempotencyKeys = true);
        var indexes = new List<int>();

        var error = await Record.ExceptionAsync(() => client.Images.GenerateToStreamsAsync(Request, (context, _) =>
        {
            indexes.Add(context.Index);
            return new(new CapturingStream());
        }));

        Assert.Equal([0], indexes);
        Assert.Equal(expectedRequests, server.Requests.Count);
        Assert.Equal(expectedRequests == 1 ? RequestOutcome.Unknown : null, (error as ImageApiException)?.Outcome);
    }

    [Fact]
    public async Task Retried_request_rewrites_its_files()
    {
        await using var server = ScriptedServer.Start(
            ScriptedResponse.Raw(ScriptedResponse.Message(Encoding.UTF8.GetBytes("""{"data":[{"b64_json":"iVBORw0KGgoA"""), "Content-Length: 5000")), ScriptedResponse.With(200, ResponseJson(InlineImageJson(SampleFiles.Png))));
        using var client = TestClients.Create(server.BaseAddress, static options => options.Retry.ServerHonorsIdempotencyKeys = true);

        var saved = await client.Images.GenerateToFilesAsync(Request, DirectoryPath);

        Assert.Equal(SampleFiles.Png, await File.ReadAllBytesAsync(Assert.Single(saved).Path));
        Assert.Single(Directory.GetFileSystemEntries(_directory));
    }

    [Fact]
    public async Task Failed_download_does_not_block_the_other_streams()
    {
        await using var server = ScriptedServer.Start(
            ScriptedResponse.With(200, ResponseJson("""{"url":"/files/a.png"}""", """{"b64_json":"iVBOR!!!"}""", """{"url":"/files/b.png"}""")),
            ScriptedResponse.With(404, "{}"),
            ScriptedResponse.With(200, SampleFiles.Png, "image/png"));
        using var client = TestClients.Create(server.BaseAddress);
        var streams = new List<CapturingStream>();

        var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.Download, () => client.Images.GenerateToStreamsAsync(Request with { Count = 3 }, (_, _) =>
        {
            streams.Add(new CapturingStream());
            return new(streams[^1]);
        }));

        Assert.Equal(System.Net.HttpStatusCode.NotFound, error.StatusCode);
        Assert.Equal(SampleFiles.Png, streams[^1].CapturedBytes);
    }

    [Fact]
    public async Task Stream_of_a_truncated_image_is_disposed()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Raw(ScriptedResponse.Message(Encoding.UTF8.GetBytes("""{"data":[{"b64_json":"iVBORw0KGgoA"""), "Content-Length: 5000")));
        using var client = TestClients.Create(server.BaseAddress);
        var stream = new CapturingStream();

        await Assert.ThrowsAnyAsync<ImageApiException>(() => client.Images.GenerateToStreamsAsync(Request, (_, _) => new(stream)));

        Assert.NotNull(stream.CapturedBytes);
    }

    [Fact]
    public async Task SaveAll_saves_inline_data_and_urls_in_order()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(200, SampleFiles.Png, "image/png"));
        using var client = TestClients.Create(server.BaseAddress);
        GeneratedMedia[] media =
        [
            new() { Url = new Uri(server.BaseAddress, "a.png").AbsoluteUri },
            new() { Data = SampleFiles.Png },
            new() { Url = new Uri(server.BaseAddress, "c.png").AbsoluteUri },
        ];

        var saved = await client.Media.SaveAllAsync(media, Path.Combine(_directory, "out-{index}.{ext}"));

        Assert.Equal(["out-1.png", "out-2.png", "out-3.png"], saved.Select(static item => Path.GetFileName(item.Path)));
        Assert.Equal(media, saved.Select(static item => item.Media));
    }

    [Fact]
    public async Task SaveAll_of_an_empty_list_saves_nothing()
    {
        using var client = TestClients.Create(new Uri("http://127.0.0.1:9/"));

        Assert.Empty(await client.Media.SaveAllAsync([], DirectoryPath));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65)]
    public void MaxParallelDownloads_rejects_out_of_range_values(int value) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SaveOptions { MaxParallelDownloads = value });

    private static ScriptedServer StartServer(params string[] items) => ScriptedServer.Start(ScriptedResponse.With(200, ResponseJson(items)));

    private static string ResponseJson(params string[] items) => $$"""{"created":1710000000,"data":[{{string.Join(',', items)}}]}""";

    private static string InlineImageJson(byte[] bytes) => $$"""{"b64_json":"{{Convert.ToBase64String(bytes)}}"}""";

    private sealed class SynchronousProgress(Action<TransferProgress> callback) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value) => callback(value);
    }

    /// <summary>A stream like those over the body of a web server's answer: whoever blocks on it fails.</summary>
    private sealed class AsyncOnlyStream : MemoryStream
    {
        public bool CanDispose { get; init; } = true;

        public bool IsDisposed { get; private set; }

        public override ValueTask DisposeAsync()
        {
            IsDisposed = CanDispose ? true : throw new IOException("The stream cannot be ended.");
            return base.DisposeAsync();
        }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(IsDisposed ? disposing : throw new InvalidOperationException("Synchronous operations are disallowed."));
        }
    }

    /// <summary>A stream that still knows what it got when it has been disposed.</summary>
    private sealed class CapturingStream : MemoryStream
    {
        public byte[]? CapturedBytes { get; private set; }

        protected override void Dispose(bool disposing)
        {
            CapturedBytes ??= ToArray();
            base.Dispose(disposing);
        }
    }
}
