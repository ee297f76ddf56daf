namespace ImageApi.Client.FrameworkSmoke;

/// <summary>A handler that looks at what is sent, as handlers that write a log do: a copy of the body is kept, from which it could be sent again.</summary>
internal sealed class BodyReadingHandler : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is { } content)
        {
            await content.ReadAsStringAsync();
        }

        return await base.SendAsync(request, cancellationToken);
    }
}
