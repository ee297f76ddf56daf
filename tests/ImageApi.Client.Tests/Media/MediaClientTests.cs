using System.Net;
using ImageApi.Emulator;
using static ImageApi.Client.Tests.Support.RawServer;

namespace ImageApi.Client.Tests.Media;

/// <summary>Saving, copying and opening what was generated, over real sockets.</summary>
public sealed class MediaClientTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("imageapi-").FullName;

    private static GeneratedMedia Inline => new() { Data = Samples.Png, MimeType = "image/png" };

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task D1_an_existing_file_is_refused_before_anything_is_fetched()
    {
        await using var server = Answering(Answer(Samples.Png, "image/png"));
        using var client = Clients.For(server.Address);
        var target = await OldAsync("fox.png");

        await Assert.ThrowsAsync<IOException>(() => client.Media.SaveAsync(At(server), target));

        Assert.Equal("old", await File.ReadAllTextAsync(target));
        Assert.Equal(0, server.Connections);
        NothingElse("fox.png");
    }

    [Fact]
    public async Task An_existing_file_is_replaced_when_that_is_wanted()
    {
        await using var server = Answering(Answer(Samples.Png, "image/png"));
        using var client = Clients.For(server.Address);
        var target = await OldAsync("fox.png");

        var saved = await client.Media.SaveAsync(At(server), target, new SaveOptions { Overwrite = true });

        Assert.Equal(Samples.Png, await File.ReadAllBytesAsync(saved.Path));
        Assert.Equal("image/png", saved.MimeType);
        Assert.Equal(Samples.Png.Length, saved.Bytes);
        NothingElse("fox.png");
    }

    [Fact]
    public async Task D2_a_failed_download_leaves_the_old_file()
    {
        await using var server = Answering(Answer(Samples.Png[..40], "image/png", length: Samples.Png.Length));
        using var client = Clients.For(server.Address);
        var target = await OldAsync("fox.png");

        await Assert.ThrowsAnyAsync<ImageApiException>(() => client.Media.SaveAsync(At(server), target, new SaveOptions { Overwrite = true }));

        Assert.Equal("old", await File.ReadAllTextAsync(target));
        NothingElse("fox.png");
    }

    [MountTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task D3_a_full_disk_is_an_IOException_and_leaves_nothing(bool inline)
    {
        Assert.True(MountTheoryAttribute.TryMount(_directory, "64k"));
        try
        {
            var large = Samples.PngOf(1024 * 1024);
            await using var server = Answering(Answer(large, "image/png"));
            using var client = Clients.For(server.Address);
            var media = inline ? Inline with { Data = large } : At(server);

            await Assert.ThrowsAsync<IOException>(() => client.Media.SaveAsync(media, Path.Combine(_directory, "fox.png")));

            NothingElse();
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
    public async Task D3_a_device_without_room_is_an_IOException_as_it_is(bool inline)
    {
        const int noSpaceLeft = 0x1C;
        Assert.True(OperatingSystem.IsLinux(), "This test needs /dev/full.");
        var large = Samples.PngOf(1024 * 1024);
        await using var server = Answering(Answer(large, "image/png"));
        using var client = Clients.For(server.Address);
        await using var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

        var error = await Assert.ThrowsAsync<IOException>(() => client.Media.CopyToAsync(inline ? Inline with { Data = large } : At(server), full));

        Assert.Equal(noSpaceLeft, error.HResult);
        Assert.True(server.Connections <= 1);
    }

    [Fact]
    public async Task D4_until_it_is_whole_only_a_temporary_file_is_there()
    {
        var wait = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        await using var server = Start(async connection =>
        {
            await connection.ReadRequestAsync();
            var answer = Answer(Samples.Png, "image/png");
            await connection.WriteAsync(answer[..^20]);
            begun.SetResult();
            await wait.Task.WaitAsync(connection.Stop);
            await connection.WriteAsync(answer[^20..]);
        });
        using var client = Clients.For(server.Address);

        var saving = client.Media.SaveAsync(At(server), Path.Combine(_directory, "fox.png"));
        await begun.Task;
        var meanwhile = Directory.GetFiles(_directory).Select(Path.GetFileName).ToList();
        wait.SetResult();
        await saving;

        Assert.StartsWith(".partial-", Assert.Single(meanwhile), StringComparison.Ordinal);
        NothingElse("fox.png");
    }

    [Fact]
    public async Task D5_of_many_saves_into_one_file_one_wins_whole()
    {
        await using var emulator = await ImageApiEmulator.StartAsync(new EmulatorOptions { DrawTinyPictures = true });
        using var client = Clients.For(emulator);
        var media = Enumerable.Range(1, 8).Select(i => Inline with { Data = Samples.PngOf(200_000 + i, (byte)i) }).ToList();
        var target = Path.Combine(_directory, "fox.png");

        await Task.WhenAll(media.Select(item => Task.Run(() => client.Media.SaveAsync(item, target, new SaveOptions { Overwrite = true }))));

        var bytes = await File.ReadAllBytesAsync(target);
        Assert.Equal(media.Single(item => item.Data!.Value.Length == bytes.Length).Data!.Value.ToArray(), bytes);
        NothingElse("fox.png");
    }

    [Fact]
    public async Task D5_without_overwriting_only_one_of_many_saves_gets_the_place_and_the_bytes_of_the_others_are_kept_beside_it()
    {
        using var client = Offline();
        var target = Path.Combine(_directory, "fox.png");

        var results = await Task.WhenAll(Enumerable.Range(1, 32).Select(i => Task.Run(async () =>
        {
            try
            {
                return (await client.Media.SaveAsync(Inline with { Data = Samples.PngOf(500 + i) }, target)).Bytes;
            }
            catch (IOException e)
            {
                return PurchaseFacts.Of(e)!.SavedPaths is [var path] ? -new FileInfo(path).Length : 0;
            }
        })));

        Assert.Equal(new FileInfo(target).Length, Assert.Single(results, static bytes => bytes > 0));
        var kept = results.Where(static bytes => bytes != 0).Select(Math.Abs).ToList(); // those that came later were refused before anything was written
        Assert.Equal(kept.Distinct().Order(), Directory.GetFiles(_directory).Select(static path => new FileInfo(path).Length).Order());
    }

    [Fact]
    public async Task Many_saves_into_one_directory_lose_none()
    {
        using var client = Offline();

        var saved = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(() => client.Media.SaveAsync(Inline with { Data = Samples.PngOf(500 + i) }, _directory))));

        Assert.Equal(64, saved.Select(static item => item.Path).Distinct(StringComparer.Ordinal).Count());
        Assert.All(saved, static item => Assert.Equal(item.Bytes, new FileInfo(item.Path).Length));
    }

    [Fact]
    public async Task D6_a_symlink_is_replaced_and_never_written_through()
    {
        using var client = Offline();
        var other = await OldAsync("other.txt");
        var link = Path.Combine(_directory, "fox.png");
        File.CreateSymbolicLink(link, other);

        await Assert.ThrowsAsync<IOException>(() => client.Media.SaveAsync(Inline, link));
        await client.Media.SaveAsync(Inline, link, new SaveOptions { Overwrite = true });

        Assert.Equal("old", await File.ReadAllTextAsync(other));
        Assert.Null(new FileInfo(link).LinkTarget);
        Assert.Equal(Samples.Png, await File.ReadAllBytesAsync(link));
    }

    [Fact]
    public async Task D6_a_symlink_to_nowhere_is_refused_without_overwriting()
    {
        using var client = Offline();
        var link = Path.Combine(_directory, "fox.png");
        File.CreateSymbolicLink(link, Path.Combine(_directory, "missing"));

        await Assert.ThrowsAsync<IOException>(() => client.Media.SaveAsync(Inline, link));

        Assert.NotNull(new FileInfo(link).LinkTarget);
        NothingElse("fox.png");
    }

    [Fact]
    public async Task D6_a_device_is_refused()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // a name that is no device: were it not refused, nothing of the machine's would be harmed
        using var client = Offline();
        var device = $"/dev/imageapi-{Guid.NewGuid():N}";

        var error = await Assert.ThrowsAsync<IOException>(() => client.Media.SaveAsync(Inline, device, new SaveOptions { Overwrite = true }));

        Assert.Contains("device", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(device));
    }

    [Theory]
    [InlineData("/out/fox.png", "fox.png")]
    [InlineData("/out/fox.jpg", "fox.png")]
    [InlineData("/out/a%2Fb.png", "b.png")]
    [InlineData("/out/%E7%94%9F%E6%88%90.webp", "生成.png")]
    [InlineData("/", "image.png")]
    public async Task In_a_directory_the_name_comes_from_the_link_and_the_extension_from_the_type(string path, string name)
    {
        await using var server = Answering(Answer(Samples.Png, "application/octet-stream"));
        using var client = Clients.For(server.Address);

        var saved = await client.Media.SaveAsync(At(server, path), _directory);

        Assert.Equal(Path.Combine(_directory, name), saved.Path);
    }

    [Fact]
    public async Task In_a_directory_a_taken_name_gets_a_number()
    {
        using var client = Offline();
        await OldAsync("image.png");
        Directory.CreateDirectory(Path.Combine(_directory, "image-2.png"));

        var saved = await client.Media.SaveAsync(Inline, _directory);

        Assert.Equal("image-3.png", Path.GetFileName(saved.Path));
        Assert.Equal("old", await File.ReadAllTextAsync(Path.Combine(_directory, "image.png")));
    }

    [Fact]
    public async Task A_path_that_ends_with_a_separator_is_a_directory_that_is_made()
    {
        using var client = Offline();

        var saved = await client.Media.SaveAsync(Inline, Path.Combine(_directory, "new", "deep") + Path.DirectorySeparatorChar);

        Assert.Equal(Path.Combine(_directory, "new", "deep", "image.png"), saved.Path);
    }

    [Fact]
    public async Task A_saved_file_cannot_be_executed()
    {
        using var client = Offline();

        var saved = await client.Media.SaveAsync(Inline, _directory);

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(saved.Path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute));
        }
    }

    [Fact]
    public async Task D8_a_data_link_is_decoded_here()
    {
        using var client = Offline();

        var saved = await client.Media.SaveAsync(Data("data:image/png;base64," + Convert.ToBase64String(Samples.Png)), _directory);

        Assert.Equal(Samples.Png, await File.ReadAllBytesAsync(saved.Path));
        Assert.Equal("image.png", Path.GetFileName(saved.Path));
    }

    [Theory]
    [InlineData("data:image/png;base64,!!!!")]
    [InlineData("data:text/html;base64,PGh0bWw+")]
    [InlineData("data:image/png,abc")]
    [InlineData("data:image/png;base64")]
    [InlineData("data:")]
    public async Task D8_other_data_links_are_refused(string url)
    {
        using var client = Offline();

        var error = await Assert.ThrowsAsync<ImageApiProtocolException>(() => client.Media.SaveAsync(Data(url) with { JobId = "job_1" }, _directory));

        Assert.Equal("job_1", error.JobId);
        Assert.Equal(RequestOutcome.Accepted, error.Outcome);
        NothingElse();
    }

    [Fact]
    public async Task D8_a_data_link_is_under_the_size_limit()
    {
        using var client = Clients.For(new Uri("http://127.0.0.1:1"), static options => options.Limits.MaxMediaBytes = 10);

        await Assert.ThrowsAsync<ImageApiLimitException>(() => client.Media.SaveAsync(Data("data:image/png;base64," + Convert.ToBase64String(Samples.Png)), _directory));

        NothingElse();
    }

    [Fact]
    public async Task A_download_is_under_the_size_limit()
    {
        await using var server = Answering(Answer(Samples.PngOf(100_000), "image/png"));
        using var client = Clients.For(server.Address, static options => options.Limits.MaxMediaBytes = 50_000);

        await Assert.ThrowsAsync<ImageApiLimitException>(() => client.Media.SaveAsync(At(server), _directory));

        NothingElse();
    }

    [Fact]
    public async Task D9_no_range_is_asked_for_and_a_part_is_refused()
    {
        await using var server = Answering(Answer(Samples.Png, "image/png", status: 206));
        using var client = Clients.For(server.Address);

        await Assert.ThrowsAsync<MediaDownloadException>(() => client.Media.SaveAsync(At(server), _directory));

        Assert.Null(Assert.Single(server.Requests).Header("Range"));
        NothingElse();
    }

    [Fact]
    public async Task Copying_leaves_the_stream_open()
    {
        await using var server = Answering(Answer(Samples.Png, "image/png"));
        using var client = Clients.For(server.Address);
        using var stream = new MemoryStream();

        await client.Media.CopyToAsync(At(server), stream);

        Assert.Equal(Samples.Png, stream.ToArray());
        Assert.True(stream.CanWrite);
    }

    [Fact]
    public async Task Copying_a_truncated_medium_fails()
    {
        await using var server = Answering(Answer(Samples.Png[..40], "image/png"));
        using var client = Clients.For(server.Address);

        var error = await Assert.ThrowsAsync<MediaDownloadException>(() => client.Media.CopyToAsync(At(server) with { JobId = "job_1" }, Stream.Null));

        Assert.Equal("job_1", error.JobId);
    }

    [Fact]
    public async Task T12_copying_a_trickle_ends_with_the_time_limit()
    {
        await using var server = Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(Answer(Samples.Png, "image/png", length: 10_000_000));
            while (true)
            {
                await connection.WriteAsync([0]);
                await Task.Delay(5, connection.Stop);
            }
        });
        using var client = Clients.For(server.Address);

        var copying = client.Media.CopyToAsync(At(server), Stream.Null, new TransferOptions { Timeout = TimeSpan.FromSeconds(1) });
        var error = await Assert.ThrowsAsync<ImageApiTimeoutException>(() => copying.WaitAsync(TimeSpan.FromSeconds(30)));

        Assert.Equal("media.copy", error.Operation);
    }

    [Fact]
    public async Task An_error_of_the_callers_stream_comes_out_as_it_is()
    {
        using var client = Offline();

        await Assert.ThrowsAsync<NotSupportedException>(() => client.Media.CopyToAsync(Inline, new MemoryStream(new byte[4])));
    }

    [Fact]
    public async Task Opening_gives_a_stream_whose_end_says_that_it_is_whole()
    {
        await using var server = Answering(Answer(Samples.Png, "image/png"));
        using var client = Clients.For(server.Address);

        await using var stream = await client.Media.OpenReadAsync(At(server));
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);

        Assert.Equal(Samples.Png, copy.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Opening_a_truncated_medium_never_comes_to_a_clean_end(bool announced)
    {
        await using var server = Answering(Answer(Samples.Png[..50], "image/png", length: announced ? Samples.Png.Length : null));
        using var client = Clients.For(server.Address);

        await using var stream = await client.Media.OpenReadAsync(At(server));

        await Assert.ThrowsAsync<MediaDownloadException>(() => stream.CopyToAsync(Stream.Null));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reading_on_after_the_failure_of_a_truncated_medium_fails_again(bool announced)
    {
        await using var server = Answering(Answer(Samples.Png[..50], "image/png", length: announced ? Samples.Png.Length : null));
        using var client = Clients.For(server.Address);

        await using var stream = await client.Media.OpenReadAsync(At(server));

        await Assert.ThrowsAsync<MediaDownloadException>(() => stream.CopyToAsync(Stream.Null));
        await Assert.ThrowsAsync<MediaDownloadException>(() => stream.CopyToAsync(Stream.Null));
        Assert.Throws<MediaDownloadException>(() => stream.CopyTo(Stream.Null));
    }

#if NETSTANDARD_LIBRARY // to those who read on .NET Framework, an answer that was cut has ended; elsewhere the platform knows better
    [Fact]
    public async Task A_download_that_ends_before_its_time_is_fetched_again()
    {
        var answers = new Queue<byte[]>([Samples.Png[..50], Samples.Png]);
        using var handler = new StubHandler(TimeProvider.System, _ =>
        {
            var content = new ByteArrayContent(answers.Dequeue());
            content.Headers.ContentLength = Samples.Png.Length;
            return new HttpResponseMessage { Content = content };
        });
        using var client = Clients.For(handler, Clients.Options(new Uri("http://127.0.0.1")));

        var saved = await client.Media.SaveAsync(
            new GeneratedMedia { Kind = MediaKind.Image, Url = "https://cdn.example/a.png" }, Path.Combine(_directory, "fox.png"));

        Assert.Equal(Samples.Png, await File.ReadAllBytesAsync(saved.Path));
    }
#endif

    [Fact]
    public async Task An_error_of_the_listener_comes_out_as_it_is_and_nothing_is_fetched_again()
    {
        await using var server = ScriptServer.Start(Reply.With(200, Samples.Png, "image/png"));
        using var client = Clients.For(server.BaseAddress);
        var media = new GeneratedMedia { Url = new Uri(server.BaseAddress, "a.png").AbsoluteUri };
        var listener = new Failing();

        await Assert.ThrowsAsync<IOException>(() => client.Media.SaveAsync(media, _directory, new SaveOptions { Progress = listener }));
        await using var stream = await client.Media.OpenReadAsync(media, new TransferOptions { Progress = listener });
        await Assert.ThrowsAsync<IOException>(() => stream.CopyToAsync(Stream.Null));

        Assert.Equal(2, server.Requests.Count);
        Assert.Empty(Directory.GetFileSystemEntries(_directory));
    }

    [Fact]
    public async Task T11_reading_without_async_is_under_the_limit_for_silence()
    {
        await using var server = Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(Answer(Samples.Png[..50], "image/png", length: Samples.Png.Length));
            await Task.Delay(Timeout.InfiniteTimeSpan, connection.Stop);
        });
        using var client = Clients.For(server.Address, static options => options.Timeouts.Idle = TimeSpan.FromMilliseconds(300));
        await using var stream = await client.Media.OpenReadAsync(At(server));

        var reading = Task.Run(() => stream.CopyTo(Stream.Null));

        await Assert.ThrowsAsync<ImageApiTimeoutException>(() => reading.WaitAsync(Watchdog.Limit));
    }

    [Fact]
    public async Task Opening_inline_bytes_needs_no_server()
    {
        using var client = Offline();

        await using var stream = await client.Media.OpenReadAsync(Inline);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);

        Assert.Equal(Samples.Png, copy.ToArray());
    }

    [Fact]
    public async Task Progress_ends_with_the_whole()
    {
        await using var server = Answering(Answer(Samples.PngOf(700_000), "image/png"));
        using var client = Clients.For(server.Address);
        var reports = new List<TransferProgress>();

        await client.Media.SaveAsync(At(server), _directory, new SaveOptions { Progress = new Reports(reports) });

        Assert.Equal(700_000, reports[^1].BytesTransferred);
        Assert.All(reports, static report => Assert.Equal(700_000, report.TotalBytes));
        Assert.Equal(reports.Select(static report => report.BytesTransferred).Order(), reports.Select(static report => report.BytesTransferred));
    }

    [Fact]
    public async Task A_link_gets_no_key()
    {
        await using var server = Answering(Answer(Samples.Png, "image/png"));
        using var client = Clients.For(server.Address);

        await client.Media.SaveAsync(At(server), _directory);

        Assert.Null(Assert.Single(server.Requests).Header("Authorization"));
    }

    [Fact]
    public async Task S22_an_expired_link_is_renewed_once_through_its_job()
    {
        await using var emulator = await ImageApiEmulator.StartAsync(
            new EmulatorOptions { JobDuration = TimeSpan.Zero, JobPolls = 0, DrawTinyPictures = true, LinkLifetime = TimeSpan.FromMilliseconds(1) });
        using var client = Clients.For(emulator);
        var job = await client.Jobs.RunAsync(Requests.Image("fox"), Requests.Quick);
        await UntilExpiredAsync(emulator, job.Output.Images[0].Url!);
        emulator.Options.LinkLifetime = TimeSpan.FromHours(1);

        var saved = await client.Media.SaveAsync(job.Output.Images[0], _directory);

        Assert.Equal(saved.Bytes, new FileInfo(saved.Path).Length);
        Assert.Equal(1, emulator.Ledger.ChargesFor("fox"));
    }

    [Fact]
    public async Task S22_a_link_that_cannot_be_renewed_is_what_the_caller_hears_of()
    {
        await using var server = Start(static async connection =>
        {
            var request = await connection.ReadRequestAsync();
            await connection.WriteAsync(request.Path == "/a.png" ? Answer("{}", 403) : Answer("{}", 404));
        });
        using var client = Clients.For(server.Address);

        var error = await Assert.ThrowsAsync<MediaDownloadException>(() => client.Media.SaveAsync(At(server, "/a.png") with { JobId = "job_1" }, _directory));

        Assert.Equal(HttpStatusCode.Forbidden, error.StatusCode);
        Assert.Equal("job_1", error.JobId);
        Assert.Equal(["/a.png", "/v1/jobs/job_1"], server.Requests.Select(static request => request.Path));
        NothingElse();
    }

    [Fact]
    public async Task S22_a_link_without_a_job_is_not_renewed()
    {
        await using var server = Answering(Answer("{}", 410));
        using var client = Clients.For(server.Address);

        await Assert.ThrowsAsync<MediaDownloadException>(() => client.Media.SaveAsync(At(server), _directory));

        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task S22_a_medium_without_a_position_is_not_replaced_by_another()
    {
        await using var server = Start(static async connection =>
        {
            var request = await connection.ReadRequestAsync();
            await connection.WriteAsync(request.Path == "/a.png"
                ? Answer("{}", 410)
                : Answer("""{"id":"job_1","status":"succeeded","output":{"images":[{"url":"/1.png"},{"url":"/2.png"}]}}"""));
        });
        using var client = Clients.For(server.Address);

        await Assert.ThrowsAsync<MediaDownloadException>(() => client.Media.SaveAsync(At(server, "/a.png") with { JobId = "job_1" }, _directory));

        Assert.Equal(["/a.png", "/v1/jobs/job_1"], server.Requests.Select(static request => request.Path));
        NothingElse();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bytes_whose_name_is_taken_meanwhile_are_kept_beside_it_and_the_error_names_them(bool directory)
    {
        using var client = Offline();
        var target = Path.Combine(_directory, "fox.png");
        var options = new SaveOptions { Overwrite = directory, Progress = new Once(() => Take(target, directory)) };

        var error = await Assert.ThrowsAsync<IOException>(() => client.Media.SaveAsync(Inline with { JobId = "job_1" }, target, options));

        var facts = PurchaseFacts.Of(error)!;
        Assert.Equal(("job_1", RequestOutcome.Accepted), (facts.JobId, facts.Outcome));
        Assert.Equal("fox-2.png", Path.GetFileName(Assert.Single(facts.SavedPaths)));
        Assert.Equal(Samples.Png, await File.ReadAllBytesAsync(facts.SavedPaths[0]));
        Assert.Equal(2, Directory.GetFileSystemEntries(_directory).Length);
        Assert.True(directory || await File.ReadAllTextAsync(target) == "old");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_link_whose_name_is_taken_meanwhile_leaves_nothing_since_it_can_be_fetched_again(bool directory)
    {
        var target = Path.Combine(_directory, "fox.png");
        await using var server = Answering(Answer(Samples.Png, "image/png"));
        using var client = Clients.For(server.Address);
        var options = new SaveOptions { Overwrite = directory, Progress = new Once(() => Take(target, directory)) };

        var error = await Assert.ThrowsAsync<IOException>(() => client.Media.SaveAsync(At(server), target, options));

        Assert.Equal(At(server).Url, Assert.Single(PurchaseFacts.Of(error)!.UnsavedLinks));
        Assert.Empty(PurchaseFacts.Of(error)!.SavedPaths);
        NothingElse("fox.png");
    }

    [Fact]
    public async Task Of_several_media_one_whose_name_the_disk_refuses_gets_another_one()
    {
        using var client = Offline();
        var pattern = "{index}-" + new string('f', 255 - "1-.png".Length) + ".{ext}";

        var error = await Assert.ThrowsAnyAsync<IOException>(() => client.Media.SaveAllAsync(Enumerable.Repeat(Inline, 10), Path.Combine(_directory, pattern)));
        NothingElse(); // how many there are is known here, and so that the name of the last would be too long

        var saved = await client.Media.SaveAllAsync(Enumerable.Repeat(Inline, 9), Path.Combine(_directory, pattern));
        var again = await client.Media.SaveAllAsync(Enumerable.Repeat(Inline, 9), Path.Combine(_directory, pattern)); // the number behind a name that is taken does not fit

        Assert.Equal(RequestOutcome.Accepted, PurchaseFacts.Of(error)?.Outcome);
        Assert.Equal(18, saved.Concat(again).Select(static item => item.Path).Distinct().Count());
        Assert.All(saved.Concat(again), static item => Assert.Equal(Samples.Png, File.ReadAllBytes(item.Path)));
    }

    [Fact]
    public async Task An_error_of_the_listener_comes_out_when_all_is_saved()
    {
        await using var server = Answering(Answer(Samples.Png, "image/png"));
        using var client = Clients.For(server.Address);
        var options = new SaveOptions { Progress = new Failing() };

        var error = await Assert.ThrowsAsync<IOException>(() => client.Media.SaveAllAsync([Inline, At(server) with { JobId = "job_1" }], Path.Combine(_directory, "{index}.png"), options));

        var facts = PurchaseFacts.Of(error)!;
        Assert.Equal((RequestOutcome.Accepted, "job_1"), (facts.Outcome, facts.JobId));
        Assert.Empty(facts.UnsavedLinks);
        Assert.Equal([Path.Combine(_directory, "1.png"), Path.Combine(_directory, "2.png")], facts.SavedPaths);
    }

    [Fact]
    public async Task A_medium_that_the_server_could_not_make_says_so()
    {
        using var client = Offline();
        var failed = new GeneratedMedia { JobId = "job_1", Error = new GenerationError { Message = "too daring", Code = "content_policy_violation" } };

        var error = await Assert.ThrowsAsync<MediaDownloadException>(() => client.Media.SaveAsync(failed, _directory));

        Assert.True(error.IsContentRejected);
        Assert.Equal(("job_1", RequestOutcome.Accepted), (error.JobId, error.Outcome));
        Assert.Contains("too daring", error.Message, StringComparison.Ordinal);
    }

    private static GeneratedMedia At(RawServer server, string path = "/out/fox.png") => new() { Url = new Uri(server.Address, path).AbsoluteUri };

    private static GeneratedMedia Data(string url) => new() { Url = url };

    /// <summary>A client whose server does not exist.</summary>
    private static ImageApiClient Offline() => Clients.For(new Uri("http://127.0.0.1:1"));

    private static async Task UntilExpiredAsync(ImageApiEmulator emulator, string url)
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

    private async Task<string> OldAsync(string name)
    {
        var path = Path.Combine(_directory, name);
        await File.WriteAllTextAsync(path, "old");
        return path;
    }

    private void NothingElse(params string[] names) =>
        Assert.Equal(names, Directory.GetFileSystemEntries(_directory).Select(static path => Path.GetFileName(path)));

    private static void Take(string path, bool directory)
    {
        if (directory)
        {
            Directory.CreateDirectory(path);
            return;
        }

        File.WriteAllText(path, "old");
    }

    private sealed class Once(Action act) : IProgress<TransferProgress>
    {
        private bool _done;

        public void Report(TransferProgress value)
        {
            if (!_done)
            {
                _done = true;
                act();
            }
        }
    }

    private sealed class Failing : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value) => throw new IOException("mine");
    }

    private sealed class Reports(List<TransferProgress> reports) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value) => reports.Add(value);
    }
}
