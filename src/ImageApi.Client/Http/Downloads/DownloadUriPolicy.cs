namespace ImageApi.Client.Http.Downloads;

/// <summary>Which links may be fetched. Checked again on every hop of a redirect.</summary>
internal sealed class DownloadUriPolicy
{
    public required Uri BaseAddress { get; init; }

    public bool AllowInsecure { get; init; }

    /// <summary>Gets a value indicating whether links to the API's own origin get the key.</summary>
    public bool SendApiKeyToSameOrigin { get; init; }

    /// <summary>Gets the caller's own rule; null for none.</summary>
    public Func<Uri, bool>? AllowUri { get; init; }

    /// <summary>Says what is wrong with a link, or null.</summary>
    /// <param name="uri">The link, or the target of a redirect.</param>
    /// <param name="redirectedFrom">Where a redirect came from; null for the link itself.</param>
    public string? FindError(Uri uri, Uri? redirectedFrom)
    {
        if (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp)
        {
            return "it is not an http or https link";
        }

        if (uri.UserInfo.Length > 0)
        {
            return "it holds a user name or password";
        }

        if (uri.Scheme == Uri.UriSchemeHttp && !AllowInsecure && (BaseAddress.Scheme == Uri.UriSchemeHttps || redirectedFrom?.Scheme == Uri.UriSchemeHttps))
        {
            return "it is not https (Downloads.AllowInsecureHttp permits it)";
        }

        return AllowUri?.Invoke(uri) == false ? "Downloads.AllowUri refuses it" : null;
    }
}
