using System.Net;
using System.Net.Http.Headers;
using ImageApi.Emulator.Tests.Support;

namespace ImageApi.Emulator.Tests;

public sealed class AccessTests
{
    [Theory]
    [InlineData("POST", "v1/images/generations")]
    [InlineData("POST", "v1/jobs")]
    [InlineData("GET", "v1/jobs/job_x")]
    [InlineData("POST", "v1/files/upload")]
    public async Task Wrong_key_is_refused_and_not_repeated(string method, string path)
    {
        await using var caller = await Caller.StartAsync();
        const string WrongKey = "wrong-key-0123456789";
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", WrongKey) } };

        using var response = await caller.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        var error = await Caller.ErrorAsync(response);
        Assert.Equal("invalid_api_key", error.GetProperty("code").GetString());
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, error.GetProperty("param").ValueKind);
        Assert.DoesNotContain(WrongKey, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Single(response.Headers.GetValues("x-request-id"));
    }

    [Fact]
    public async Task Missing_key_is_refused()
    {
        await using var caller = await Caller.StartAsync();
        using var stranger = new HttpClient { BaseAddress = caller.Emulator.BaseAddress };

        using var response = await stranger.PostAsync("v1/jobs", new StringContent("{}"));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("invalid_api_key", (await Caller.ErrorAsync(response)).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("GET", "v1/unknown", HttpStatusCode.NotFound, "unknown_url")]
    [InlineData("GET", "", HttpStatusCode.NotFound, "unknown_url")]
    [InlineData("GET", "v1/images/generations", HttpStatusCode.MethodNotAllowed, "method_not_supported")]
    [InlineData("DELETE", "v1/jobs/job_x", HttpStatusCode.MethodNotAllowed, "method_not_supported")]
    [InlineData("POST", "media/x.png", HttpStatusCode.MethodNotAllowed, "method_not_supported")]
    public async Task Unknown_path_or_method_is_told_in_the_same_shape(string method, string path, HttpStatusCode status, string code)
    {
        await using var caller = await Caller.StartAsync();

        using var response = await caller.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(code, (await Caller.ErrorAsync(response)).GetProperty("code").GetString());
        Assert.Single(response.Headers.GetValues("x-request-id"));
    }

    [Fact]
    public async Task Only_this_machine_can_reach_it_unless_told_otherwise()
    {
        await using var emulator = await ImageApiEmulator.StartAsync();

        Assert.Equal("127.0.0.1", emulator.BaseAddress.Host);
        Assert.StartsWith("emulator-key-", emulator.ApiKey, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Taken_port_is_told()
    {
        await using var first = await ImageApiEmulator.StartAsync();

        await Assert.ThrowsAsync<IOException>(() => ImageApiEmulator.StartAsync(new EmulatorOptions { Port = first.BaseAddress.Port }));
    }
}
