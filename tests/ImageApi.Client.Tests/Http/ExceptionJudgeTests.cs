using ImageApi.Client.Tests.Faults;

namespace ImageApi.Client.Tests.Http;

/// <summary>What an error says: whom it is about, why, and which setting would change it.</summary>
public sealed class ExceptionJudgeTests : FaultMatrix
{
    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Upload)]
    public async Task A_server_that_is_not_there_is_named_with_the_reason(Endpoint endpoint)
    {
        using var handler = new PolicyHandler(static (_, _) => throw new InvalidOperationException("never reached")) { BeforeBody = static _ => throw Refused() };
        using var client = Clients.For(handler, Clients.Options(new Uri("https://backend.example:8000")));

        var error = await Assert.ThrowsAsync<ImageApiConnectionException>(() => client.CallAsync(endpoint, new Uri("https://backend.example")));

        Assert.Contains("backend.example", error.Message, StringComparison.Ordinal);
#if NETSTANDARD_LIBRARY // it tells the innermost reason: on .NET Framework the outer ones only say that something failed
        Assert.Contains(": Connection refused.", error.Message, StringComparison.Ordinal);
#else
        Assert.Contains(": no route\\u000a to ***.", error.Message, StringComparison.Ordinal);
#endif
    }

    [Fact]
    public async Task A_handler_that_fails_is_told_with_its_reason()
    {
        using var handler = new PolicyHandler(static (_, _) => throw new InvalidOperationException("the circuit is open for " + Clients.Key));
        using var client = Clients.For(handler, Clients.Options(new Uri("https://backend.example")));

        var error = await Assert.ThrowsAsync<ImageApiConnectionException>(() => client.CallAsync(Endpoint.Generate, new Uri("https://backend.example")));

        Assert.Contains("InvalidOperationException: the circuit is open for ***.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Endpoint.Generate, "(Timeouts.Generation, or CallOptions.Timeout)")]
    [InlineData(Endpoint.Submit, "(Timeouts.Submission, or CallOptions.Timeout)")]
    [InlineData(Endpoint.Get, "(Timeouts.StatusQuery, or CallOptions.Timeout)")]
    [InlineData(Endpoint.Upload, "(Timeouts.Upload, or TransferOptions.Timeout)")]
    [InlineData(Endpoint.Download, "(Timeouts.Download, or SaveOptions.Timeout)")]
    public async Task A_time_limit_that_strikes_is_named(Endpoint endpoint, string setting)
    {
        await using var server = ScriptServer.Start(Reply.Stall);
        using var client = Clients.For(server.BaseAddress, static options =>
        {
            options.Timeouts.Generation = options.Timeouts.Submission = options.Timeouts.StatusQuery = TimeSpan.FromMilliseconds(100);
            options.Timeouts.Upload = options.Timeouts.Download = TimeSpan.FromMilliseconds(100);
        });

        var error = await Assert.ThrowsAsync<ImageApiTimeoutException>(() => client.CallAsync(endpoint, server.BaseAddress, Target));

        Assert.Contains(setting, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Upload)]
    [InlineData(Endpoint.Download)]
    public async Task The_limit_for_silence_is_named(Endpoint endpoint)
    {
        await using var server = ScriptServer.Start(Reply.RawThenStall(Reply.Message(Reply.GoodBody(endpoint)[..10], "Content-Length: 1000", "Content-Type: " + Reply.GoodType(endpoint))));
        using var client = Clients.For(server.BaseAddress, static options => options.Timeouts.Idle = TimeSpan.FromMilliseconds(100));

        var error = await Assert.ThrowsAsync<ImageApiTimeoutException>(() => client.CallAsync(endpoint, server.BaseAddress, Target));

        Assert.Contains("(Timeouts.Idle)", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Endpoint.Generate, "(Limits.MaxJsonBytes)")]
    [InlineData(Endpoint.Upload, "(Limits.MaxJsonBytes)")]
    [InlineData(Endpoint.Download, "(Limits.MaxMediaBytes)")]
    public async Task A_limit_that_strikes_is_named(Endpoint endpoint, string setting)
    {
        byte[] body = [.. Reply.Png, .. new byte[4096]];
        await using var server = ScriptServer.Start(Reply.With(200, body, Reply.GoodType(endpoint)));
        using var client = Clients.For(server.BaseAddress, static options =>
        {
            options.Limits.MaxJsonBytes = 2048;
            options.Limits.MaxMediaBytes = 2048;
        });

        var error = await Assert.ThrowsAsync<ImageApiLimitException>(() => client.CallAsync(endpoint, server.BaseAddress, Target));

        Assert.Contains(setting, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_limit_for_a_medium_inside_an_answer_is_named()
    {
        await using var server = ScriptServer.Start(Reply.With(200, $$"""{"data":[{"b64_json":"{{new string('A', 8000)}}"}]}"""));
        using var client = Clients.For(server.BaseAddress, static options => options.Limits.MaxMediaBytes = 2048);

        var error = await Assert.ThrowsAsync<ImageApiLimitException>(() => client.CallAsync(Endpoint.Generate, server.BaseAddress));

        Assert.Contains("(Limits.MaxMediaBytes)", error.Message, StringComparison.Ordinal);
    }

    private static HttpRequestException Refused() => new("no route\n to " + Clients.Key, new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.ConnectionRefused));
}
