using System.Net.Http.Headers;

namespace ImageApi.Client.Http;

/// <summary>Gets a result link: without the key, following a few redirects by itself, each checked anew.</summary>
internal sealed class LinkSender(Func<HttpClient> http, HttpSettings settings)
{
    private const int MaxRedirects = 5;
    private readonly FixedHeaders _headers = new(settings.UserAgent);

    public async ValueTask<HttpResponseMessage> SendAsync(Uri link, string? key, ResumePoint? position, CancellationToken cancellationToken)
    {
        var current = link;
        Uri? previous = null;
        var mayCarryKey = true;
        for (var hops = 0; ; hops++)
        {
            if (settings.Links.FindFault(current, previous) is { } fault)
            {
                throw AnswerException.Unreadable($"The link {Shown(current)} is not fetched: {fault}.");
            }

            mayCarryKey &= BaseAddress.IsSameOrigin(current, settings.BaseAddress);
            var response = await SendOneAsync(current, mayCarryKey && settings.Links.SendKeyToSameOrigin ? key : null, position, cancellationToken).ConfigureAwait(false);
            if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location)
            {
                return response;
            }

            response.Dispose();
            if (hops == MaxRedirects)
            {
                throw AnswerException.Unreadable($"The link {Shown(link)} redirects more than {MaxRedirects} times.");
            }

            previous = current;
            current = location.IsAbsoluteUri && !IsRooted(location) ? location : new Uri(current, location.OriginalString);
        }
    }

    /// <summary>On Unix a path alone counts as an absolute file address.</summary>
    private static bool IsRooted(Uri location) => location.IsFile && location.OriginalString.StartsWith("/", StringComparison.Ordinal);

    private static string Shown(Uri link) => Links.WithoutQuery(link.OriginalString);

    private async Task<HttpResponseMessage> SendOneAsync(Uri link, string? key, ResumePoint? position, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, link);
        _headers.AddToLink(message.Headers);
        position?.Ask(message.Headers);
        if (key is not null)
        {
            message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return await http().SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
    }
}
