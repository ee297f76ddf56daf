using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace ImageApi.Client.Tests.Faults;

/// <summary>Row T4: a server that cannot prove who it is gets nothing, and is not asked again.</summary>
public sealed class TlsFaultTests : FaultMatrix
{
    [Theory]
    [InlineData(Endpoint.Generate, RequestOutcome.NotSent)]
    [InlineData(Endpoint.Submit, RequestOutcome.NotSent)]
    [InlineData(Endpoint.Get, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Wait, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Upload, RequestOutcome.NotSent)]
    [InlineData(Endpoint.Download, RequestOutcome.Accepted)]
    public async Task T4_an_untrusted_certificate(Endpoint endpoint, RequestOutcome outcome)
    {
        using var certificate = Certificates.For(IPAddress.Loopback);
        await using var server = ScriptServer.StartTls(certificate, Reply.Good(endpoint));
        using var client = Clients.For(server.BaseAddress);

        await RefuseAsync(client, endpoint, server, outcome);
    }

    [Theory]
    [InlineData(Endpoint.Generate, RequestOutcome.NotSent)]
    [InlineData(Endpoint.Wait, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Download, RequestOutcome.Accepted)]
    public async Task T4_an_expired_certificate(Endpoint endpoint, RequestOutcome outcome)
    {
        using var certificate = Certificates.For(IPAddress.Loopback, expired: true);
        await using var server = ScriptServer.StartTls(certificate, Reply.Good(endpoint));
        using var handler = Trusting(certificate);
        using var client = Clients.For(handler, Clients.Options(server.BaseAddress));

        await RefuseAsync(client, endpoint, server, outcome);
    }

    [Theory]
    [InlineData(Endpoint.Generate, RequestOutcome.NotSent)]
    [InlineData(Endpoint.Wait, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Download, RequestOutcome.Accepted)]
    public async Task T4_a_certificate_of_another_host(Endpoint endpoint, RequestOutcome outcome)
    {
        using var certificate = Certificates.For("other.example");
        await using var server = ScriptServer.StartTls(certificate, Reply.Good(endpoint));
        using var handler = Trusting(certificate);
        using var client = Clients.For(handler, Clients.Options(server.BaseAddress));

        await RefuseAsync(client, endpoint, server, outcome);
    }

    [Theory]
    [InlineData(Endpoint.Generate, RequestOutcome.NotSent)]
    [InlineData(Endpoint.Wait, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Download, RequestOutcome.Accepted)]
    public async Task T4_a_peer_that_does_not_speak_TLS(Endpoint endpoint, RequestOutcome outcome)
    {
        await using var server = ScriptServer.Start(async connection =>
        {
            await connection.HasMoreAsync();
            await connection.SendAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
            await connection.StallAsync();
        });
        using var client = Clients.For(new UriBuilder(server.BaseAddress) { Scheme = "https" }.Uri);

        await RefuseAsync(client, endpoint, server, outcome);
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Wait)]
    [InlineData(Endpoint.Download)]
    public async Task A_trusted_certificate_is_taken(Endpoint endpoint)
    {
        using var certificate = Certificates.For(IPAddress.Loopback);
        await using var server = ScriptServer.StartTls(certificate, Reply.Good(endpoint));
        using var handler = Trusting(certificate);
        using var client = Clients.For(handler, Clients.Options(server.BaseAddress));

        await SucceedAsync(client, endpoint, server.BaseAddress);
    }

    private async Task RefuseAsync(ImageApiClient client, Endpoint endpoint, ScriptServer server, RequestOutcome outcome)
    {
        var link = new UriBuilder(server.BaseAddress) { Scheme = "https" }.Uri;
        var error = await FailAsync(client, endpoint, link, new Failure(1, typeof(ImageApiConnectionException), outcome));

        Assert.Equal(1, server.Connections);
        Assert.Empty(server.Requests);
        Assert.IsType<AuthenticationException>(error.InnerException!.InnerException, exactMatch: false);
        Assert.Contains("127.0.0.1", error.Message, StringComparison.Ordinal);
    }

    private static SocketsHttpHandler Trusting(X509Certificate2 certificate) => new()
    {
        SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Certificates.Trusting(certificate) },
    };
}
