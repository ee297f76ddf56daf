using ImageApi.Client.Tests.Faults;

namespace ImageApi.Client.Tests.Http;

/// <summary>What an error says: whom it is about, why, and which setting would change it.</summary>
public sealed class FailureClassifierTests : FaultMatrix
{
    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Upload)]
    public async Task Connection_error_message_includes_host_and_reason(Endpoint endpoint)
    {
        using var handler = new ScriptedHandler(static (_, _) => throw new InvalidOperationException("never reached")) { BeforeBody = static _ => throw ConnectionRefused() };
        using var client = TestClients.Create(handler, TestClients.Options(new Uri("https://backend.example:8000")));

        var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.Connection, () => client.CallAsync(endpoint, new Uri("https://backend.example")));

        Assert.Contains("backend.example", error.Message, StringComparison.Ordinal);
#if NETSTANDARD_LIBRARY // it tells the innermost reason: on .NET Framework the outer ones only say that something failed
        Assert.Contains(": Connection refused.", error.Message, StringComparison.Ordinal);
#else
        Assert.Contains(": no route\\u000a to ***.", error.Message, StringComparison.Ordinal);
#endif
    }

    [Fact]
    public async Task Handler_exception_message_is_included_and_redacted()
    {
        using var handler = new ScriptedHandler(static (_, _) => throw new InvalidOperationException("the circuit is open for " + TestClients.ApiKey));
        using var client = TestClients.Create(handler, TestClients.Options(new Uri("https://backend.example")));

        var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.Connection, () => client.CallAsync(Endpoint.Generate, new Uri("https://backend.example")));

        Assert.Contains("InvalidOperationException: the circuit is open for ***.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Endpoint.Generate, "(Timeouts.Generation, or RequestOptions.Timeout)")]
    [InlineData(Endpoint.Submit, "(Timeouts.Submission, or RequestOptions.Timeout)")]
    [InlineData(Endpoint.Get, "(Timeouts.StatusQuery, or RequestOptions.Timeout)")]
    [InlineData(Endpoint.Upload, "(Timeouts.Upload, or TransferOptions.Timeout)")]
    [InlineData(Endpoint.Download, "(Timeouts.Download, or SaveOptions.Timeout)")]
    public async Task Timeout_message_includes_the_option_name(Endpoint endpoint, string optionName)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Stall);
        using var client = TestClients.Create(server.BaseAddress, static options =>
        {
            options.Timeouts.Generation = options.Timeouts.Submission = options.Timeouts.StatusQuery = TimeSpan.FromMilliseconds(100);
            options.Timeouts.Upload = options.Timeouts.Download = TimeSpan.FromMilliseconds(100);
        });

        var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.Timeout, () => client.CallAsync(endpoint, server.BaseAddress, Target));

        Assert.Contains(optionName, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Upload)]
    [InlineData(Endpoint.Download)]
    public async Task Read_timeout_message_includes_the_option_name(Endpoint endpoint)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.RawThenStall(ScriptedResponse.Message(ScriptedResponse.SuccessBody(endpoint)[..10], "Content-Length: 1000", "Content-Type: " + ScriptedResponse.SuccessContentType(endpoint))));
        using var client = TestClients.Create(server.BaseAddress, static options => options.Timeouts.Idle = TimeSpan.FromMilliseconds(100));

        var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.Timeout, () => client.CallAsync(endpoint, server.BaseAddress, Target));

        Assert.Contains("(Timeouts.Idle)", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Endpoint.Generate, "(Limits.MaxJsonBytes)")]
    [InlineData(Endpoint.Upload, "(Limits.MaxJsonBytes)")]
    [InlineData(Endpoint.Download, "(Limits.MaxMediaBytes)")]
    public async Task Size_limit_message_includes_the_option_name(Endpoint endpoint, string optionName)
    {
        byte[] body = [.. ScriptedResponse.Png, .. new byte[4096]];
        await using var server = ScriptedServer.Start(ScriptedResponse.With(200, body, ScriptedResponse.SuccessContentType(endpoint)));
        using var client = TestClients.Create(server.BaseAddress, static options =>
        {
            options.Limits.MaxJsonBytes = 2048;
            options.Limits.MaxMediaBytes = 2048;
        });

        var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.LimitExceeded, () => client.CallAsync(endpoint, server.BaseAddress, Target));

        Assert.Contains(optionName, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inline_media_limit_message_includes_the_option_name()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(200, $$"""{"data":[{"b64_json":"{{new string('A', 8000)}}"}]}"""));
        using var client = TestClients.Create(server.BaseAddress, static options => options.Limits.MaxMediaBytes = 2048);

        var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.LimitExceeded, () => client.CallAsync(Endpoint.Generate, server.BaseAddress));

        Assert.Contains("(Limits.MaxMediaBytes)", error.Message, StringComparison.Ordinal);
    }

    private static HttpRequestException ConnectionRefused() => new("no route\n to " + TestClients.ApiKey, new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.ConnectionRefused));
}
