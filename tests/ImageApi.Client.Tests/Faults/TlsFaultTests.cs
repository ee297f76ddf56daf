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
    public async Task T4_untrusted_certificate_fails_without_retry(Endpoint endpoint, RequestOutcome outcome)
    {
        using var certificate = Certificates.SelfSigned(IPAddress.Loopback);
        await using var server = ScriptedServer.StartTls(certificate, ScriptedResponse.Success(endpoint));
        using var client = TestClients.Create(server.BaseAddress);

        await FailHandshakeAsync(client, endpoint, server, outcome);
    }

    [Theory]
    [InlineData(Endpoint.Generate, RequestOutcome.NotSent)]
    [InlineData(Endpoint.Wait, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Download, RequestOutcome.Accepted)]
    public async Task T4_expired_certificate_fails_without_retry(Endpoint endpoint, RequestOutcome outcome)
    {
        using var certificate = Certificates.SelfSigned(IPAddress.Loopback, expired: true);
        await using var server = ScriptedServer.StartTls(certificate, ScriptedResponse.Success(endpoint));
        using var handler = CreateTrustingHandler(certificate);
        using var client = TestClients.Create(handler, TestClients.Options(server.BaseAddress));

        await FailHandshakeAsync(client, endpoint, server, outcome);
    }

    [Theory]
    [InlineData(Endpoint.Generate, RequestOutcome.NotSent)]
    [InlineData(Endpoint.Wait, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Download, RequestOutcome.Accepted)]
    public async Task T4_certificate_of_another_host_fails_without_retry(Endpoint endpoint, RequestOutcome outcome)
    {
        using var certificate = Certificates.SelfSigned("other.example");
        await using var server = ScriptedServer.StartTls(certificate, ScriptedResponse.Success(endpoint));
        using var handler = CreateTrustingHandler(certificate);
        using var client = TestClients.Create(handler, TestClients.Options(server.BaseAddress));

        await FailHandshakeAsync(client, endpoint, server, outcome);
    }

    [Theory]
    [InlineData(Endpoint.Generate, RequestOutcome.NotSent)]
    [InlineData(Endpoint.Wait, RequestOutcome.Accepted)]
    [InlineData(Endpoint.Download, RequestOutcome.Accepted)]
    public async Task T4_server_without_tls_fails_without_retry(Endpoint endpoint, RequestOutcome outcome)
    {
        await using var server = ScriptedServer.Start(async connection =>
        {
            await connection.WaitForNextRequestAsync();
            await connection.SendAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
            await connection.StallAsync();
        });
        using var client = TestClients.Create(new UriBuilder(server.BaseAddress) { Scheme = "https" }.Uri);

        await FailHandshakeAsync(client, endpoint, server, outcome);
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Wait)]
    [InlineData(Endpoint.Download)]
    public async Task Trusted_certificate_is_accepted(Endpoint endpoint)
    {
        using var certificate = Certificates.SelfSigned(IPAddress.Loopback);
        await using var server = ScriptedServer.StartTls(certificate, ScriptedResponse.Success(endpoint));
        using var handler = CreateTrustingHandler(certificate);
        using var client = TestClients.Create(handler, TestClients.Options(server.BaseAddress));

        await SucceedAsync(client, endpoint, server.BaseAddress);
    }

    private async Task FailHandshakeAsync(ImageApiClient client, Endpoint endpoint, ScriptedServer server, RequestOutcome outcome)
    {
        var address = new UriBuilder(server.BaseAddress) { Scheme = "https" }.Uri;
        var error = await FailAsync(client, endpoint, address, new Failure(1, ImageApiFailureReason.Connection, outcome));

        Assert.Equal(1, server.Connections);
        Assert.Empty(server.Requests);
        Assert.IsType<AuthenticationException>(error.InnerException!.InnerException, exactMatch: false);
        Assert.Contains("127.0.0.1", error.Message, StringComparison.Ordinal);
    }

    private static SocketsHttpHandler CreateTrustingHandler(X509Certificate2 certificate) => new()
    {
        SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Certificates.Trusting(certificate) },
    };
}
