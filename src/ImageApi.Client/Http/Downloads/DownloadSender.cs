using System.Net.Http.Headers;
using ImageApi.Client.Http.Errors;
using ImageApi.Client.Http.Handlers;
using ImageApi.Client.Redaction;
using ImageApi.Client.Validation;

namespace ImageApi.Client.Http.Downloads;

/// <summary>Gets a result link: without the key, following a few redirects by itself, each checked anew.</summary>
internal sealed class DownloadSender(Func<HttpClient> http, TransportSettings settings)
{
    private const int MaxRedirects = 5;
    private readonly DefaultHeaders _headers = new(settings.UserAgent);

    public async ValueTask<HttpResponseMessage> SendAsync(Uri uri, string? apiKey, RangeResumeState? resumeState, CancellationToken cancellationToken)
    {
        var current = uri;
        Uri? previous = null;
        var maySendApiKey = true;
        for (var hops = 0; ; hops++)
        {
            if (settings.Downloads.FindError(current, previous) is { } error)
            {
                throw InvalidResponseException.Invalid($"The link {ToLoggable(current)} is not fetched: {error}.");
            }

            maySendApiKey &= BaseAddressValidation.IsSameOrigin(current, settings.BaseAddress);
            var response = await SendOneAsync(current, maySendApiKey && settings.Downloads.SendApiKeyToSameOrigin ? apiKey : null, resumeState, cancellationToken).ConfigureAwait(false);
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location)
            {
                return response;
            }

            response.Dispose();
            if (hops == MaxRedirects)
            {
                throw InvalidResponseException.Invalid($"The link {ToLoggable(uri)} redirects more than {MaxRedirects} times.");
            }

            previous = current;
            current = location.IsAbsoluteUri && !IsRooted(location) ? location : new Uri(current, location.OriginalString);
        }
    }

    /// <summary>On Unix a path alone counts as an absolute file address.</summary>
    private static bool IsRooted(Uri location) => location.IsFile && location.OriginalString.StartsWith("/", StringComparison.Ordinal);

    private static string ToLoggable(Uri uri) => UriText.WithoutQuery(uri.OriginalString);

    private async Task<HttpResponseMessage> SendOneAsync(Uri uri, string? apiKey, RangeResumeState? resumeState, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, uri);
        _headers.AddToDownload(message.Headers);
        resumeState?.AddTo(message.Headers);
        if (apiKey is not null)
        {
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        }

        return await http().SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
    }
}
