using ImageApi.Client.Http.Content;

namespace ImageApi.Client.Http.Handlers;

/// <summary>
/// Lets a request of this library pass once. It stands innermost, so that it sees what the handlers around it do: one that reads the
/// body makes the platform keep a copy, from which the body could be sent again without this library being asked.
/// </summary>
internal sealed class SingleSendHandler : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var content = request.Content;
        request.Content = SingleSendContent.Forward(content);
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            request.Content = content; // a handler that has read it may do so again when the answer is there
        }
    }
}
