using Microsoft.Extensions.Logging;

namespace ImageApi.Client.Tests.Diagnostics;

/// <summary>Logs: one line at Information for a call, stable event ids, and scopes with the ids of job and request.</summary>
public sealed class LogTests
{
    private const string ErrorBodyWithPrompt = """{"error":{"message":"I cannot draw a red fox in the snow now","code":"overloaded"}}""";

    [Theory]
    [InlineData(Endpoint.Generate, 9)]
    [InlineData(Endpoint.Submit, 2)]
    [InlineData(Endpoint.Wait, 5)]
    [InlineData(Endpoint.Upload, 9)]
    public async Task Successful_call_logs_one_line_at_Information(Endpoint endpoint, int id)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(endpoint));
        using var logs = new LogEntryCollector();
        using var client = CreateClient(server, logs);

        await client.CallAsync(endpoint, server.BaseAddress);

        Assert.Equal(id, Assert.Single(logs.AtLevel(LogLevel.Information)).Id.Id);
    }

    [Theory]
    [InlineData(Endpoint.Generate, 10)]
    [InlineData(Endpoint.Submit, 10)]
    [InlineData(Endpoint.Wait, 11)]
    [InlineData(Endpoint.Upload, 10)]
    public async Task Failed_call_logs_one_line_at_Information(Endpoint endpoint, int id)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(400, ErrorBodyWithPrompt));
        using var logs = new LogEntryCollector();
        using var client = CreateClient(server, logs);

        await Assert.ThrowsAnyAsync<ImageApiException>(() => client.CallAsync(endpoint, server.BaseAddress));

        Assert.Equal(id, Assert.Single(logs.AtLevel(LogLevel.Information)).Id.Id);
    }

    [Fact]
    public async Task Job_status_query_is_logged_at_Debug()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Get));
        using var logs = new LogEntryCollector();
        using var client = CreateClient(server, logs);

        await client.CallAsync(Endpoint.Get, server.BaseAddress);

        Assert.Equal(LogLevel.Debug, Assert.Single(logs.All).Level);
    }

    [Fact]
    public async Task Download_is_logged_at_Debug_in_the_job_scope()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(503, ErrorBodyWithPrompt, "x-request-id: req_1"), ScriptedResponse.Success(Endpoint.Download));
        using var logs = new LogEntryCollector();
        using var client = CreateClient(server, logs);

        await client.Media.CopyToAsync(new GeneratedMedia { Url = server.BaseAddress + "a.png", JobId = "job_1" }, Stream.Null);

        Assert.Equal([LogLevel.Warning, LogLevel.Debug], logs.All.Select(static entry => entry.Level));
        Assert.All(logs.All, static entry => Assert.Equal(("media.copy", "job_1", "req_1"), (entry.Scope["Call"], entry.Scope["JobId"], entry.Scope["RequestId"])));
    }

    [Fact]
    public async Task Reference_upload_logs_no_line_of_its_own_at_Information()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Upload), ScriptedResponse.Success(Endpoint.Generate));
        using var logs = new LogEntryCollector();
        using var client = CreateClient(server, logs, static options => options.ReferenceImages.UploadThreshold = 1);

        await client.CallAsync(Endpoint.Generate, server.BaseAddress, bodyBytes: 1000);

        Assert.Equal(2, server.Requests.Count);
        Assert.Equal("images.generate", Assert.Single(logs.AtLevel(LogLevel.Information)).Scope["Call"]);
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Upload)]
    public async Task Log_scopes_contain_the_request_id(Endpoint endpoint)
    {
        await using var server = ScriptedServer.Start(
            ScriptedResponse.With(503, ErrorBodyWithPrompt, "Retry-After: 0", "x-request-id: req_1"), ScriptedResponse.With(200, ScriptedResponse.SuccessBody(endpoint), "application/json", "x-request-id: req_2"));
        using var logs = new LogEntryCollector();
        using var client = CreateClient(server, logs);

        await client.CallAsync(endpoint, server.BaseAddress);

        Assert.Equal(["req_1", "req_2"], logs.All.Select(static entry => entry.Scope["RequestId"]));
    }

    [Fact]
    public async Task Run_log_scopes_contain_job_id_and_request_id()
    {
        await using var server = ScriptedServer.Start(
            ScriptedResponse.With(200, """{"id":"job_1","status":"queued"}""", "x-request-id: req_1"),
            ScriptedResponse.With(200, """{"id":"job_1","status":"running"}""", "x-request-id: req_2"),
            ScriptedResponse.With(503, ErrorBodyWithPrompt, "x-request-id: req_3"),
            ScriptedResponse.With(200, """{"id":"job_1","status":"succeeded","output":{"images":[{"url":"https://example.com/a.png"}]}}""", "x-request-id: req_4"));
        using var logs = new LogEntryCollector();
        using var client = CreateClient(server, logs);

        await client.Jobs.RunAsync(new JobRequest { Input = new ImageJobInput { Prompt = EndpointCalls.Prompt } }, new JobRunOptions { Wait = EndpointCalls.ShortIntervals() });

        Assert.All(logs.All, static entry => Assert.Equal("job_1", entry.Scope["JobId"]));
        Assert.Equal(
            ["2 req_1", "3 ", "3 req_2", "4 req_3", "5 req_4"],
            logs.All.Select(static entry => $"{entry.Id.Id} {entry.Scope.GetValueOrDefault("RequestId")}"));
    }

    [Fact]
    public async Task Failure_log_contains_the_request_id()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(500, ErrorBodyWithPrompt, "x-request-id: req_1"));
        using var logs = new LogEntryCollector();
        using var client = CreateClient(server, logs);

        await Assert.ThrowsAsync<ImageApiResponseException>(() => client.CallAsync(Endpoint.Generate, server.BaseAddress));

        var line = Assert.Single(logs.All);
        Assert.Equal("req_1", line.Scope["RequestId"]);
        Assert.Contains("ImageApiResponseException, outcome Unknown", line.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Wait)]
    [InlineData(Endpoint.Upload)]
    public async Task Log_omits_the_prompt_repeated_by_an_error_response(Endpoint endpoint)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(503, ErrorBodyWithPrompt, "Retry-After: 0"), ScriptedResponse.With(503, ErrorBodyWithPrompt, "Retry-After: 0"), ScriptedResponse.With(400, ErrorBodyWithPrompt));
        using var logs = new LogEntryCollector();
        using var client = CreateClient(server, logs);

        var error = await Assert.ThrowsAsync<ImageApiResponseException>(() => client.CallAsync(endpoint, server.BaseAddress));

        Assert.Contains(EndpointCalls.Prompt, error.Message, StringComparison.Ordinal);
        Assert.Equal(3, logs.All.Count);
        Assert.All(logs.All, static entry => Assert.DoesNotContain("fox", entry.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Logger_with_throwing_scopes_does_not_lose_a_job()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Submit));
        using var factory = new ThrowingScopeLogger();
        using var client = new ImageApiClient(TestClients.Options(server.BaseAddress), factory);

        var job = await client.Jobs.SubmitAsync(new JobRequest { Input = new ImageJobInput { Prompt = "fox" } });

        Assert.Equal((EndpointCalls.JobId, 1), (job.Id, factory.ScopesBegun));
    }

    [Fact]
    public void Event_ids_are_unique_and_stable()
    {
        var ids = typeof(ImageApiClient).Assembly.GetType("ImageApi.Client.Diagnostics.Internal.Log")!
            .GetMethods(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Static)
            .Select(static method => $"{System.Reflection.CustomAttributeExtensions.GetCustomAttribute<LoggerMessageAttribute>(method)!.EventId} {method.Name}");

        Assert.Equal(
            [
                "1 Retrying", "2 JobAccepted", "3 JobPolled", "4 JobPollFailed", "5 JobCompleted", "6 UploadWithoutUrl", "7 OptionsReloaded", "8 OptionsReloadIgnored",
                "9 OperationSucceeded", "10 OperationFailed", "11 JobWaitStopped",
            ],
            ids);
    }

    private static ImageApiClient CreateClient(ScriptedServer server, LogEntryCollector logs, Action<ImageApiClientOptions>? configure = null)
    {
        var options = TestClients.Options(server.BaseAddress);
        configure?.Invoke(options);
        return new ImageApiClient(options, logs.Factory);
    }

    private sealed class ThrowingScopeLogger : ILoggerFactory, ILogger
    {
        public int ScopesBegun { get; private set; }

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            ScopesBegun++;
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
