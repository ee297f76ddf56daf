using System.Net;
using System.Net.Security;

namespace ImageApi.Client.Tests.Faults;

/// <summary>Redirects and links: rows S16 to S19, and items B1 to B4, C2 and C3 of the security checklist.</summary>
public sealed class RedirectTests : FaultMatrix
{
    private readonly GeneratedMedia _media = new() { Kind = MediaKind.Image };

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task S16_and_S17_api_request_does_not_follow_redirects(int status)
    {
        await using var redirectTarget = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Generate));
        foreach (var endpoint in new[] { Endpoint.Generate, Endpoint.Submit, Endpoint.Get, Endpoint.Wait, Endpoint.Upload })
        {
            var fault = ScriptedResponse.With(status, "{}", $"Location: {redirectTarget.BaseAddress}landing?signature=secret");
            var outcome = endpoint is Endpoint.Get or Endpoint.Wait ? RequestOutcome.Accepted : RequestOutcome.Unknown;

            var error = await FailAsync(endpoint, fault, new Failure(1, ImageApiFailureReason.Response, outcome, status));

            Assert.Contains($"{redirectTarget.BaseAddress}landing", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal(0, redirectTarget.Connections);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task S16_and_S17_download_redirect_omits_the_api_key(int status)
    {
        await using var mediaServer = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Download));
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Generate), ScriptedResponse.With(status, "{}", $"Location: {mediaServer.BaseAddress}a.png"));
        using var client = TestClients.Create(server.BaseAddress);
        await client.CallAsync(Endpoint.Generate, server.BaseAddress);

        await SucceedAsync(client, Endpoint.Download, server.BaseAddress);

        Assert.Contains(TestClients.ApiKey, server.Requests[0].Head, StringComparison.Ordinal);
        Assert.DoesNotContain(TestClients.ApiKey, server.Requests[1].Head, StringComparison.Ordinal);
        Assert.DoesNotContain("Authorization", server.Requests[1].Head + mediaServer.Received, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("/b.png")]
    [InlineData("b.png")]
    [InlineData("?b")]
    public async Task S16_relative_redirect_is_resolved_against_the_download_url(string location)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(302, "{}", "Location: " + location), ScriptedResponse.Success(Endpoint.Download));
        using var client = TestClients.Create(server.BaseAddress);

        await SucceedAsync(client, Endpoint.Download, server.BaseAddress);

        Assert.Equal(new Uri(new Uri("http://x/out/fox.png"), location).PathAndQuery, server.Requests[1].Target);
    }

    [Fact]
    public async Task B2_api_key_is_not_sent_after_a_cross_origin_redirect()
    {
        Exchange redirectToOther = null!;
        Exchange redirectBack = null!;
        await using var api = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Generate), connection => redirectToOther(connection), ScriptedResponse.Success(Endpoint.Download));
        await using var other = ScriptedServer.Start(connection => redirectBack(connection));
        redirectToOther = ScriptedResponse.With(302, "{}", $"Location: {other.BaseAddress}b");
        redirectBack = ScriptedResponse.With(302, "{}", $"Location: {api.BaseAddress}c");
        using var client = TestClients.Create(api.BaseAddress, options => options.Downloads.SendApiKeyToSameOrigin = true);
        await client.CallAsync(Endpoint.Generate, api.BaseAddress);

        await SucceedAsync(client, Endpoint.Download, api.BaseAddress);

        Assert.Equal([true, true, false], api.Requests.Select(static request => request.Header("Authorization") is not null));
        Assert.Null(Assert.Single(other.Requests).Header("Authorization"));
    }

    [Fact]
    public async Task S18_redirect_from_https_to_http_is_rejected()
    {
        await using var httpServer = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Download));
        using var certificate = Certificates.SelfSigned(IPAddress.Loopback);
        await using var server = ScriptedServer.StartTls(certificate, ScriptedResponse.With(302, "{}", $"Location: {httpServer.BaseAddress}a.png"));
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Certificates.Trusting(certificate) },
        };
        using var client = TestClients.Create(handler, TestClients.Options(httpServer.BaseAddress));

        var error = await FailAsync(client, Endpoint.Download, server, new Failure(1, ImageApiFailureReason.Download, RequestOutcome.Accepted));

        Assert.Contains("https", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, httpServer.Connections);
    }

    [Fact]
    public async Task S19_redirect_loop_stops_after_five_redirects()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(302, "{}", "Location: /out/fox.png"));
        using var client = TestClients.Create(server.BaseAddress);

        await FailureAssert.ThrowsAsync(ImageApiFailureReason.Download, () => client.CallAsync(Endpoint.Download, server.BaseAddress, Target));

        Assert.Equal(6, server.Requests.Count);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Folder));
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://127.0.0.1/a.png")]
    [InlineData("javascript:alert(1)")]
    [InlineData("gopher://127.0.0.1/")]
    public async Task C2_redirect_to_a_non_http_scheme_is_rejected(string location)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(302, "{}", "Location: " + location));
        using var client = TestClients.Create(server.BaseAddress);

        await FailAsync(client, Endpoint.Download, server, new Failure(1, ImageApiFailureReason.Download, RequestOutcome.Accepted));
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://127.0.0.1/a.png")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/etc/passwd")]
    [InlineData("//127.0.0.1/a.png")]
    public async Task C2_non_http_media_url_throws_ArgumentException(string url)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Download));
        using var client = TestClients.Create(server.BaseAddress);

        await Assert.ThrowsAsync<ArgumentException>(() => client.Media.SaveAsync(_media with { Url = url }, Target));

        Assert.Equal(0, server.Connections);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Folder));
    }

    [Fact]
    public async Task C2_media_url_with_a_password_is_rejected_and_redacted()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Download));
        using var client = TestClients.Create(server.BaseAddress);
        var url = $"http://user:hunter2@{server.BaseAddress.Authority}/a.png";

        var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.Download, () => client.Media.SaveAsync(_media with { Url = url }, Target));

        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task C2_http_media_url_of_an_https_api_is_rejected()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Download));
        using var client = TestClients.Create(new Uri("https://api.example/"));

        await FailureAssert.ThrowsAsync(ImageApiFailureReason.Download, () => client.CallAsync(Endpoint.Download, server.BaseAddress, Target));

        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task C2_http_media_url_is_downloaded_when_allowed()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Download));
        using var client = TestClients.Create(new Uri("https://api.example/"), options => options.Downloads.AllowInsecureHttp = true);

        await SucceedAsync(client, Endpoint.Download, server.BaseAddress);
    }

    [Fact]
    public async Task C3_uri_callback_is_invoked_for_every_redirect()
    {
        await using var internalServer = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Download));
        await using var server = ScriptedServer.Start(ScriptedResponse.With(302, "{}", $"Location: {internalServer.BaseAddress}metadata"));
        var checkedUris = new List<Uri>();
        using var client = TestClients.Create(server.BaseAddress, options => options.Downloads.AllowUri = uri =>
        {
            checkedUris.Add(uri);
            return uri.Port == server.BaseAddress.Port;
        });

        await FailAsync(client, Endpoint.Download, server, new Failure(1, ImageApiFailureReason.Download, RequestOutcome.Accepted));

        Assert.Equal([server.BaseAddress.Port, internalServer.BaseAddress.Port], checkedUris.Select(static uri => uri.Port));
        Assert.Equal(0, internalServer.Connections);
    }
}
