using ImageApi.Emulator;
using static ImageApi.Client.Tests.Support.RawServer;

namespace ImageApi.Client.Tests;

/// <summary>C1, C2 and C4 of the fault matrix: the caller cancels, in every phase, over real sockets.</summary>
public sealed class CancellationTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("imageapi-").FullName;
    private readonly CancellationTokenSource _source = new();
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static TheoryData<string> Calls => ["generate", "generate file", "submit", "get", "wait", "watch", "run", "upload", "save", "save inline", "copy", "copy inline", "open", "open inline"];

    public void Dispose()
    {
        _source.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task C1_a_cancelled_token_sends_nothing(string call)
    {
        await using var server = Answering(Answer("{}"));
        using var client = Clients.For(server.Address);
        var path = Path.Combine(_directory, "photo.png");
        await File.WriteAllBytesAsync(path, Samples.Png);
        var linked = new GeneratedMedia { Url = new Uri(server.Address, "/a.png").AbsoluteUri };
        var inline = new GeneratedMedia { Data = Samples.Png };
        await _source.CancelAsync();
        var token = _source.Token;

        var error = await Assert.ThrowsAsync<ImageApiCanceledException>(() => call switch
        {
            "generate" => client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" }, null, token),
            "generate file" => client.Images.GenerateAsync(new ImageRequest { Prompt = "fox", ReferenceImages = [ReferenceImage.FromFile(path)] }, null, token),
            "submit" => client.Jobs.SubmitAsync(Requests.Image("fox"), null, token),
            "get" => client.Jobs.GetAsync("job_1", null, token),
            "wait" => client.Jobs.WaitAsync("job_1", null, token),
            "watch" => client.Jobs.WatchAsync("job_1", null, token).GetAsyncEnumerator(token).MoveNextAsync().AsTask(),
            "run" => client.Jobs.RunAsync(Requests.Image("fox"), null, token),
            "upload" => client.Files.UploadAsync(FileUpload.FromPath(path), null, token),
            "save" => client.Media.SaveAsync(linked, _directory, null, token),
            "save inline" => client.Media.SaveAsync(inline, _directory, null, token),
            "copy" => client.Media.CopyToAsync(linked, Stream.Null, null, token),
            "copy inline" => client.Media.CopyToAsync(inline, Stream.Null, null, token),
            "open" => client.Media.OpenReadAsync(linked, null, token),
            _ => client.Media.OpenReadAsync(inline, null, token),
        });

        Assert.Equal(token, error.CancellationToken);
        Assert.NotNull(error.Operation);
        Assert.Equal(call is "generate" or "generate file" or "submit" or "run" or "upload" ? RequestOutcome.NotSent : RequestOutcome.Accepted, error.Outcome);
        Assert.Equal(0, server.Connections);
        Assert.Equal(["photo.png"], Directory.GetFiles(_directory).Select(Path.GetFileName));
    }

    [Fact]
    public async Task C2_while_connecting_nothing_was_sent()
    {
        // TLS begins and is never answered
        await using var server = Start(connection => HoldAsync(connection));
        using var client = Clients.For(new Uri($"https://127.0.0.1:{server.Address.Port}"));

        var error = await CanceledAsync(client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" }, null, _source.Token));

        Assert.Equal(RequestOutcome.NotSent, error.Outcome);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task C2_while_uploading_the_stream_stays_open()
    {
        await using var server = Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray());
            await connection.SkipAsync(300_000);
            _reached.SetResult();
            await Task.Delay(Timeout.Infinite, connection.Stop);
        });
        using var client = Clients.For(server.Address);
        using var stream = new LyingStream(1L << 40, 0);

        var error = await CanceledAsync(client.Files.UploadAsync(FileUpload.FromStream(stream, "large.bin"), null, _source.Token));

        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
        Assert.True(stream.CanRead);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task C2_while_waiting_for_the_answer_it_is_not_known_what_was_bought()
    {
        await using var server = Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await HoldAsync(connection);
        });
        using var client = Clients.For(server.Address);

        var error = await CanceledAsync(client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" }, new CallOptions { IdempotencyKey = "mine" }, _source.Token));

        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
        Assert.Equal("mine", error.IdempotencyKey);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task C2_in_the_middle_of_the_answer_it_is_not_known_what_was_bought()
    {
        await using var server = Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(Answer("""{"id":"job_"""u8.ToArray(), length: 1000));
            await HoldAsync(connection);
        });
        using var client = Clients.For(server.Address);

        var error = await CanceledAsync(client.Jobs.SubmitAsync(Requests.Image("fox"), null, _source.Token));

        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
        Assert.Null(error.JobId);
        Assert.Equal(1, server.Connections);
    }

    [Theory]
    [InlineData(502)]
    [InlineData(408)]
    public async Task C2_in_the_middle_of_an_error_it_is_not_known_what_was_bought(int status)
    {
        await using var server = Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(Answer("{"u8.ToArray(), status: status, length: 1000));
            await HoldAsync(connection);
        });
        using var client = Clients.For(server.Address);

        var error = await CanceledAsync(client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" }, null, _source.Token));

        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
        Assert.Equal(1, server.Connections);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Retry-After: 50\r\n")]
    public async Task C2_between_attempts_no_further_one_is_made(string headers)
    {
        await using var server = Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(Answer("{}"u8.ToArray(), status: 429, headers: headers));
            _reached.TrySetResult();
        });
        using var client = Clients.For(server.Address, static options =>
        {
            options.Retry.MaxDelay = TimeSpan.FromMinutes(9);
            options.Retry.BaseDelay = TimeSpan.FromMinutes(9);
        });

        var error = await CanceledAsync(client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" }, null, _source.Token));

        Assert.NotEqual(RequestOutcome.Accepted, error.Outcome);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task C2_between_polls_the_id_is_known()
    {
        await using var emulator = await ImageApiEmulator.StartAsync(new EmulatorOptions { JobDuration = TimeSpan.FromHours(1) });
        using var client = Clients.For(emulator);
        string? id = null;
        var wait = new JobWaitOptions
        {
            FirstInterval = TimeSpan.FromMilliseconds(1),
            IntervalFactor = 100,
            MaxInterval = TimeSpan.FromHours(1),
            OnSubmitted = (job, _) =>
            {
                id = job.Id;
                return default;
            },
            Progress = new Told(() =>
            {
                if (emulator.Ledger.RequestsTo(EmulatorEndpoint.JobQuery) == 3)
                {
                    _reached.TrySetResult();
                }
            }),
        };

        var error = await CanceledAsync(client.Jobs.RunAsync(Requests.Image("fox"), wait, _source.Token));

        Assert.NotNull(id);
        Assert.Equal(id, error.JobId);
        Assert.Equal(RequestOutcome.Accepted, error.Outcome);
        Assert.InRange(emulator.Ledger.RequestsTo(EmulatorEndpoint.JobQuery), 3, 4);
        Assert.Equal(1, emulator.Ledger.ChargesFor("fox"));
    }

    [Fact]
    public async Task C2_during_a_poll_the_id_is_known()
    {
        await using var server = Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await HoldAsync(connection);
        });
        using var client = Clients.For(server.Address);

        var error = await CanceledAsync(client.Jobs.WaitAsync("job_1", null, _source.Token));

        Assert.Equal("job_1", error.JobId);
        Assert.Equal(RequestOutcome.Accepted, error.Outcome);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task C2_during_a_download_nothing_stays_on_the_disk(bool save)
    {
        await using var server = Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(Answer(Samples.Png, "image/png", length: 1_000_000));
            await HoldAsync(connection);
        });
        using var client = Clients.For(server.Address);
        var media = new GeneratedMedia { Url = new Uri(server.Address, "/a.png").AbsoluteUri, JobId = "job_1" };

        var error = await CanceledAsync(save
            ? client.Media.SaveAsync(media, _directory, null, _source.Token)
            : client.Media.CopyToAsync(media, Stream.Null, null, _source.Token));

        Assert.Equal("job_1", error.JobId);
        Assert.Equal(RequestOutcome.Accepted, error.Outcome);
        Assert.Empty(Directory.GetFileSystemEntries(_directory));
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task C4_a_cancellation_that_races_with_success_gives_one_or_the_other_and_never_false_safety()
    {
        await using var emulator = await ImageApiEmulator.StartAsync(new EmulatorOptions { DrawTinyPictures = true });
        using var client = Clients.For(emulator);
        var unsent = new List<string>();
        for (var i = 0; i < 200; i++)
        {
            var prompt = $"fox {i:d3}";
            using var source = new CancellationTokenSource(TimeSpan.FromMicroseconds(i * 20));
            try
            {
                Assert.NotEmpty((await client.Images.GenerateAsync(new ImageRequest { Prompt = prompt }, null, source.Token)).Images);
            }
            catch (ImageApiCanceledException e)
            {
                Assert.Equal(source.Token, e.CancellationToken);
                if (e.Outcome != RequestOutcome.Unknown)
                {
                    unsent.Add(prompt);
                }
            }
        }

        await emulator.DisposeAsync();
        Assert.All(unsent, prompt => Assert.Equal(0, emulator.Ledger.ChargesFor(prompt)));
    }

    /// <summary>Tells the test that the phase is reached, and waits until the client leaves.</summary>
    private async Task HoldAsync(RawConnection connection)
    {
        _reached.TrySetResult();
        await connection.UntilClosedAsync();
    }

    private async Task<ImageApiCanceledException> CanceledAsync(Task call)
    {
        await _reached.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await _source.CancelAsync();
        var error = await Assert.ThrowsAsync<ImageApiCanceledException>(() => call.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(_source.Token, error.CancellationToken);
        return error;
    }

    private sealed class Told(Action tell) : IProgress<Job>
    {
        public void Report(Job value) => tell();
    }
}
