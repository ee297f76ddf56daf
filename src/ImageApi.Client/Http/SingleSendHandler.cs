namespace ImageApi.Client.Http;

/// <summary>
/// Lets a request of this library pass once. It stands innermost, so that it sees what the handlers around it do: one that reads the
/// body makes the platform keep a copy, from which the body could be sent again without this library being asked.
/// </summary>
internal sealed class SingleSendHandler : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Content = SingleUseContent.Forward(request.Content);
        return base.SendAsync(request, cancellationToken);
    }
}
