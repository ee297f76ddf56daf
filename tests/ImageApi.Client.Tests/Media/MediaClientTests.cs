using System.Net;
using ImageApi.Emulator;
using static ImageApi.Client.Tests.Support.RawServer;

namespace ImageApi.Client.Tests.Media;

/// <summary>Saving, copying and opening what was generated, over real sockets.</summary>
public sealed class MediaClientTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("imageapi-").FullName;

    private static GeneratedMedia InlineMedia => new() { Data = SampleFiles.Png, MimeType = "image/png" };

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task D1_save_rejects_an_existing_file_before_downloading()
    {
        await using var server = RespondingWith(CreateResponse(SampleFiles.Png, "image/png"));
        using var client = TestClients.Create(server.Address);
        var target = await WriteExistingFileAsync("fox.png");

        await Assert.ThrowsAsync<IOException>(() => client.Media.SaveAsync(MediaAt(server), target));

        Assert.Equal("old", await File.ReadAllTextAsync(target));
        Assert.Equal(0, server.Connections);
        AssertDirectoryContainsOnly("fox.png");
    }

    [Fact]
    public async Task Overwrite_option_replaces_an_existing_file()
    {
        await using var server = RespondingWith(CreateResponse(SampleFiles.Png, "image/png"));
        using var client = TestClients.Create(server.Address);
        var target = await WriteExistingFileAsync("fox.png");

        var saved = await client.Media.SaveAsync(MediaAt(server), target, new SaveOptions { Overwrite = true });

        Assert.Equal(SampleFiles.Png, await File.ReadAllBytesAsync(saved.Path));
        Assert.Equal("image/png", saved.MimeType);
        Assert.Equal(SampleFiles.Png.Length, saved.SizeInBytes);
        AssertDirectoryContainsOnly("fox.png");
    }

    [Fact]
    public async Task D2_failed_download_keeps_the_existing_file()
    {
        await using var server = RespondingWith(CreateResponse(SampleFiles.Png[..40], "image/png", contentLength: SampleFiles.Png.Length));
        using var client = TestClients.Create(server.Address);
        var target = await WriteExistingFileAsync("fox.png");

        await Assert.ThrowsAnyAsync<ImageApiException>(() => client.Media.SaveAsync(MediaAt(server), target, new SaveOptions { Overwrite = true }));

        Assert.Equal("old", await File.ReadAllTextAsync(target));
        AssertDirectoryContainsOnly("fox.png");
    }

    [MountTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task D3_full_disk_throws_IOException_and_leaves_no_files(bool isInline)
    {
        Assert.True(MountTheoryAttribute.TryMount(_directory, "64k"));
        try
        {
            var large = SampleFiles.PngOf(1024 * 1024);
            await using var server = RespondingWith(CreateResponse(large, "image/png"));
            using var client = TestClients.Create(server.Address);
            var media = isInline ? InlineMedia with { Data = large } : MediaAt(server);

            await Assert.ThrowsAsync<IOException>(() => client.Media.SaveAsync(media, Path.Combine(_directory, "fox.png")));

            AssertDirectoryContainsOnly();
            Assert.True(server.Connections <= 1);
        }
        finally
        {
            MountTheoryAttribute.Unmount(_directory);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task D3_copy_to_a_full_device_throws_the_original_IOException(bool isInline)
    {
        const int noSpaceLeft = 0x1C;
        Assert.True(OperatingSystem.IsLinux(), "This test needs /dev/full.");
        var large = SampleFiles.PngOf(1024 * 1024);
        await using var server = RespondingWith(CreateResponse(large, "image/png"));
        using var client = TestClients.Create(server.Address);
        await using var device = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

        var error = await Assert.ThrowsAsync<IOException>(() => client.Media.CopyToAsync(isInline ? InlineMedia with { Data = large } : MediaAt(server), device));

        Assert.Equal(noSpaceLeft, error.HResult);
        Assert.True(server.Connections <= 1);
    }

    [Fact]
    public async Task D4_incomplete_download_exists_only_as_a_temporary_file()
    {
        var release = new TaskCompletionSource();
        var started = new TaskCompletionSource();
        await using var server = Start(async connection =>
        {
            await connection.ReadRequestAsync();
            var response = CreateResponse(SampleFiles.Png, "image/png");
            await connection.WriteAsync(response[..^20]);
            started.SetResult();
            await release.Task.WaitAsync(connection.ServerStopped);
            await connection.WriteAsync(response[^20..]);
        });
        using var client = TestClients.Create(server.Address);

        var saving = client.Media.SaveAsync(MediaAt(server), Path.Combine(_directory, "fox.png"));
        await started.Task;
        var filesDuringDownload = Directory.GetFiles(_directory).Select(Path.GetFileName).ToList();
        release.SetResult();
        await saving;

        Assert.StartsWith(".partial-", Assert.Single(filesDuringDownload), StringComparison.Ordinal);
        AssertDirectoryContainsOnly("fox.png");
    }

    [Fact]
    public async Task D5_concurrent_overwrites_leave_one_complete_file()
    {
        await using var emulator = await ImageApiEmulator.StartAsync(new EmulatorOptions { DrawTinyImages = true });
        using var client = TestClients.Create(emulator);
        var media = Enumerable.Range(1, 8).Select(i => InlineMedia with { Data = SampleFiles.PngOf(200_000 + i, (byte)i) }).ToList();
        var target = Path.Combine(_directory, "fox.png");

        await Task.WhenAll(media.Select(item => Task.Run(() => client.Media.SaveAsync(item, target, new SaveOptions { Overwrite = true }))));

        var bytes = await File.ReadAllBytesAsync(target);
        Assert.Equal(media.Single(item => item.Data!.Value.Length == bytes.Length).Data!.Value.ToArray(), bytes);
        AssertDirectoryContainsOnly("fox.png");
    }

    [Fact]
    public async Task D5_only_one_concurrent_save_without_overwrite_gets_the_path()
    {
        using var client = CreateOfflineClient();
        var target = Path.Combine(_directory, "fox.png");

        var results = await Task.WhenAll(Enumerable.Range(1, 32).Select(i => Task.Run(async () =>
        {
            try
            {
                return (await client.Media.SaveAsync(InlineMedia with { Data = SampleFiles.PngOf(500 + i) }, target)).SizeInBytes;
            }
            catch (IOException e)
            {
                return RequestInfo.FromException(e)!.SavedFiles is [var path] ? -new FileInfo(path).Length : 0;
            }
        })));

        Assert.Equal(new FileInfo(target).Length, Assert.Single(results, static bytes => bytes > 0));
        var savedLengths = results.Where(static bytes => bytes != 0).Select(Math.Abs).ToList(); // those that came later were refused before anything was written
        Assert.Equal(savedLengths.Distinct().Order(), Directory.GetFiles(_directory).Select(static path => new FileInfo(path).Length).Order());
    }

    [Fact]
    public async Task Concurrent_saves_into_one_directory_lose_no_files()
    {
        using var client = CreateOfflineClient();

        var saved = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(() => client.Media.SaveAsync(InlineMedia with { Data = SampleFiles.PngOf(500 + i) }, _directory))));

        Assert.Equal(64, saved.Select(static item => item.Path).Distinct(StringComparer.Ordinal).Count());
        Assert.All(saved, static item => Assert.Equal(item.SizeInBytes, new FileInfo(item.Path).Length));
    }

    [Fact]
    public async Task D6_save_replaces_a_symlink_and_never_follows_it()
    {
        using var client = CreateOfflineClient();
        var otherFile = await WriteExistingFileAsync("other.txt");
        var symlinkPath = Path.Combine(_directory, "fox.png");
        File.CreateSymbolicLink(symlinkPath, otherFile);

        await Assert.ThrowsAsync<IOException>(() => client.Media.SaveAsync(InlineMedia, symlinkPath));
        await client.Media.SaveAsync(InlineMedia, symlinkPath, new SaveOptions { Overwrite = true });

        Assert.Equal("old", await File.ReadAllTextAsync(otherFile));
        Assert.Null(new FileInfo(symlinkPath).LinkTarget);
        Assert.Equal(SampleFiles.Png, await File.ReadAllBytesAsync(symlinkPath));
    }

    [Fact]
    public async Task D6_save_rejects_a_dangling_symlink_without_overwrite()
    {
        using var client = CreateOfflineClient();
        var symlinkPath = Path.Combine(_directory, "fox.png");
        File.CreateSymbolicLink(symlinkPath, Path.Combine(_directory, "missing"));

        await Assert.ThrowsAsync<IOException>(() => client.Media.SaveAsync(InlineMedia, symlinkPath));

        Assert.NotNull(new FileInfo(symlinkPath).LinkTarget);
        AssertDirectoryContainsOnly("fox.png");
    }

    [Fact]
    public async Task D6_save_rejects_a_device_path()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // a name that is no device: were it not refused, nothing of the machine's would be harmed
        using var client = CreateOfflineClient();
        var device = $"/dev/imageapi-{Guid.NewGuid():N}";

        var error = await Assert.ThrowsAsync<IOException>(() => client.Media.SaveAsync(InlineMedia, device, new SaveOptions { Overwrite = true }));

        Assert.Contains("device", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(device));
    }

    [Theory]
    [InlineData("/out/fox.png", "fox.png")]
    [InlineData("/out/fox.jpg", "fox.png")]
    [InlineData("/out/a%2Fb.png", "b.png")]
    [InlineData("/out/%E7%94%9F%E6%88%90.webp", "生成.png")]
    [InlineData("/", "image.png")]
    public async Task Directory_save_takes_name_from_url_and_extension_from_type(string path, string name)
    {
        await using var server = RespondingWith(CreateResponse(SampleFiles.Png, "application/octet-stream"));
        using var client = TestClients.Create(server.Address);

        var saved = await client.Media.SaveAsync(MediaAt(server, path), _directory);

        Assert.Equal(Path.Combine(_directory, name), saved.Path);
    }

    [Fact]
    public async Task Directory_save_numbers_an_existing_file_name()
    {
        using var client = CreateOfflineClient();
        await WriteExistingFileAsync("image.png");
        Directory.CreateDirectory(Path.Combine(_directory, "image-2.png"));

        var saved = await client.Media.SaveAsync(InlineMedia, _directory);

        Assert.Equal("image-3.png", Path.GetFileName(saved.Path));
        Assert.Equal("old", await File.ReadAllTextAsync(Path.Combine(_directory, "image.png")));
    }

    [Fact]
    public async Task Save_creates_a_directory_for_a_path_ending_in_a_separator()
    {
        using var client = CreateOfflineClient();

        var saved = await client.Media.SaveAsync(InlineMedia, Path.Combine(_directory, "new", "deep") + Path.DirectorySeparatorChar);

        Assert.Equal(Path.Combine(_directory, "new", "deep", "image.png"), saved.Path);
    }

    [Fact]
    public async Task Saved_files_are_not_executable()
    {
        using var client = CreateOfflineClient();

        var saved = await client.Media.SaveAsync(InlineMedia, _directory);

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(saved.Path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute));
        }
    }

    [Fact]
    public async Task D8_save_decodes_a_data_url_without_a_server()
    {
        using var client = CreateOfflineClient();

        var saved = await client.Media.SaveAsync(DataUrlMedia("data:image/png;base64," + Convert.ToBase64String(SampleFiles.Png)), _directory);

        Assert.Equal(SampleFiles.Png, await File.ReadAllBytesAsync(saved.Path));
        Assert.Equal("image.png", Path.GetFileName(saved.Path));
    }

    [Theory]
    [InlineData("data:image/png;base64,!!!!")]
    [InlineData("data:text/html;base64,PGh0bWw+")]
    [InlineData("data:image/png,abc")]
    [InlineData("data:image/png;base64")]
    [InlineData("data:")]
    public async Task D8_save_rejects_invalid_data_urls(string url)
    {
        using var client = CreateOfflineClient();

        var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.InvalidResponse, () => client.Media.SaveAsync(DataUrlMedia(url) with { JobId = "job_1" }, _directory));

        Assert.Equal("job_1", error.JobId);
        Assert.Equal(RequestOutcome.Accepted, error.Outcome);
        AssertDirectoryContainsOnly();
    }

    [Fact]
    public async Task D8_data_url_obeys_the_media_size_limit()
    {
        using var client = TestClients.Create(new Uri("http://127.0.0.1:1"), static options => options.Limits.MaxMediaBytes = 10);

        await FailureAssert.ThrowsAsync(ImageApiFailureReason.LimitExceeded, () => client.Media.SaveAsync(DataUrlMedia("data:image/png;base64," + Convert.ToBase64String(SampleFiles.Png)), _directory));

        AssertDirectoryContainsOnly();
    }

    [Fact]
    public async Task Download_obeys_the_media_size_limit()
    {
        await using var server = RespondingWith(CreateResponse(SampleFiles.PngOf(100_000), "image/png"));
        using var client = TestClients.Create(server.Address, static options => options.Limits.MaxMediaBytes = 50_000);

        await FailureAssert.ThrowsAsync(ImageApiFailureReason.LimitExceeded, () => client.Media.SaveAsync(MediaAt(server), _directory));

        AssertDirectoryContainsOnly();
    }

    [Fact]
    public async Task D9_unrequested_partial_content_is_rejected()
    {
        await using var server = RespondingWith(CreateResponse(SampleFiles.Png, "image/png", status: 206));
        using var client = TestClients.Create(server.Address);

        await FailureAssert.ThrowsAsync(ImageApiFailureReason.Download, () => client.Media.SaveAsync(MediaAt(server), _directory));

        Assert.Null(Assert.Single(server.Requests).Header("Range"));
        AssertDirectoryContainsOnly();
    }

    [Fact]
    public async Task Copy_leaves_the_destination_stream_open()
    {
        await using var server = RespondingWith(CreateResponse(SampleFiles.Png, "image/png"));
        using var client = TestClients.Create(server.Address);
        using var stream = new MemoryStream();

        await client.Media.CopyToAsync(MediaAt(server), stream);

        Assert.Equal(SampleFiles.Png, stream.ToArray());
        Assert.True(stream.CanWrite);
    }

    [Fact]
    public async Task Copy_of_a_truncated_file_throws()
    {
        await using var server = RespondingWith(CreateResponse(SampleFiles.Png[..40], "image/png"));
        using var client = TestClients.Create(server.Address);

        var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.Download, () => client.Media.CopyToAsync(MediaAt(server) with { JobId = "job_1" }, Stream.Null));

        Assert.Equal("job_1", error.JobId);
    }

    [Fact]
    public async Task T12_copy_of_a_slow_response_stops_at_the_timeout()
    {
        await using var server = Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(CreateResponse(SampleFiles.Png, "image/png", contentLength: 10_000_000));
            while (true)
            {
                await connection.WriteAsync([0]);
                await Task.Delay(5, connection.ServerStopped);
            }
        });
        using var client = TestClients.Create(server.Address);

        var copying = client.Media.CopyToAsync(MediaAt(server), Stream.Null, new TransferOptions { Timeout = TimeSpan.FromSeconds(1) });
        var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.Timeout, () => copying.WaitAsync(TimeSpan.FromSeconds(30)));

        Assert.Equal("media.copy", error.Info.Operation);
    }

    [Fact]
    public async Task Copy_rethrows_the_destination_stream_exception()
    {
        using var client = CreateOfflineClient();

        await Assert.ThrowsAsync<NotSupportedException>(() => client.Media.CopyToAsync(InlineMedia, new MemoryStream(new byte[4])));
    }

    [Fact]
    public async Task OpenRead_returns_a_stream_with_the_complete_content()
    {
        await using var server = RespondingWith(CreateResponse(SampleFiles.Png, "image/png"));
        using var client = TestClients.Create(server.Address);

        await using var stream = await client.Media.OpenReadAsync(MediaAt(server));
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);

        Assert.Equal(SampleFiles.Png, copy.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OpenRead_of_a_truncated_file_throws_at_the_end(bool hasContentLength)
    {
        await using var server = RespondingWith(CreateResponse(SampleFiles.Png[..50], "image/png", contentLength: hasContentLength ? SampleFiles.Png.Length : null));
        using var client = TestClients.Create(server.Address);

        await using var stream = await client.Media.OpenReadAsync(MediaAt(server));

        await FailureAssert.ThrowsAsync(ImageApiFailureReason.Download, () => stream.CopyToAsync(Stream.Null));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OpenRead_stream_keeps_throwing_after_truncation(bool hasContentLength)
    {
        await using var server = RespondingWith(CreateResponse(SampleFiles.Png[..50], "image/png", contentLength: hasContentLength ? SampleFiles.Png.Length : null));
        using var client = TestClients.Create(server.Address);

        await using var stream = await client.Media.OpenReadAsync(MediaAt(server));

        await FailureAssert.ThrowsAsync(ImageApiFailureReason.Download, () => stream.CopyToAsync(Stream.Null));
        await FailureAssert.ThrowsAsync(ImageApiFailureReason.Download, () => stream.CopyToAsync(Stream.Null));
        Assert.Equal(ImageApiFailureReason.Download, Assert.Throws<ImageApiException>(() => stream.CopyTo(Stream.Null)).Reason);
    }

#if NETSTANDARD_LIBRARY // to those who read on .NET Framework, an answer that was cut has ended; elsewhere the platform knows better
    [Fact]
    public async Task Truncated_download_is_retried()
    {
        var responses = new Queue<byte[]>([SampleFiles.Png[..50], SampleFiles.Png]);
        using var handler = new StubHandler(TimeProvider.System, _ =>
        {
            var content = new ByteArrayContent(responses.Dequeue());
            content.Headers.ContentLength = SampleFiles.Png.Length;
            return new HttpResponseMessage { Content = content };
        });
        using var client = TestClients.Create(handler, TestClients.Options(new Uri("http://127.0.0.1")));

        var saved = await client.Media.SaveAsync(
            new GeneratedMedia { Kind = MediaKind.Image, Url = "https://cdn.example/a.png" }, Path.Combine(_directory, "fox.png"));

        Assert.Equal(SampleFiles.Png, await File.ReadAllBytesAsync(saved.Path));
    }
#endif

    [Fact]
    public async Task Progress_exception_is_rethrown_without_a_retry()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(200, SampleFiles.Png, "image/png"));
        using var client = TestClients.Create(server.BaseAddress);
        var media = new GeneratedMedia { Url = new Uri(server.BaseAddress, "a.png").AbsoluteUri };
        var progress = new ThrowingProgress();

        await Assert.ThrowsAsync<IOException>(() => client.Media.SaveAsync(media, _directory, new SaveOptions { Progress = progress }));
        await using var stream = await client.Media.OpenReadAsync(media, new TransferOptions { Progress = progress });
        await Assert.ThrowsAsync<IOException>(() => stream.CopyToAsync(Stream.Null));

        Assert.Equal(2, server.Requests.Count);
        Assert.Empty(Directory.GetFileSystemEntries(_directory));
    }

    [Fact]
    public async Task T11_synchronous_read_obeys_the_idle_timeout()
    {
        await using var server = Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(CreateResponse(SampleFiles.Png[..50], "image/png", contentLength: SampleFiles.Png.Length));
            await Task.Delay(Timeout.InfiniteTimeSpan, connection.ServerStopped);
        });
        using var client = TestClients.Create(server.Address, static options => options.Timeouts.Idle = TimeSpan.FromMilliseconds(300));
        await using var stream = await client.Media.OpenReadAsync(MediaAt(server));

        var reading = Task.Run(() => stream.CopyTo(Stream.Null));

        await FailureAssert.ThrowsAsync(ImageApiFailureReason.Timeout, () => reading.WaitAsync(TestTimeout.Duration));
    }

    [Fact]
    public async Task OpenRead_of_inline_data_needs_no_server()
    {
        using var client = CreateOfflineClient();

        await using var stream = await client.Media.OpenReadAsync(InlineMedia);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);

        Assert.Equal(SampleFiles.Png, copy.ToArray());
    }

    [Fact]
    public async Task Progress_ends_at_the_total_length()
    {
        await using var server = RespondingWith(CreateResponse(SampleFiles.PngOf(700_000), "image/png"));
        using var client = TestClients.Create(server.Address);
        var reports = new List<TransferProgress>();

        await client.Media.SaveAsync(MediaAt(server), _directory, new SaveOptions { Progress = new RecordingProgress(reports) });

        Assert.Equal(700_000, reports[^1].BytesTransferred);
        Assert.All(reports, static report => Assert.Equal(700_000, report.TotalBytes));
        Assert.Equal(reports.Select(static report => report.BytesTransferred).Order(), reports.Select(static report => report.BytesTransferred));
    }

    [Fact]
    public async Task Download_request_contains_no_api_key()
    {
        await using var server = RespondingWith(CreateResponse(SampleFiles.Png, "image/png"));
        using var client = TestClients.Create(server.Address);

        await client.Media.SaveAsync(MediaAt(server), _directory);

        Assert.Null(Assert.Single(server.Requests).Header("Authorization"));
    }

    [Fact]
    public async Task S22_expired_media_url_is_refreshed_through_its_job()
    {
        await using var emulator = await ImageApiEmulator.StartAsync(
            new EmulatorOptions { JobDuration = TimeSpan.Zero, JobPolls = 0, DrawTinyImages = true, MediaUrlLifetime = TimeSpan.FromMilliseconds(1) });
        using var client = TestClients.Create(emulator);
        var job = await client.Jobs.RunAsync(SampleRequests.Image("fox"), SampleRequests.QuickRun);
        await WaitForExpirationAsync(emulator, job.Output.Images[0].Url!);
        emulator.Options.MediaUrlLifetime = TimeSpan.FromHours(1);

        var saved = await client.Media.SaveAsync(job.Output.Images[0], _directory);

        Assert.Equal(saved.SizeInBytes, new FileInfo(saved.Path).Length);
        Assert.Equal(1, emulator.Ledger.ChargesFor("fox"));
    }

    [Fact]
    public async Task S22_failed_refresh_throws_the_original_download_error()
    {
        await using var server = Start(static async connection =>
        {
            var request = await connection.ReadRequestAsync();
            await connection.WriteAsync(request.Path == "/a.png" ? CreateResponse("{}", 403) : CreateResponse("{}", 404));
        });
        using var client = TestClients.Create(server.Address);

        var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.Download, () => client.Media.SaveAsync(MediaAt(server, "/a.png") with { JobId = "job_1" }, _directory));

        Assert.Equal(HttpStatusCode.Forbidden, error.StatusCode);
        Assert.Equal("job_1", error.JobId);
        Assert.Equal(["/a.png", "/v1/jobs/job_1"], server.Requests.Select(static request => request.Path));
        AssertDirectoryContainsOnly();
    }

    [Fact]
    public async Task S22_media_url_without_a_job_is_not_refreshed()
    {
        await using var server = RespondingWith(CreateResponse("{}", 410));
        using var client = TestClients.Create(server.Address);

        await FailureAssert.ThrowsAsync(ImageApiFailureReason.Download, () => client.Media.SaveAsync(MediaAt(server), _directory));

        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task S22_refresh_never_substitutes_a_different_image()
    {
        await using var server = Start(static async connection =>
        {
            var request = await connection.ReadRequestAsync();
            await connection.WriteAsync(request.Path == "/a.png"
                ? CreateResponse("{}", 410)
                : CreateResponse("""{"id":"job_1","status":"succeeded","output":{"images":[{"url":"/1.png"},{"url":"/2.png"}]}}"""));
        });
        using var client = TestClients.Create(server.Address);

        await FailureAssert.ThrowsAsync(ImageApiFailureReason.Download, () => client.Media.SaveAsync(MediaAt(server, "/a.png") with { JobId = "job_1" }, _directory));

        Assert.Equal(["/a.png", "/v1/jobs/job_1"], server.Requests.Select(static request => request.Path));
        AssertDirectoryContainsOnly();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Inline_data_is_saved_under_another_name_if_the_path_gets_taken(bool isDirectory)
    {
        using var client = CreateOfflineClient();
        var target = Path.Combine(_directory, "fox.png");
        var options = new SaveOptions { Overwrite = isDirectory, Progress = new RunOnceProgress(() => OccupyPath(target, isDirectory)) };

        var error = await Assert.ThrowsAsync<IOException>(() => client.Media.SaveAsync(InlineMedia with { JobId = "job_1" }, target, options));

        var requestInfo = RequestInfo.FromException(error)!;
        Assert.Equal(("job_1", RequestOutcome.Accepted), (requestInfo.JobId, requestInfo.Outcome));
        Assert.Equal("fox-2.png", Path.GetFileName(Assert.Single(requestInfo.SavedFiles)));
        Assert.Equal(SampleFiles.Png, await File.ReadAllBytesAsync(requestInfo.SavedFiles[0]));
        Assert.Equal(2, Directory.GetFileSystemEntries(_directory).Length);
        Assert.True(isDirectory || await File.ReadAllTextAsync(target) == "old");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Download_to_a_path_taken_meanwhile_reports_the_pending_url(bool isDirectory)
    {
        var target = Path.Combine(_directory, "fox.png");
        await using var server = RespondingWith(CreateResponse(SampleFiles.Png, "image/png"));
        using var client = TestClients.Create(server.Address);
        var options = new SaveOptions { Overwrite = isDirectory, Progress = new RunOnceProgress(() => OccupyPath(target, isDirectory)) };

        var error = await Assert.ThrowsAsync<IOException>(() => client.Media.SaveAsync(MediaAt(server), target, options));

        Assert.Equal(MediaAt(server).Url, Assert.Single(RequestInfo.FromException(error)!.PendingUrls));
        Assert.Empty(RequestInfo.FromException(error)!.SavedFiles);
        AssertDirectoryContainsOnly("fox.png");
    }

    [Fact]
    public async Task SaveAll_uses_another_name_if_the_numbered_one_is_too_long()
    {
        using var client = CreateOfflineClient();
        var pattern = "{index}-" + new string('f', 255 - "1-.png".Length) + ".{ext}";

        var error = await Assert.ThrowsAnyAsync<IOException>(() => client.Media.SaveAllAsync(Enumerable.Repeat(InlineMedia, 10), Path.Combine(_directory, pattern)));
        AssertDirectoryContainsOnly(); // how many there are is known here, and so that the name of the last would be too long

        var saved = await client.Media.SaveAllAsync(Enumerable.Repeat(InlineMedia, 9), Path.Combine(_directory, pattern));
        var secondSave = await client.Media.SaveAllAsync(Enumerable.Repeat(InlineMedia, 9), Path.Combine(_directory, pattern)); // the number behind a name that is taken does not fit

        Assert.Equal(RequestOutcome.Accepted, RequestInfo.FromException(error)?.Outcome);
        Assert.Equal(18, saved.Concat(secondSave).Select(static item => item.Path).Distinct().Count());
        Assert.All(saved.Concat(secondSave), static item => Assert.Equal(SampleFiles.Png, File.ReadAllBytes(item.Path)));
    }

    [Fact]
    public async Task SaveAll_rethrows_the_progress_exception_after_saving_all()
    {
        await using var server = RespondingWith(CreateResponse(SampleFiles.Png, "image/png"));
        using var client = TestClients.Create(server.Address);
        var options = new SaveOptions { Progress = new ThrowingProgress() };

        var error = await Assert.ThrowsAsync<IOException>(() => client.Media.SaveAllAsync([InlineMedia, MediaAt(server) with { JobId = "job_1" }], Path.Combine(_directory, "{index}.png"), options));

        var requestInfo = RequestInfo.FromException(error)!;
        Assert.Equal((RequestOutcome.Accepted, "job_1"), (requestInfo.Outcome, requestInfo.JobId));
        Assert.Empty(requestInfo.PendingUrls);
        Assert.Equal([Path.Combine(_directory, "1.png"), Path.Combine(_directory, "2.png")], requestInfo.SavedFiles);
    }

    [Fact]
    public async Task Save_of_a_failed_item_throws_the_generation_error()
    {
        using var client = CreateOfflineClient();
        var failedMedia = new GeneratedMedia { JobId = "job_1", Error = new GenerationError { Message = "too daring", Code = "content_policy_violation" } };

        var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.Download, () => client.Media.SaveAsync(failedMedia, _directory));

        Assert.True(error.IsContentRejected);
        Assert.Equal(("job_1", RequestOutcome.Accepted), (error.JobId, error.Outcome));
        Assert.Contains("too daring", error.Message, StringComparison.Ordinal);
    }

    private static GeneratedMedia MediaAt(RawServer server, string path = "/out/fox.png") => new() { Url = new Uri(server.Address, path).AbsoluteUri };

    private static GeneratedMedia DataUrlMedia(string url) => new() { Url = url };

    /// <summary>A client whose server does not exist.</summary>
    private static ImageApiClient CreateOfflineClient() => TestClients.Create(new Uri("http://127.0.0.1:1"));

    private static async Task WaitForExpirationAsync(ImageApiEmulator emulator, string url)
    {
        using var http = new HttpClient { BaseAddress = emulator.BaseAddress };
        HttpStatusCode status;
        do
        {
            using var response = await http.GetAsync(url);
            status = response.StatusCode;
        }
        while (status != HttpStatusCode.Gone);
    }

    private async Task<string> WriteExistingFileAsync(string name)
    {
        var path = Path.Combine(_directory, name);
        await File.WriteAllTextAsync(path, "old");
        return path;
    }

    private void AssertDirectoryContainsOnly(params string[] names) =>
        Assert.Equal(names, Directory.GetFileSystemEntries(_directory).Select(static path => Path.GetFileName(path)));

    private static void OccupyPath(string path, bool isDirectory)
    {
        if (isDirectory)
        {
            Directory.CreateDirectory(path);
            return;
        }

        File.WriteAllText(path, "old");
    }

    private sealed class RunOnceProgress(Action action) : IProgress<TransferProgress>
    {
        private bool _isDone;

        public void Report(TransferProgress value)
        {
            if (!_isDone)
            {
                _isDone = true;
                action();
            }
        }
    }

    private sealed class ThrowingProgress : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value) => throw new IOException("mine");
    }

    private sealed class RecordingProgress(List<TransferProgress> reports) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value) => reports.Add(value);
    }
}
