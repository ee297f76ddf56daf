namespace ImageApi.Client.Http;

/// <summary>
/// Masks the key in errors of the handler that sends: it quotes lines of an answer that it does not understand, whatever stands in
/// them, and the loggers around it write its errors down before this library sees them.
/// </summary>
internal sealed class KeyMaskingHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e) when (Redactor.Clean(e, request.Headers.Authorization?.Parameter) is MaskedException masked)
        {
            throw Masked(e, masked);
        }
    }

    /// <summary>The kind of the error is kept: it tells what may be repeated.</summary>
    private static HttpRequestException Masked(HttpRequestException shown, MaskedException masked) =>
#if NETSTANDARD2_0
        new(masked.Message, masked);
#else
        new(shown.HttpRequestError, masked.Message, masked, shown.StatusCode);
#endif
}
