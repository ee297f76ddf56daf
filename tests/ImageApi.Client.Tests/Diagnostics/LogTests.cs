using Microsoft.Extensions.Logging;

namespace ImageApi.Client.Tests.Diagnostics;

/// <summary>Logs: one line at Information for a call, stable event ids, and scopes with the ids of job and request.</summary>
public sealed class LogTests
{
    private const string Echo = """{"error":{"message":"I cannot draw a red fox in the snow now","code":"overloaded"}}""";

    [Theory]
    [InlineData(Endpoint.Generate, 9)]
    [InlineData(Endpoint.Submit, 2)]
    [InlineData(Endpoint.Wait, 5)]
    [InlineData(Endpoint.Upload, 9)]
    public async Task A_call_that_succeeds_is_one_line_at_information(Endpoint endpoint, int id)
    {
        await using var server = ScriptServer.Start(Reply.Good(endpoint));
        using var logs = new LogEntries();
        using var client = For(server, logs);

        await client.CallAsync(endpoint, server.BaseAddress);

        Assert.Equal(id, Assert.Single(logs.At(LogLevel.Information)).Id.Id);
    }

    [Theory]
    [InlineData(Endpoint.Generate, 10)]
    [InlineData(Endpoint.Submit, 10)]
    [InlineData(Endpoint.Wait, 11)]
    [InlineData(Endpoint.Upload, 10)]
    public async Task A_call_that_fails_is_one_line_at_information(Endpoint endpoint, int id)
    {
        await using var server = ScriptServer.Start(Reply.With(400, Echo));
        using var logs = new LogEntries();
        using var client = For(server, logs);

        await Assert.ThrowsAnyAsync<ImageApiException>(() => client.CallAsync(endpoint, server.BaseAddress));

        Assert.Equal(id, Assert.Single(logs.At(LogLevel.Information)).Id.Id);
    }

    [Fact]
    public async Task A_question_about_a_job_is_a_detail()
    {
        await using var server = ScriptServer.Start(Reply.Good(Endpoint.Get));
        using var logs = new LogEntries();
        using var client = For(server, logs);

        await client.CallAsync(Endpoint.Get, server.BaseAddress);

        Assert.Equal(LogLevel.Debug, Assert.Single(logs.All).Level);
    }

    [Fact]
    public async Task A_download_is_a_detail_in_the_scope_of_its_job()
    {
        await using var server = ScriptServer.Start(Reply.With(503, Echo, "x-request-id: req_1"), Reply.Good(Endpoint.Download));
        using var logs = new LogEntries();
        using var client = For(server, logs);

        await client.Media.CopyToAsync(new GeneratedMedia { Url = server.BaseAddress + "a.png", JobId = "job_1" }, Stream.Null);

        Assert.Equal([LogLevel.Warning, LogLevel.Debug], logs.All.Select(static entry => entry.Level));
        Assert.All(logs.All, static entry => Assert.Equal(("media.copy", "job_1", "req_1"), (entry.Scope["Call"], entry.Scope["JobId"], entry.Scope["RequestId"])));
    }

