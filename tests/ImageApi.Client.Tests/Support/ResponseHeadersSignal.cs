namespace ImageApi.Client.Tests.Support;

/// <summary>Tells when the head of an answer has come, for tests that let time pass in its body.</summary>
internal sealed class ResponseHeadersSignal(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private readonly SemaphoreSlim _headersReceived = new(0);

    /// <summary>Waits for one more head.</summary>
    public async Task WaitForHeadersAsync() => Assert.True(await _headersReceived.WaitAsync(TestTimeout.Duration), "No answer came.");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        _headersReceived.Release();
        return response;
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        _headersReceived.Dispose();
    }
}
