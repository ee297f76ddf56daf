using System.Text;
using ImageApi.Emulator;

namespace ImageApi.Client.Tests.Images;

/// <summary>What a disk, a stream or a listener refuses costs no picture that could be kept, and the error says what was bought.</summary>
public sealed class DiskTroubleTests : IDisposable
{
    private const int LongestName = 255;
    private static readonly ImageRequest Request = new() { Prompt = "a fox", ResponseFormat = ImageResponseFormat.Base64 };
    private readonly string _directory = Directory.CreateTempSubdirectory("imageapi-").FullName;

    /// <summary>A name that is as long as names may be for one digit, and too long for two.</summary>
    private static string LongPattern => "{index}-" + new string('f', LongestName - "1-.png".Length) + ".{ext}";

    private string InDirectory => _directory + Path.DirectorySeparatorChar;

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    [Fact]
    public async Task A_name_that_no_disk_takes_is_told_before_anything_is_bought()
    {
        await using var emulator = await ImageApiEmulator.StartAsync();
        using var client = Clients.For(emulator);

        var error = await Assert.ThrowsAnyAsync<IOException>(() => client.Images.GenerateToFilesAsync(Request, Path.Combine(_directory, new string('f', LongestName + 1) + ".{ext}")));

        Assert.Equal(RequestOutcome.NotSent, PurchaseFacts.Of(error)?.Outcome);
        Assert.Empty(emulator.Ledger.Charges);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_picture_whose_name_the_disk_refuses_gets_another_one(bool whole)
    {
        var answer = Answer([.. Enumerable.Range(0, 12).Select(static i => Picture(Samples.PngOf(1000, (byte)i)))]);
        await using var server = ScriptServer.Start(whole ? Reply.With(200, answer) : Reply.Raw(Reply.Message(Encoding.UTF8.GetBytes(answer), "Content-Length: 900000")));
        using var client = Clients.For(server.BaseAddress);
        IReadOnlyList<string> paths = [];

        var error = await Record.ExceptionAsync(
            async () => paths = [.. (await client.Images.GenerateToFilesAsync(Request, Path.Combine(_directory, LongPattern))).Select(static item => item.Path)]);

        paths = error is null ? paths : Assert.IsAssignableFrom<ImageApiException>(error).SavedPaths;
        Assert.Equal(whole, error is null);
        Assert.Equal(Enumerable.Range(0, 12).Select(static i => Samples.PngOf(1000, (byte)i)), paths.Select(File.ReadAllBytes));
        Assert.Equal(12, Directory.GetFileSystemEntries(_directory).Length);
        Assert.StartsWith("10-fff", Path.GetFileName(paths[9]), StringComparison.Ordinal);
        Assert.EndsWith(".png", paths[9], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_that_leads_nowhere_in_the_place_of_a_file_costs_no_picture()
    {
        var path = Path.Combine(_directory, "fox.png");
        await using var server = ScriptServer.Start(async connection =>
        {
            File.CreateSymbolicLink(path, Path.Combine(_directory, "nowhere"));
            await Reply.With(200, Answer(Picture(Samples.Png)))(connection);
        });
        using var client = Clients.For(server.BaseAddress);

        var saved = Assert.Single(await client.Images.GenerateToFilesAsync(Request, path));

        Assert.NotEqual(path, saved.Path);
        Assert.Equal(Samples.Png, await File.ReadAllBytesAsync(saved.Path));
        Assert.Equal(2, Directory.GetFileSystemEntries(_directory).Length);
    }

    [MountTheory]
    [InlineData("fox.png")]
    [InlineData("")]
    public async Task A_picture_that_gets_no_name_at_all_stays_under_that_of_an_unfinished_file(string name)
    {
        Assert.True(MountTheoryAttribute.TryMount(_directory, "64k"));
        try
        {
            var body = Encoding.UTF8.GetBytes(Answer(Picture(Samples.Png)));
            await using var server = ScriptServer.Start(async connection =>
            {
                await connection.ReadRequestAsync();
                await connection.SendAsync(Reply.Head(200, $"Content-Length: {body.Length}", "x-request-id: req_1"));
                await connection.SendAsync(body.AsMemory(0, body.Length - 2));
                while (!Directory.GetFiles(_directory).Any(static path => new FileInfo(path).Length == Samples.Png.Length) || !MountTheoryAttribute.TryMakeReadOnly(_directory))
                {
                    await Task.Delay(10, connection.Stopped);
                }

                await connection.SendAsync(body.AsMemory(body.Length - 2));
            });
            using var client = Clients.For(server.BaseAddress);

            var error = await Assert.ThrowsAnyAsync<IOException>(
                () => client.Images.GenerateToFilesAsync(Request, InDirectory + name, null, new CallOptions { IdempotencyKey = "order-17" }).WaitAsync(Watchdog.Limit));

            var facts = PurchaseFacts.Of(error)!;
            var kept = Assert.Single(facts.SavedPaths);
            Assert.Equal((RequestOutcome.Accepted, "req_1", "order-17"), (facts.Outcome, facts.RequestId, facts.IdempotencyKey));
            Assert.StartsWith(".partial-", Path.GetFileName(kept), StringComparison.Ordinal);
            Assert.Equal(Samples.Png, await File.ReadAllBytesAsync(kept));
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
    public async Task What_a_full_disk_has_no_room_for_costs_no_other_picture(bool linkWorks)
    {
        Assert.True(MountTheoryAttribute.TryMount(_directory, "64k"));
        try
        {
            await using var server = ScriptServer.Start(
                Reply.With(200, Answer(Picture(Samples.PngOf(1024 * 1024)), Picture(Samples.Png), """{"url":"/files/a.png?signature=1"}"""), "x-request-id: req_1"),
                linkWorks ? Reply.With(200, Samples.Png, "image/png") : Reply.With(404, "{}"));
            using var client = Clients.For(server.BaseAddress);

            var error = await Assert.ThrowsAsync<IOException>(() => client.Images.GenerateToFilesAsync(Request with { Count = 3 }, InDirectory));

            var facts = PurchaseFacts.Of(error)!;
            Assert.Equal(linkWorks ? ["image.png", "a.png"] : ["image.png"], facts.SavedPaths.Select(Path.GetFileName));
            Assert.Equal(linkWorks ? 0 : 1, facts.UnsavedLinks.Count);
            Assert.All(facts.SavedPaths, static path => Assert.Equal(Samples.Png, File.ReadAllBytes(path)));
            Assert.Equal(facts.SavedPaths.Order(), Directory.GetFileSystemEntries(_directory).Order());
            Assert.Equal(("images.generate", RequestOutcome.Accepted, "req_1"), (facts.Operation, facts.Outcome, facts.RequestId));
            Assert.Equal(server.Requests[0].Header("Idempotency-Key"), facts.IdempotencyKey);
            Assert.DoesNotContain("signature", facts.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            MountTheoryAttribute.Unmount(_directory);
        }
    }

    [MountTheory]
    [InlineData("64k")]
    public async Task Bytes_that_the_disk_had_no_room_for_are_fetched_from_the_link_beside_them(string size)
    {
        Assert.True(MountTheoryAttribute.TryMount(_directory, size));
        try
        {
            await using var server = ScriptServer.Start(
                Reply.With(200, Answer($$"""{"url":"/files/a.png","b64_json":"{{Convert.ToBase64String(Samples.PngOf(1024 * 1024))}}"}""")), Reply.With(200, Samples.Png, "image/png"));
            using var client = Clients.For(server.BaseAddress);

            var saved = Assert.Single(await client.Images.GenerateToFilesAsync(Request, InDirectory));

            Assert.Equal(Samples.Png, await File.ReadAllBytesAsync(saved.Path));
        }
        finally
        {
            MountTheoryAttribute.Unmount(_directory);
        }
    }

    [Fact]
    public async Task A_directory_that_is_cleared_away_while_the_server_works_is_made_again()
    {
        await using var server = ScriptServer.Start(async connection =>
        {
            await connection.ReadRequestAsync();
            Directory.Delete(_directory, recursive: true);
            var body = Encoding.UTF8.GetBytes(Answer(Picture(Samples.Png), Picture(Samples.Png)));
            await connection.SendAsync(Reply.Head(200, $"Content-Length: {body.Length}"));
            await connection.SendAsync(body);
        });
        using var client = Clients.For(server.BaseAddress);

        var saved = await client.Images.GenerateToFilesAsync(Request, InDirectory);

        Assert.Equal(2, saved.Count);
        Assert.All(saved, static item => Assert.Equal(Samples.Png, File.ReadAllBytes(item.Path)));
    }

    [Fact]
    public async Task A_listener_that_fails_costs_no_picture()
    {
        await using var server = ScriptServer.Start(
            Reply.With(200, Answer(Picture(Samples.PngOf(300_000)), Picture(Samples.Png), """{"url":"/files/a.png"}""")),
            Reply.With(200, Samples.PngOf(400_000), "image/png"));
        using var client = Clients.For(server.BaseAddress);

        var error = await Assert.ThrowsAsync<InvalidTimeZoneException>(
            () => client.Images.GenerateToFilesAsync(Request, InDirectory, new SaveOptions { Progress = new Failing() }));

        var facts = PurchaseFacts.Of(error)!;
        Assert.Equal(RequestOutcome.Accepted, facts.Outcome);
        Assert.Equal([Samples.PngOf(300_000), Samples.Png, Samples.PngOf(400_000)], facts.SavedPaths.Select(File.ReadAllBytes));
    }

    [Fact]
    public async Task A_stream_that_fails_costs_the_others_nothing()
    {
        await using var server = ScriptServer.Start(
            Reply.With(200, Answer(Picture(Samples.Png), Picture(Samples.PngOf(300_000)), """{"url":"/files/a.png"}""", """{"url":"/files/b.png"}"""), "x-request-id: req_1"),
            Reply.With(200, Samples.Png, "image/png"));
        using var client = Clients.For(server.BaseAddress);
        var streams = new List<MemoryStream>();

        var error = await Assert.ThrowsAsync<InvalidTimeZoneException>(() => client.Images.GenerateToFilesAsync(Request, (incoming, _) =>
        {
            if (incoming.Index is 0 or 2)
            {
                throw new InvalidTimeZoneException("mine");
            }

            streams.Add(new MemoryStream());
            return new(streams[^1]);
        }));

        var facts = PurchaseFacts.Of(error)!;
        Assert.Equal([Samples.PngOf(300_000), Samples.Png], streams.Select(static stream => stream.ToArray()));
        Assert.EndsWith("/files/a.png", Assert.Single(facts.UnsavedLinks), StringComparison.Ordinal);
        Assert.Equal(("images.generate", RequestOutcome.Accepted, "req_1"), (facts.Operation, facts.Outcome, facts.RequestId));
        Assert.Equal(server.Requests[0].Header("Idempotency-Key"), facts.IdempotencyKey);
    }

    [Fact]
    public async Task A_listener_that_fails_takes_no_picture_from_a_stream()
    {
        await using var server = ScriptServer.Start(Reply.With(200, Answer(Picture(Samples.PngOf(300_000)), Picture(Samples.Png))));
        using var client = Clients.For(server.BaseAddress);
        var streams = new List<MemoryStream>();

        var error = await Assert.ThrowsAsync<InvalidTimeZoneException>(() => client.Images.GenerateToFilesAsync(
            Request,
            (_, _) =>
            {
                streams.Add(new MemoryStream());
                return new(streams[^1]);
            },
            new TransferOptions { Progress = new Failing() }));

        Assert.Equal([Samples.PngOf(300_000), Samples.Png], streams.Select(static stream => stream.ToArray()));
        Assert.Equal(RequestOutcome.Accepted, PurchaseFacts.Of(error)?.Outcome);
    }

    private static string Answer(params string[] items) => $$"""{"created":1710000000,"data":[{{string.Join(',', items)}}]}""";

    private static string Picture(byte[] bytes) => $$"""{"b64_json":"{{Convert.ToBase64String(bytes)}}"}""";

    private sealed class Failing : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value) => throw new InvalidTimeZoneException("mine");
    }
}
