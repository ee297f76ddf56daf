using System.Net;
using System.Net.Http.Headers;
using ImageApi.Emulator.Tests.Support;

namespace ImageApi.Emulator.Tests;

public sealed class AuthenticationAndRoutingTests
{
    [Theory]
    [InlineData("POST", "v1/images/generations")]
    [InlineData("POST", "v1/jobs")]
    [InlineData("GET", "v1/jobs/job_x")]
    [InlineData("POST", "v1/files/upload")]
    public async Task Wrong_API_key_returns_401_and_is_not_part_of_the_response(string method, string path)
    {
        await using var client = await EmulatorTestClient.StartAsync();
        const string WrongApiKey = "wrong-key-0123456789";
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", WrongApiKey) } };

        using var response = await client.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        var error = await EmulatorTestClient.ReadErrorAsync(response);
        Assert.Equal("invalid_api_key", error.GetProperty("code").GetString());
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, error.GetProperty("param").ValueKind);
        Assert.DoesNotContain(WrongApiKey, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Single(response.Headers.GetValues("x-request-id"));
    }

    [Fact]
    public async Task Missing_API_key_returns_401()
    {
        await using var client = await EmulatorTestClient.StartAsync();
        using var anonymousClient = new HttpClient { BaseAddress = client.Emulator.BaseAddress };

        using var response = await anonymousClient.PostAsync("v1/jobs", new StringContent("{}"));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("invalid_api_key", (await EmulatorTestClient.ReadErrorAsync(response)).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("GET", "v1/unknown", HttpStatusCode.NotFound, "unknown_url")]
    [InlineData("GET", "", HttpStatusCode.NotFound, "unknown_url")]
    [InlineData("GET", "v1/images/generations", HttpStatusCode.MethodNotAllowed, "method_not_supported")]
    [InlineData("DELETE", "v1/jobs/job_x", HttpStatusCode.MethodNotAllowed, "method_not_supported")]
    [InlineData("POST", "media/x.png", HttpStatusCode.MethodNotAllowed, "method_not_supported")]
    public async Task Unknown_path_or_method_returns_the_standard_error_body(string method, string path, HttpStatusCode status, string code)
    {
        await using var client = await EmulatorTestClient.StartAsync();

        using var response = await client.Http.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(code, (await EmulatorTestClient.ReadErrorAsync(response)).GetProperty("code").GetString());
        Assert.Single(response.Headers.GetValues("x-request-id"));
    }

    [Fact]
    public async Task Emulator_listens_on_loopback_by_default()
    {
        await using var emulator = await ImageApiEmulator.StartAsync();

        Assert.Equal("127.0.0.1", emulator.BaseAddress.Host);
        Assert.StartsWith("emulator-key-", emulator.ApiKey, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Port_in_use_throws_IOException()
    {
        await using var first = await ImageApiEmulator.StartAsync();

        await Assert.ThrowsAsync<IOException>(() => ImageApiEmulator.StartAsync(new EmulatorOptions { Port = first.BaseAddress.Port }));
    }
}