    [Fact]
    public async Task An_upload_for_a_generation_leaves_the_line_to_it()
    {
        await using var server = ScriptServer.Start(Reply.Good(Endpoint.Upload), Reply.Good(Endpoint.Generate));
        using var logs = new LogEntries();
        using var client = For(server, logs, static options => options.References.UploadFrom = 1);

        await client.CallAsync(Endpoint.Generate, server.BaseAddress, bodyBytes: 1000);

        Assert.Equal(2, server.Requests.Count);
        Assert.Equal("images.generate", Assert.Single(logs.At(LogLevel.Information)).Scope["Call"]);
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Upload)]
    public async Task Lines_carry_the_id_of_the_request(Endpoint endpoint)
    {
        await using var server = ScriptServer.Start(
            Reply.With(503, Echo, "Retry-After: 0", "x-request-id: req_1"), Reply.With(200, Reply.GoodBody(endpoint), "application/json", "x-request-id: req_2"));
        using var logs = new LogEntries();
        using var client = For(server, logs);

        await client.CallAsync(endpoint, server.BaseAddress);

        Assert.Equal(["req_1", "req_2"], logs.All.Select(static entry => entry.Scope["RequestId"]));
    }

    [Fact]
    public async Task Lines_of_a_run_carry_the_ids_of_job_and_request()
    {
        await using var server = ScriptServer.Start(
            Reply.With(200, """{"id":"job_1","status":"queued"}""", "x-request-id: req_1"),
            Reply.With(200, """{"id":"job_1","status":"running"}""", "x-request-id: req_2"),
            Reply.With(503, Echo, "x-request-id: req_3"),
            Reply.With(200, """{"id":"job_1","status":"succeeded","output":{"images":[{"url":"https://example.com/a.png"}]}}""", "x-request-id: req_4"));
        using var logs = new LogEntries();
        using var client = For(server, logs);

        await client.Jobs.RunAsync(new JobRequest { Input = new ImageJobInput { Prompt = EndpointCalls.Prompt } }, EndpointCalls.QuickWait());

        Assert.All(logs.All, static entry => Assert.Equal("job_1", entry.Scope["JobId"]));
        Assert.Equal(
            ["2 req_1", "3 ", "3 req_2", "4 req_3", "5 req_4"],
            logs.All.Select(static entry => $"{entry.Id.Id} {entry.Scope.GetValueOrDefault("RequestId")}"));
    }

    [Fact]
    public async Task A_failure_tells_the_id_of_its_request()
    {
        await using var server = ScriptServer.Start(Reply.With(500, Echo, "x-request-id: req_1"));
        using var logs = new LogEntries();
        using var client = For(server, logs);

        await Assert.ThrowsAsync<ImageApiErrorException>(() => client.CallAsync(Endpoint.Generate, server.BaseAddress));

        var line = Assert.Single(logs.All);
        Assert.Equal("req_1", line.Scope["RequestId"]);
        Assert.Contains("ImageApiErrorException, outcome Unknown", line.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Wait)]
    [InlineData(Endpoint.Upload)]
    public async Task A_server_that_repeats_the_prompt_is_not_quoted(Endpoint endpoint)
    {
        await using var server = ScriptServer.Start(Reply.With(503, Echo, "Retry-After: 0"), Reply.With(503, Echo, "Retry-After: 0"), Reply.With(400, Echo));
        using var logs = new LogEntries();
        using var client = For(server, logs);

        var error = await Assert.ThrowsAsync<ImageApiErrorException>(() => client.CallAsync(endpoint, server.BaseAddress));

        Assert.Contains(EndpointCalls.Prompt, error.Message, StringComparison.Ordinal);
        Assert.Equal(3, logs.All.Count);
        Assert.All(logs.All, static entry => Assert.DoesNotContain("fox", entry.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_logger_whose_scopes_throw_does_not_lose_a_job()
    {
        await using var server = ScriptServer.Start(Reply.Good(Endpoint.Submit));
        using var factory = new BrokenScopes();
        using var client = new ImageApiClient(Clients.Options(server.BaseAddress), factory);

        var job = await client.Jobs.SubmitAsync(new JobRequest { Input = new ImageJobInput { Prompt = "fox" } });

        Assert.Equal((EndpointCalls.JobId, 1), (job.Id, factory.Begun));
    }

    [Fact]
    public void Event_ids_are_unique_and_stay()
    {
        var ids = typeof(ImageApiClient).Assembly.GetType("ImageApi.Client.Diagnostics.Log")!
            .GetMethods(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Static)
            .Select(static method => $"{System.Reflection.CustomAttributeExtensions.GetCustomAttribute<LoggerMessageAttribute>(method)!.EventId} {method.Name}");

        Assert.Equal(
            [
                "1 Retrying", "2 JobAccepted", "3 JobPolled", "4 JobPollFailed", "5 JobEnded", "6 UploadWithoutLink", "7 SettingsChanged", "8 SettingsRefused",
                "9 CallSucceeded", "10 CallFailed", "11 JobWaitFailed",
            ],
            ids);
    }

    private static ImageApiClient For(ScriptServer server, LogEntries logs, Action<ImageApiClientOptions>? configure = null)
    {
        var options = Clients.Options(server.BaseAddress);
        configure?.Invoke(options);
        return new ImageApiClient(options, logs.Factory);
    }

    private sealed class BrokenScopes : ILoggerFactory, ILogger
    {
        public int Begun { get; private set; }

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Begun++;
            throw new InvalidOperationException("a logger's own trouble");
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
        }

        public void Dispose()
        {
        }
    }
}
