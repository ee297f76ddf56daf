using ImageApi.Client.Redaction;

namespace ImageApi.Client.Http.Handlers;

/// <summary>
/// Masks the key in errors of the handler that sends: it quotes lines of an answer that it does not understand, whatever stands in
/// them, and the loggers around it write its errors down before this library sees them.
/// </summary>
internal sealed class SecretRedactionHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e) when (SecretRedactor.Redact(e, request.Headers.Authorization?.Parameter) is RedactedException redacted)
        {
            throw Redacted(e, redacted);
        }
    }

    /// <summary>The kind of the error is kept: it tells what may be repeated.</summary>
    private static HttpRequestException Redacted(HttpRequestException original, RedactedException redacted) =>
#if NETSTANDARD2_0
        new(redacted.Message, redacted);
#else
        new(original.HttpRequestError, redacted.Message, redacted, original.StatusCode);
#endif
}
