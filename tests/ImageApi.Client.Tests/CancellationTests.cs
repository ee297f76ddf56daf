using ImageApi.Emulator;
using static ImageApi.Client.Tests.Support.RawServer;

namespace ImageApi.Client.Tests;

/// <summary>C1, C2 and C4 of the fault matrix: the caller cancels, in every phase, over real sockets.</summary>
public sealed class CancellationTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("imageapi-").FullName;
    private readonly CancellationTokenSource _source = new();
    private readonly TaskCompletionSource _phaseReached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static TheoryData<string> Calls => ["generate", "generate file", "submit", "get", "wait", "watch", "run", "upload", "save", "save inline", "copy", "copy inline", "open", "open inline"];

    public void Dispose()
    {
        _source.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task C1_Canceled_token_sends_no_request(string call)
    {
        await using var server = RespondingWith(CreateResponse("{}"));
        using var client = TestClients.Create(server.Address);
        var path = Path.Combine(_directory, "photo.png");
        await File.WriteAllBytesAsync(path, SampleFiles.Png);
        var remote = new GeneratedMedia { Url = new Uri(server.Address, "/a.png").AbsoluteUri };
        var inline = new GeneratedMedia { Data = SampleFiles.Png };
        await _source.CancelAsync();
        var token = _source.Token;

        var error = await Assert.ThrowsAsync<ImageApiCanceledException>(() => call switch
        {
            "generate" => client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" }, null, token),
            "generate file" => client.Images.GenerateAsync(new ImageRequest { Prompt = "fox", ReferenceImages = [ReferenceImage.FromFile(path)] }, null, token),
            "submit" => client.Jobs.SubmitAsync(SampleRequests.Image("fox"), null, token),
            "get" => client.Jobs.GetAsync("job_1", null, token),
            "wait" => client.Jobs.WaitAsync("job_1", null, token),
            "watch" => client.Jobs.WatchAsync("job_1", null, token).GetAsyncEnumerator(token).MoveNextAsync().AsTask(),
            "run" => client.Jobs.RunAsync(SampleRequests.Image("fox"), null, token),
            "upload" => client.Files.UploadAsync(FileUpload.FromFile(path), null, token),
            "save" => client.Media.SaveAsync(remote, _directory, null, token),
            "save inline" => client.Media.SaveAsync(inline, _directory, null, token),
            "copy" => client.Media.CopyToAsync(remote, Stream.Null, null, token),
            "copy inline" => client.Media.CopyToAsync(inline, Stream.Null, null, token),
            "open" => client.Media.OpenReadAsync(remote, null, token),
            _ => client.Media.OpenReadAsync(inline, null, token),
        });

        Assert.Equal(token, error.CancellationToken);
        Assert.NotNull(error.Info.Operation);
        Assert.Equal(call is "generate" or "generate file" or "submit" or "run" or "upload" ? RequestOutcome.NotSent : RequestOutcome.Accepted, error.Outcome);
        Assert.Equal(0, server.Connections);
        Assert.Equal(["photo.png"], Directory.GetFiles(_directory).Select(Path.GetFileName));
    }

    [Fact]
    public async Task C2_Cancel_while_connecting_reports_NotSent()
    {
        // TLS begins and is never answered
        await using var server = Start(connection => SignalAndHoldAsync(connection));
        using var client = TestClients.Create(new Uri($"https://127.0.0.1:{server.Address.Port}"));

        var error = await CanceledAsync(client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" }, null, _source.Token));

        Assert.Equal(RequestOutcome.NotSent, error.Outcome);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task C2_Cancel_during_upload_leaves_the_stream_open()
    {
        await using var server = Start(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray());
            await connection.SkipAsync(300_000);
            _phaseReached.SetResult();
            await Task.Delay(Timeout.Infinite, connection.ServerStopped);
        });
        using var client = TestClients.Create(server.Address);
        using var stream = new WrongLengthStream(1L << 40, 0);

        var error = await CanceledAsync(client.Files.UploadAsync(FileUpload.FromStream(stream, "large.bin"), null, _source.Token));

        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
        Assert.True(stream.CanRead);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task C2_Cancel_while_waiting_for_response_reports_Unknown()
    {
        await using var server = Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await SignalAndHoldAsync(connection);
        });
        using var client = TestClients.Create(server.Address);

        var error = await CanceledAsync(client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" }, new RequestOptions { IdempotencyKey = "mine" }, _source.Token));

        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
        Assert.Equal("mine", error.Info.IdempotencyKey);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task C2_Cancel_during_response_body_reports_Unknown()
    {
        await using var server = Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(CreateResponse("""{"id":"job_"""u8.ToArray(), contentLength: 1000));
            await SignalAndHoldAsync(connection);
        });
        using var client = TestClients.Create(server.Address);

        var error = await CanceledAsync(client.Jobs.SubmitAsync(SampleRequests.Image("fox"), null, _source.Token));

        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
        Assert.Null(error.JobId);
        Assert.Equal(1, server.Connections);
    }

    [Theory]
    [InlineData(502)]
    [InlineData(408)]
    public async Task C2_Cancel_during_error_body_reports_Unknown(int status)
    {
        await using var server = Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(CreateResponse("{"u8.ToArray(), status: status, contentLength: 1000));
            await SignalAndHoldAsync(connection);
        });
        using var client = TestClients.Create(server.Address);

        var error = await CanceledAsync(client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" }, null, _source.Token));

        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
        Assert.Equal(1, server.Connections);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Retry-After: 50\r\n")]
    public async Task C2_Cancel_between_attempts_stops_retries(string headers)
    {
        await using var server = Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(CreateResponse("{}"u8.ToArray(), status: 429, headers: headers));
            _phaseReached.TrySetResult();
        });
        using var client = TestClients.Create(server.Address, static options =>
        {
            options.Retry.MaxDelay = TimeSpan.FromMinutes(9);
            options.Retry.BaseDelay = TimeSpan.FromMinutes(9);
        });

        var error = await CanceledAsync(client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" }, null, _source.Token));

        Assert.NotEqual(RequestOutcome.Accepted, error.Outcome);
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task C2_Cancel_between_polls_reports_the_job_id()
    {
        await using var emulator = await ImageApiEmulator.StartAsync(new EmulatorOptions { JobDuration = TimeSpan.FromHours(1) });
        using var client = TestClients.Create(emulator);
        string? id = null;
        var waitOptions = new JobWaitOptions
        {
            FirstInterval = TimeSpan.FromMilliseconds(1),
            IntervalFactor = 100,
            MaxInterval = TimeSpan.FromHours(1),
            Progress = new CallbackProgress(() =>
            {
                if (emulator.Ledger.RequestsTo(EmulatorEndpoint.JobPoll) == 3)
                {
                    _phaseReached.TrySetResult();
                }
            }),
        };

        var runOptions = new JobRunOptions
        {
            OnSubmitted = (job, _) =>
            {
                id = job.Id;
                return default;
            },
            Wait = waitOptions,
        };

        var error = await CanceledAsync(client.Jobs.RunAsync(SampleRequests.Image("fox"), runOptions, _source.Token));

        Assert.NotNull(id);
        Assert.Equal(id, error.JobId);
        Assert.Equal(RequestOutcome.Accepted, error.Outcome);
        Assert.InRange(emulator.Ledger.RequestsTo(EmulatorEndpoint.JobPoll), 3, 4);
        Assert.Equal(1, emulator.Ledger.ChargesFor("fox"));
    }

    [Fact]
    public async Task C2_Cancel_during_a_poll_reports_the_job_id()
    {
        await using var server = Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await SignalAndHoldAsync(connection);
        });
        using var client = TestClients.Create(server.Address);

        var error = await CanceledAsync(client.Jobs.WaitAsync("job_1", null, _source.Token));

        Assert.Equal("job_1", error.JobId);
        Assert.Equal(RequestOutcome.Accepted, error.Outcome);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task C2_Cancel_during_download_leaves_no_file(bool save)
    {
        await using var server = Start(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(CreateResponse(SampleFiles.Png, "image/png", contentLength: 1_000_000));
            await SignalAndHoldAsync(connection);
        });
        using var client = TestClients.Create(server.Address);
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
    public async Task C4_Cancel_racing_with_success_never_reports_a_billed_request_as_safe()
    {
        await using var emulator = await ImageApiEmulator.StartAsync(new EmulatorOptions { DrawTinyImages = true });
        using var client = TestClients.Create(emulator);
        var reportedSafe = new List<string>();
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
                    reportedSafe.Add(prompt);
                }
            }
        }

        await emulator.DisposeAsync();
        Assert.All(reportedSafe, prompt => Assert.Equal(0, emulator.Ledger.ChargesFor(prompt)));
    }

    /// <summary>Tells the test that the phase is reached, and waits until the client leaves.</summary>
    private async Task SignalAndHoldAsync(RawConnection connection)
    {
        _phaseReached.TrySetResult();
        await connection.WaitForCloseAsync();
    }

    private async Task<ImageApiCanceledException> CanceledAsync(Task call)
    {
        await _phaseReached.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await _source.CancelAsync();
        var error = await Assert.ThrowsAsync<ImageApiCanceledException>(() => call.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal(_source.Token, error.CancellationToken);
        return error;
    }

    private sealed class CallbackProgress(Action onReport) : IProgress<Job>
    {
        public void Report(Job value) => onReport();
    }
}
