using System.Text;
using ImageApi.Emulator;

namespace ImageApi.Client.Tests.Images;

public sealed class GenerateToFilesTests : IDisposable
{
    private static readonly ImageRequest Request = new() { Prompt = "a fox", ResponseFormat = ImageResponseFormat.Base64 };

    private readonly string _directory = Directory.CreateTempSubdirectory("to-files-").FullName;

    private string InDirectory => _directory + Path.DirectorySeparatorChar;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Pictures_of_the_answer_are_written_to_files_with_the_extension_of_their_bytes()
    {
        await using var server = Answering(Picture(Samples.Png), Picture("GIF89a-and-so-on"u8.ToArray()));
        using var client = Clients.For(server.BaseAddress);

        var saved = await client.Images.GenerateToFilesAsync(Request with { Count = 2 }, InDirectory);

        Assert.Equal(["image.png", "image.gif"], saved.Select(static item => Path.GetFileName(item.Path)));
        Assert.Equal(Samples.Png, await File.ReadAllBytesAsync(saved[0].Path));
        Assert.Equal([Samples.Png.Length, 16], saved.Select(static item => item.Bytes));
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
    public async Task A_pattern_names_the_files(string pattern, string first, string second)
    {
        await using var server = Answering(Picture(Samples.Png), Picture(Samples.Png));
        using var client = Clients.For(server.BaseAddress);

        var saved = await client.Images.GenerateToFilesAsync(Request with { Count = 2 }, Path.Combine(_directory, pattern));

        Assert.Equal([Path.Combine(_directory, first), Path.Combine(_directory, second)], saved.Select(static item => item.Path));
        Assert.All(saved, static item => Assert.Equal(Samples.Png, File.ReadAllBytes(item.Path)));
    }

    [Fact]
    public async Task A_file_that_is_in_the_way_is_told_before_anything_is_bought()
    {
        await using var emulator = await ImageApiEmulator.StartAsync();
        using var client = Clients.For(emulator);
        await File.WriteAllTextAsync(Path.Combine(_directory, "fox-2.png"), "mine");

        await Assert.ThrowsAsync<IOException>(() => client.Images.GenerateToFilesAsync(Request with { Count = 2 }, Path.Combine(_directory, "fox-{index}.png")));

        Assert.Empty(emulator.Ledger.Charges);
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(_directory, "fox-2.png")));
    }

    [Fact]
    public async Task A_file_that_gets_in_the_way_meanwhile_costs_no_picture()
    {
        var path = Path.Combine(_directory, "fox.png");
        await using var server = ScriptServer.Start(async connection =>
        {
            await File.WriteAllTextAsync(path, "mine");
            await Reply.With(200, Answer(Picture(Samples.Png)))(connection);
        });
        using var client = Clients.For(server.BaseAddress);

        var saved = await client.Images.GenerateToFilesAsync(Request, path);

        Assert.Equal("fox-2.png", Path.GetFileName(Assert.Single(saved).Path));
        Assert.Equal("mine", await File.ReadAllTextAsync(path));
    }

    [Fact]
    public async Task An_existing_file_is_replaced_when_asked_for()
    {
        var path = Path.Combine(_directory, "fox.png");
        await File.WriteAllTextAsync(path, "old");
        await using var server = Answering(Picture(Samples.Png));
        using var client = Clients.For(server.BaseAddress);

        await client.Images.GenerateToFilesAsync(Request, path, new SaveOptions { Overwrite = true });

        Assert.Equal(Samples.Png, await File.ReadAllBytesAsync(path));
    }

    [Fact]
    public async Task A_directory_in_the_way_costs_no_picture_also_where_files_are_replaced()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "fox-1.png"));
        await using var server = Answering(Picture(Samples.Png));
        using var client = Clients.For(server.BaseAddress);

        var saved = await client.Images.GenerateToFilesAsync(Request, Path.Combine(_directory, "fox-{index}.{ext}"), new SaveOptions { Overwrite = true });

        Assert.Equal("fox-1-2.png", Path.GetFileName(Assert.Single(saved).Path));
    }

    [Theory]
    [InlineData("/proc/")]
    [InlineData("/proc/fox-{index}.{ext}")]
    [InlineData("/proc/fox-{index}.png")]
    public async Task A_directory_that_takes_no_files_is_told_before_anything_is_bought(string path)
    {
        Assert.True(OperatingSystem.IsLinux(), "This test needs /proc.");
        await using var emulator = await ImageApiEmulator.StartAsync();
        using var client = Clients.For(emulator);

        await Assert.ThrowsAnyAsync<SystemException>(() => client.Images.GenerateToFilesAsync(Request, path));

        Assert.Empty(emulator.Ledger.Charges);
    }

    [Theory]
    [InlineData("iVBORw0KGgoAAAAN", ",\"mime_type\":\"image/webp\"", "fox.png", "image/png")]
    [InlineData("AAAA", ",\"mime_type\":\"image/webp\"", "fox.webp", "image/webp")]
    [InlineData("AAAA", "", "fox.bin", null)]
    public async Task The_bytes_tell_the_type_before_the_server_does(string base64, string type, string name, string? mimeType)
    {
        await using var server = Answering($$"""{"b64_json":"{{base64}}"{{type}}}""");
        using var client = Clients.For(server.BaseAddress);

        var saved = Assert.Single(await client.Images.GenerateToFilesAsync(Request, Path.Combine(_directory, "fox.{ext}")));

        Assert.Equal((name, mimeType), (Path.GetFileName(saved.Path), saved.MimeType));
    }

    [Fact]
    public async Task Pictures_beyond_those_asked_for_replace_nothing()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory, "fox-2.png"), "mine");
        await using var server = Answering(Picture(Samples.Png), Picture(Samples.Png));
        using var client = Clients.For(server.BaseAddress);

        var saved = await client.Images.GenerateToFilesAsync(Request, Path.Combine(_directory, "fox-{index}.png"), new SaveOptions { Overwrite = true });

        Assert.Equal(["fox-1.png", "fox-2-2.png"], saved.Select(static item => Path.GetFileName(item.Path)));
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(_directory, "fox-2.png")));
    }

    [Fact]
    public async Task Cancelling_a_download_tells_the_links_that_were_paid_for()
    {
        using var source = new CancellationTokenSource();
        await using var server = ScriptServer.Start(
            Reply.With(200, Answer("""{"url":"/files/a.png?signature=1"}""")),
            async connection =>
            {
                await connection.ReadRequestAsync();
                await source.CancelAsync();
                await connection.StallAsync();
            });
        using var client = Clients.For(server.BaseAddress);

        var error = await Assert.ThrowsAsync<ImageApiCanceledException>(() => client.Images.GenerateToFilesAsync(Request, InDirectory, null, source.Token));

        Assert.EndsWith("/files/a.png?signature=1", Assert.Single(error.UnsavedLinks), StringComparison.Ordinal);
        Assert.DoesNotContain("signature", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Links_and_base64_in_one_answer_are_both_saved_in_their_order()
    {
        await using var server = ScriptServer.Start(
            async connection => await Reply.With(200, Answer("""{"url":"/files/a.png"}""", Picture("GIF89a-and-so-on"u8.ToArray()), """{"url":"/files/b.png"}"""))(connection),
            Reply.With(200, Samples.Png, "image/png"));
        using var client = Clients.For(server.BaseAddress);

        var saved = await client.Images.GenerateToFilesAsync(Request with { Count = 3 }, InDirectory);

        Assert.Equal(["a.png", "image.gif", "b.png"], saved.Select(static item => Path.GetFileName(item.Path)));
        Assert.Equal(3, server.Requests.Count);
        Assert.All(saved, static item => Assert.True(item.Bytes == new FileInfo(item.Path).Length));
    }

    [Fact]
    public async Task Several_links_are_downloaded_at_once_but_no_more_than_allowed()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var (now, most) = (0, 0);
        await using var server = ScriptServer.Start(
            Reply.With(200, Answer([.. Enumerable.Range(0, 9).Select(static i => $$"""{"url":"/files/{{i}}.png"}""")])),
            async connection =>
            {
                await connection.ReadRequestAsync();
                most = Math.Max(most, Interlocked.Increment(ref now));
                if (now == 3)
                {
                    gate.TrySetResult();
                }

                await gate.Task.WaitAsync(connection.Stopped);
                Interlocked.Decrement(ref now);
                await connection.SendAsync(Reply.Head(200, "Content-Type: image/png", $"Content-Length: {Samples.Png.Length}", "Connection: close"));
                await connection.SendAsync(Samples.Png);
                connection.Close();
            });
        using var client = Clients.For(server.BaseAddress);

        var saved = await client.Images.GenerateToFilesAsync(Request, InDirectory, new SaveOptions { MaxParallelDownloads = 3 }).WaitAsync(Watchdog.Limit);

        Assert.Equal(9, saved.Count);
        Assert.Equal(3, most); // the gate opens only for three at once; the bound keeps a fourth out
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
    public async Task A_cut_anywhere_leaves_whole_files_or_none(int percent)
    {
        var pictures = new[] { Samples.PngOf(300_000), Samples.PngOf(300_000, fill: 8) };
        var answer = Encoding.UTF8.GetBytes(Answer([.. pictures.Select(Picture)]));
        var sent = answer.Length * percent / 100;
        await using var server = ScriptServer.Start(Reply.Raw([.. Encoding.ASCII.GetBytes(Reply.Head(200, "Content-Type: application/json", $"Content-Length: {answer.Length}")), .. answer.AsSpan(0, sent)]));
        using var client = Clients.For(server.BaseAddress);

        var error = await Assert.ThrowsAnyAsync<ImageApiException>(() => client.Images.GenerateToFilesAsync(Request with { Count = 2 }, InDirectory));

        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
        Assert.Single(server.Requests);
        Assert.Equal(percent < 51 ? 0 : 1, error.SavedPaths.Count);
        Assert.Equal(error.SavedPaths.Order(), Directory.GetFileSystemEntries(_directory).Order());
        Assert.All(error.SavedPaths.Zip(pictures), static pair => Assert.Equal(pair.Second, File.ReadAllBytes(pair.First)));
    }

    [Fact]
    public async Task The_control_for_the_cuts_is_an_answer_that_is_not_cut()
    {
        var pictures = new[] { Samples.PngOf(300_000), Samples.PngOf(300_000, fill: 8) };
        await using var server = Answering([.. pictures.Select(Picture)]);
        using var client = Clients.For(server.BaseAddress);

        var saved = await client.Images.GenerateToFilesAsync(Request with { Count = 2 }, InDirectory);

        Assert.All(saved.Zip(pictures), static pair => Assert.Equal(pair.Second, File.ReadAllBytes(pair.First.Path)));
    }

    [Fact]
    public async Task What_is_no_base64_fails_and_the_rest_is_kept_and_named()
    {
        await using var server = Answering(Picture(Samples.Png), """{"b64_json":"iVBOR!!!"}""", Picture(Samples.Png));
        using var client = Clients.For(server.BaseAddress);

        var error = await Assert.ThrowsAsync<MediaDownloadException>(() => client.Images.GenerateToFilesAsync(Request with { Count = 3 }, InDirectory));

        Assert.Equal(RequestOutcome.Accepted, error.Outcome);
        Assert.Equal(["image.png", "image-2.png"], error.SavedPaths.Select(Path.GetFileName));
        Assert.Equal(2, Directory.GetFileSystemEntries(_directory).Length);
    }

    [Fact]
    public async Task One_link_that_fails_does_not_lose_the_others()
    {
        await using var server = ScriptServer.Start(
            Reply.With(200, Answer("""{"url":"/files/a.png"}""", """{"url":"/files/b.png"}""")),
            async connection => await (IsFor(await connection.ReadRequestAsync(), "/files/a.png")
                ? connection.SendAsync(Reply.Head(404, "Content-Length: 0"))
                : Send(connection)));
        using var client = Clients.For(server.BaseAddress);

        var error = await Assert.ThrowsAsync<MediaDownloadException>(() => client.Images.GenerateToFilesAsync(Request with { Count = 2 }, InDirectory));

        Assert.Equal(Path.Combine(_directory, "b.png"), Assert.Single(error.SavedPaths));
        Assert.EndsWith("/files/a.png", Assert.Single(error.UnsavedLinks), StringComparison.Ordinal);
        Assert.Single(Directory.GetFileSystemEntries(_directory));

        static bool IsFor(ScriptRequest request, string path) => request.Target == path;

        static async Task Send(ScriptConnection connection)
        {
            await connection.SendAsync(Reply.Head(200, "Content-Type: image/png", $"Content-Length: {Samples.Png.Length}"));
            await connection.SendAsync(Samples.Png);
        }
    }

    [Fact]
    public async Task An_answer_that_is_too_large_leaves_nothing_behind()
    {
        await using var server = Answering(Picture(Samples.PngOf(200_000)));
        using var client = Clients.For(server.BaseAddress, static options => options.Limits.MaxMediaBytes = 100_000);

        var error = await Assert.ThrowsAsync<ImageApiLimitException>(() => client.Images.GenerateToFilesAsync(Request, InDirectory));

        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
        Assert.Empty(Directory.GetFileSystemEntries(_directory));
    }

    [Fact]
    public async Task Cancelling_in_the_middle_names_what_arrived_whole()
    {
        using var source = new CancellationTokenSource();
        var answer = Encoding.UTF8.GetBytes(Answer(Picture(Samples.PngOf(100_000)), Picture(Samples.PngOf(100_000))));
        await using var server = ScriptServer.Start(Reply.RawThenStall(
            [.. Encoding.ASCII.GetBytes(Reply.Head(200, "Content-Type: application/json", $"Content-Length: {answer.Length}")), .. answer.AsSpan(0, answer.Length * 3 / 4)]));
        using var client = Clients.For(server.BaseAddress);
        var options = new SaveOptions { Progress = new Immediately(progress => { if (progress.BytesTransferred > 120_000) { source.Cancel(); } }) };

        var error = await Assert.ThrowsAsync<ImageApiCanceledException>(() => client.Images.GenerateToFilesAsync(Request with { Count = 2 }, InDirectory, options, source.Token));

        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
        Assert.Equal("image.png", Path.GetFileName(Assert.Single(error.SavedPaths)));
        Assert.Single(Directory.GetFileSystemEntries(_directory));
    }

    [Fact]
    public async Task Reference_images_that_the_server_repeats_are_not_saved()
    {
        var json = $$"""{"input":{"reference_images":[{"data_base64":"{{Convert.ToBase64String(Samples.Png)}}"}]},"data":[{{Picture("GIF89a-and-so-on"u8.ToArray())}}]}""";
        await using var server = ScriptServer.Start(Reply.With(200, json));
        using var client = Clients.For(server.BaseAddress);

        var saved = await client.Images.GenerateToFilesAsync(Request, InDirectory);

        Assert.Equal("image.gif", Path.GetFileName(Assert.Single(saved).Path));
        Assert.Single(Directory.GetFileSystemEntries(_directory));
    }

    [Fact]
    public async Task Progress_counts_the_bytes_of_all_pictures_together()
    {
        await using var server = ScriptServer.Start(
            Reply.With(200, Answer(Picture(Samples.PngOf(300_000)), """{"url":"/files/a.png"}""")), Reply.With(200, Samples.PngOf(200_000), "image/png"));
        using var client = Clients.For(server.BaseAddress);
        var told = new List<long>();

        await client.Images.GenerateToFilesAsync(Request with { Count = 2 }, InDirectory, new SaveOptions { Progress = new Immediately(progress => told.Add(progress.BytesTransferred)) });

        Assert.Equal(500_000, told[^1]);
        Assert.Equal(told.Order(), told);
        Assert.InRange(told.Count, 4, 1000);
    }

    [Fact]
    public async Task The_key_and_headers_of_the_call_are_sent()
    {
        await using var server = Answering(Picture(Samples.Png));
        using var client = Clients.For(server.BaseAddress);

        await client.Images.GenerateToFilesAsync(Request, InDirectory, null, new CallOptions { IdempotencyKey = "order-17" });

        Assert.Equal("order-17", Assert.Single(server.Requests).Header("Idempotency-Key"));
    }

    [Fact]
    public async Task Streams_of_the_caller_get_the_pictures_as_they_come()
    {
        await using var server = ScriptServer.Start(
            Reply.With(200, Answer(Picture(Samples.PngOf(300_000)), """{"url":"/files/a.png?secret=1"}""")), Reply.With(200, Samples.Png, "image/png"));
        using var client = Clients.For(server.BaseAddress);
        var asked = new List<IncomingMedia>();
        var streams = new List<KeepingStream>();

        var result = await client.Images.GenerateToFilesAsync(Request with { Count = 2 }, (incoming, _) =>
        {
            asked.Add(incoming);
            streams.Add(new KeepingStream());
            return new(streams[^1]);
        });

        Assert.Equal([0, 1], asked.Select(static incoming => incoming.Index));
        Assert.Equal("image/png", asked[0].MimeType);
        Assert.DoesNotContain("secret", asked[1].ToString());
        Assert.Equal([Samples.PngOf(300_000), Samples.Png], streams.Select(static stream => stream.Kept));
        Assert.All(result.Images, static image => Assert.Null(image.Data));
    }

    [Fact]
    public async Task Bytes_beside_a_link_that_came_before_are_a_picture_of_their_own()
    {
        string WithLink(byte[] bytes) => $$"""{"url":"https://cdn.example/latest.png","b64_json":"{{Convert.ToBase64String(bytes)}}"}""";
        await using var server = Answering(WithLink(Samples.Png), WithLink(Samples.PngOf(500)));
        using var client = Clients.For(server.BaseAddress);

        var saved = await client.Images.GenerateToFilesAsync(Request with { Count = 2 }, InDirectory);

        Assert.Equal([Samples.Png, Samples.PngOf(500)], saved.Select(static item => File.ReadAllBytes(item.Path)));
    }

    [Fact]
    public async Task The_result_tells_which_picture_went_into_which_stream()
    {
        await using var server = ScriptServer.Start(
            Reply.With(200, Answer("""{"url":"/files/a.png"}""", Picture(Samples.PngOf(300_000)), """{"url":"/files/b.png"}""", Picture(Samples.PngOf(200_000)))),
            Reply.With(200, Samples.PngOf(1000), "image/png"),
            Reply.With(200, Samples.PngOf(2000), "image/png"));
        using var client = Clients.For(server.BaseAddress);
        var streams = new Dictionary<int, KeepingStream>();

        var result = await client.Images.GenerateToFilesAsync(Request with { Count = 4 }, (incoming, _) => new(streams[incoming.Index] = new KeepingStream()));

        Assert.Equal([2, 0, 3, 1], result.Images.Select(static image => image.StreamIndex));
        Assert.Equal([1000, 300_000, 2000, 200_000], result.Images.Select(image => streams[image.StreamIndex!.Value].Kept!.Length));
    }

    [Fact]
    public async Task The_type_that_a_stream_is_asked_for_with_shows_no_key()
    {
        await using var server = Answering($$"""{"url":"data:image/{{Clients.Key}};base64,AAAA"}""", """{"url":"data:image/x-fox;base64,AAAA"}""");
        using var client = Clients.For(server.BaseAddress);
        var types = new List<string?>();

        await client.Images.GenerateToFilesAsync(Request, (incoming, _) =>
        {
            types.Add(incoming.MimeType);
            return new(new MemoryStream());
        });

        Assert.Equal(["image/***", "image/x-fox"], types);
    }

    [Fact]
    public async Task An_error_of_the_callers_stream_comes_out_as_it_is()
    {
        await using var server = Answering(Picture(Samples.Png));
        using var client = Clients.For(server.BaseAddress);

        var error = await Assert.ThrowsAsync<NotSupportedException>(
            () => client.Images.GenerateToFilesAsync(Request, static (_, _) => new(new MemoryStream([], writable: false))));

        Assert.NotNull(error);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task An_error_of_the_callers_listener_comes_out_as_it_is()
    {
        await using var server = Answering(Picture(Samples.Png));
        using var client = Clients.For(server.BaseAddress);
        var options = new SaveOptions { Progress = new Immediately(static _ => throw new IOException("mine")) };

        var error = await Assert.ThrowsAsync<IOException>(() => client.Images.GenerateToFilesAsync(Request, InDirectory, options));

        Assert.Equal("mine", error.Message);
        Assert.Equal(PurchaseFacts.Of(error)!.SavedPaths, Directory.GetFileSystemEntries(_directory)); // what a listener does is no reason to lose what was paid for
    }

    [Fact]
    public async Task Streams_that_must_not_block_are_ended_without_blocking()
    {
        await using var server = ScriptServer.Start(
            Reply.With(200, Answer(Picture(Samples.Png), """{"url":"/files/a.png"}""")), Reply.With(200, Samples.Png, "image/png"));
        using var client = Clients.For(server.BaseAddress);
        var streams = new List<UnblockedStream>();

        await client.Images.GenerateToFilesAsync(Request with { Count = 2 }, (_, _) =>
        {
            streams.Add(new UnblockedStream());
            return new(streams[^1]);
        });

        Assert.Equal([true, true], streams.Select(static stream => stream.IsEnded));
    }

    [Fact]
    public async Task A_stream_that_must_not_block_is_ended_without_blocking_when_its_picture_is_cut()
    {
        await using var server = ScriptServer.Start(Reply.Raw(Reply.Message(Encoding.UTF8.GetBytes("""{"data":[{"b64_json":"iVBORw0KGgoA"""), "Content-Length: 5000")));
        using var client = Clients.For(server.BaseAddress);
        var stream = new UnblockedStream();

        var error = await Assert.ThrowsAnyAsync<ImageApiException>(() => client.Images.GenerateToFilesAsync(Request, (_, _) => new(stream)));

        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
        Assert.True(stream.IsEnded);
    }

    [Fact]
    public async Task A_stream_that_cannot_be_ended_does_not_hide_what_became_of_the_purchase()
    {
        await using var server = ScriptServer.Start(Reply.Raw(Reply.Message(Encoding.UTF8.GetBytes("""{"data":[{"b64_json":"iVBORw0KGgoA"""), "Content-Length: 5000")));
        using var client = Clients.For(server.BaseAddress);

        await Assert.ThrowsAnyAsync<ImageApiException>(
            () => client.Images.GenerateToFilesAsync(Request, static (_, _) => new(new UnblockedStream { CanEnd = false })));
    }

    [Theory]
    [InlineData("""{"data":[{"b64_json":"iVBORw0KGgoA""", 1)]
    [InlineData("""{"data":[{"b64_json":"iV""", 2)]
    [InlineData("""{"data":[""", 2)]
    public async Task A_picture_that_the_caller_has_begun_to_take_is_not_sent_for_again(string sent, int requests)
    {
        await using var server = ScriptServer.Start(
            Reply.Raw(Reply.Message(Encoding.UTF8.GetBytes(sent), "Content-Length: 5000")), Reply.With(200, Answer(Picture(Samples.Png))));
        using var client = Clients.For(server.BaseAddress, static options => options.AmbiguousRetry = AmbiguousRetry.WhenServerHonoursIdempotencyKey);
        var asked = new List<int>();

        var error = await Record.ExceptionAsync(() => client.Images.GenerateToFilesAsync(Request, (incoming, _) =>
        {
            asked.Add(incoming.Index);
            return new(new KeepingStream());
        }));

        Assert.Equal([0], asked);
        Assert.Equal(requests, server.Requests.Count);
        Assert.Equal(requests == 1 ? RequestOutcome.Unknown : null, (error as ImageApiException)?.Outcome);
    }

    [Fact]
    public async Task Files_are_begun_anew_where_a_request_may_be_sent_again()
    {
        await using var server = ScriptServer.Start(
            Reply.Raw(Reply.Message(Encoding.UTF8.GetBytes("""{"data":[{"b64_json":"iVBORw0KGgoA"""), "Content-Length: 5000")), Reply.With(200, Answer(Picture(Samples.Png))));
        using var client = Clients.For(server.BaseAddress, static options => options.AmbiguousRetry = AmbiguousRetry.WhenServerHonoursIdempotencyKey);

        var saved = await client.Images.GenerateToFilesAsync(Request, InDirectory);

        Assert.Equal(Samples.Png, await File.ReadAllBytesAsync(Assert.Single(saved).Path));
        Assert.Single(Directory.GetFileSystemEntries(_directory));
    }

    [Fact]
    public async Task One_link_that_fails_does_not_keep_the_others_from_their_streams()
    {
        await using var server = ScriptServer.Start(
            Reply.With(200, Answer("""{"url":"/files/a.png"}""", """{"b64_json":"iVBOR!!!"}""", """{"url":"/files/b.png"}""")),
            Reply.With(404, "{}"),
            Reply.With(200, Samples.Png, "image/png"));
        using var client = Clients.For(server.BaseAddress);
        var streams = new List<KeepingStream>();

        var error = await Assert.ThrowsAsync<MediaDownloadException>(() => client.Images.GenerateToFilesAsync(Request with { Count = 3 }, (_, _) =>
        {
            streams.Add(new KeepingStream());
            return new(streams[^1]);
        }));

        Assert.Equal(System.Net.HttpStatusCode.NotFound, error.StatusCode);
        Assert.Equal(Samples.Png, streams[^1].Kept);
    }

    [Fact]
    public async Task The_stream_of_a_picture_that_is_cut_is_disposed()
    {
        await using var server = ScriptServer.Start(Reply.Raw(Reply.Message(Encoding.UTF8.GetBytes("""{"data":[{"b64_json":"iVBORw0KGgoA"""), "Content-Length: 5000")));
        using var client = Clients.For(server.BaseAddress);
        var stream = new KeepingStream();

        await Assert.ThrowsAnyAsync<ImageApiException>(() => client.Images.GenerateToFilesAsync(Request, (_, _) => new(stream)));

        Assert.NotNull(stream.Kept);
    }

    [Fact]
    public async Task Outputs_of_a_job_are_saved_together()
    {
        await using var server = ScriptServer.Start(Reply.With(200, Samples.Png, "image/png"));
        using var client = Clients.For(server.BaseAddress);
        GeneratedMedia[] media =
        [
            new() { Url = new Uri(server.BaseAddress, "a.png").AbsoluteUri },
            new() { Data = Samples.Png },
            new() { Url = new Uri(server.BaseAddress, "c.png").AbsoluteUri },
        ];

        var saved = await client.Media.SaveAllAsync(media, Path.Combine(_directory, "out-{index}.{ext}"));

        Assert.Equal(["out-1.png", "out-2.png", "out-3.png"], saved.Select(static item => Path.GetFileName(item.Path)));
        Assert.Equal(media, saved.Select(static item => item.Media));
    }

    [Fact]
    public async Task Nothing_to_save_is_nothing_saved()
    {
        using var client = Clients.For(new Uri("http://127.0.0.1:9/"));

        Assert.Empty(await client.Media.SaveAllAsync([], InDirectory));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65)]
    public void The_number_of_downloads_at_once_is_bounded(int value) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SaveOptions { MaxParallelDownloads = value });

    private static ScriptServer Answering(params string[] items) => ScriptServer.Start(Reply.With(200, Answer(items)));

    private static string Answer(params string[] items) => $$"""{"created":1710000000,"data":[{{string.Join(',', items)}}]}""";

    private static string Picture(byte[] bytes) => $$"""{"b64_json":"{{Convert.ToBase64String(bytes)}}"}""";

    private sealed class Immediately(Action<TransferProgress> report) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value) => report(value);
    }

    /// <summary>A stream like those over the body of a web server's answer: whoever blocks on it fails.</summary>
    private sealed class UnblockedStream : MemoryStream
    {
        public bool CanEnd { get; init; } = true;

        public bool IsEnded { get; private set; }

        public override ValueTask DisposeAsync()
        {
            IsEnded = CanEnd ? true : throw new IOException("The stream cannot be ended.");
            return base.DisposeAsync();
        }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(IsEnded ? disposing : throw new InvalidOperationException("Synchronous operations are disallowed."));
        }
    }

    /// <summary>A stream that still knows what it got when it has been disposed.</summary>
    private sealed class KeepingStream : MemoryStream
    {
        public byte[]? Kept { get; private set; }

        protected override void Dispose(bool disposing)
        {
            Kept ??= ToArray();
            base.Dispose(disposing);
        }
    }
}
