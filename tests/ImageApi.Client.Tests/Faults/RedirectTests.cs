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
    public async Task S16_and_S17_the_API_is_not_followed_elsewhere(int status)
    {
        await using var elsewhere = ScriptServer.Start(Reply.Good(Endpoint.Generate));
        foreach (var endpoint in new[] { Endpoint.Generate, Endpoint.Submit, Endpoint.Get, Endpoint.Wait, Endpoint.Upload })
        {
            var fault = Reply.With(status, "{}", $"Location: {elsewhere.BaseAddress}landing?signature=secret");
            var outcome = endpoint is Endpoint.Get or Endpoint.Wait ? RequestOutcome.Accepted : RequestOutcome.Unknown;

            var error = await FailAsync(endpoint, fault, new Failure(1, typeof(ImageApiErrorException), outcome, status));

            Assert.Contains($"{elsewhere.BaseAddress}landing", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal(0, elsewhere.Connections);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task S16_and_S17_a_download_is_followed_without_the_key(int status)
    {
        await using var end = ScriptServer.Start(Reply.Good(Endpoint.Download));
        await using var server = ScriptServer.Start(Reply.Good(Endpoint.Generate), Reply.With(status, "{}", $"Location: {end.BaseAddress}a.png"));
        using var client = Clients.For(server.BaseAddress);
        await client.CallAsync(Endpoint.Generate, server.BaseAddress);

        await SucceedAsync(client, Endpoint.Download, server.BaseAddress);

        Assert.Contains(Clients.Key, server.Requests[0].Head, StringComparison.Ordinal);
        Assert.DoesNotContain(Clients.Key, server.Requests[1].Head, StringComparison.Ordinal);
        Assert.DoesNotContain("Authorization", server.Requests[1].Head + end.Received, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("/b.png")]
    [InlineData("b.png")]
    [InlineData("?b")]
    public async Task S16_a_relative_redirect_is_resolved_against_the_link(string location)
    {
        await using var server = ScriptServer.Start(Reply.With(302, "{}", "Location: " + location), Reply.Good(Endpoint.Download));
        using var client = Clients.For(server.BaseAddress);

        await SucceedAsync(client, Endpoint.Download, server.BaseAddress);

        Assert.Equal(new Uri(new Uri("http://x/out/fox.png"), location).PathAndQuery, server.Requests[1].Target);
    }

    [Fact]
    public async Task B2_the_key_does_not_come_back_after_a_foreign_hop()
    {
        Exchange toThere = null!;
        Exchange toHere = null!;
        await using var api = ScriptServer.Start(Reply.Good(Endpoint.Generate), connection => toThere(connection), Reply.Good(Endpoint.Download));
        await using var other = ScriptServer.Start(connection => toHere(connection));
        toThere = Reply.With(302, "{}", $"Location: {other.BaseAddress}b");
        toHere = Reply.With(302, "{}", $"Location: {api.BaseAddress}c");
        using var client = Clients.For(api.BaseAddress, options => options.Links.SendApiKeyToSameOrigin = true);
        await client.CallAsync(Endpoint.Generate, api.BaseAddress);

        await SucceedAsync(client, Endpoint.Download, api.BaseAddress);

        Assert.Equal([true, true, false], api.Requests.Select(static request => request.Header("Authorization") is not null));
        Assert.Null(Assert.Single(other.Requests).Header("Authorization"));
    }

    [Fact]
    public async Task S18_a_redirect_from_https_to_http_is_refused()
    {
        await using var plain = ScriptServer.Start(Reply.Good(Endpoint.Download));
        using var certificate = Certificates.For(IPAddress.Loopback);
        await using var server = ScriptServer.StartTls(certificate, Reply.With(302, "{}", $"Location: {plain.BaseAddress}a.png"));
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Certificates.Trusting(certificate) },
        };
        using var client = Clients.For(handler, Clients.Options(plain.BaseAddress));

        var error = await FailAsync(client, Endpoint.Download, server, new Failure(1, typeof(MediaDownloadException), RequestOutcome.Accepted));

        Assert.Contains("https", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, plain.Connections);
    }

    [Fact]
    public async Task S19_a_redirect_loop_ends_after_five_hops()
    {
        await using var server = ScriptServer.Start(Reply.With(302, "{}", "Location: /out/fox.png"));
        using var client = Clients.For(server.BaseAddress);

        await Assert.ThrowsAsync<MediaDownloadException>(() => client.CallAsync(Endpoint.Download, server.BaseAddress, Target));

        Assert.Equal(6, server.Requests.Count);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Folder));
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://127.0.0.1/a.png")]
    [InlineData("javascript:alert(1)")]
    [InlineData("gopher://127.0.0.1/")]
    public async Task C2_a_redirect_to_something_else_than_http_is_refused(string location)
    {
        await using var server = ScriptServer.Start(Reply.With(302, "{}", "Location: " + location));
        using var client = Clients.For(server.BaseAddress);

        await FailAsync(client, Endpoint.Download, server, new Failure(1, typeof(MediaDownloadException), RequestOutcome.Accepted));
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://127.0.0.1/a.png")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/etc/passwd")]
    [InlineData("//127.0.0.1/a.png")]
    public async Task C2_a_link_to_something_else_than_http_is_an_argument_error(string link)
    {
        await using var server = ScriptServer.Start(Reply.Good(Endpoint.Download));
        using var client = Clients.For(server.BaseAddress);

        await Assert.ThrowsAsync<ArgumentException>(() => client.Media.SaveAsync(_media with { Url = link }, Target));

        Assert.Equal(0, server.Connections);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Folder));
    }

    [Fact]
    public async Task C2_a_link_with_a_password_is_refused_and_not_shown()
    {
        await using var server = ScriptServer.Start(Reply.Good(Endpoint.Download));
        using var client = Clients.For(server.BaseAddress);
        var link = $"http://user:hunter2@{server.BaseAddress.Authority}/a.png";

        var error = await Assert.ThrowsAsync<MediaDownloadException>(() => client.Media.SaveAsync(_media with { Url = link }, Target));

        Assert.DoesNotContain("hunter2", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task C2_an_http_link_of_an_https_API_is_refused()
    {
        await using var server = ScriptServer.Start(Reply.Good(Endpoint.Download));
        using var client = Clients.For(new Uri("https://api.example/"));

        await Assert.ThrowsAsync<MediaDownloadException>(() => client.CallAsync(Endpoint.Download, server.BaseAddress, Target));

        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task C2_an_http_link_of_an_https_API_is_fetched_where_that_is_allowed()
    {
        await using var server = ScriptServer.Start(Reply.Good(Endpoint.Download));
        using var client = Clients.For(new Uri("https://api.example/"), options => options.Links.AllowInsecureHttp = true);

        await SucceedAsync(client, Endpoint.Download, server.BaseAddress);
    }

    [Fact]
    public async Task C3_the_callers_own_rule_is_asked_on_every_hop()
    {
        await using var inside = ScriptServer.Start(Reply.Good(Endpoint.Download));
        await using var server = ScriptServer.Start(Reply.With(302, "{}", $"Location: {inside.BaseAddress}metadata"));
        var asked = new List<Uri>();
        using var client = Clients.For(server.BaseAddress, options => options.Links.IsAllowed = link =>
        {
            asked.Add(link);
            return link.Port == server.BaseAddress.Port;
        });

        await FailAsync(client, Endpoint.Download, server, new Failure(1, typeof(MediaDownloadException), RequestOutcome.Accepted));

        Assert.Equal([server.BaseAddress.Port, inside.BaseAddress.Port], asked.Select(static link => link.Port));
        Assert.Equal(0, inside.Connections);
    }
}
