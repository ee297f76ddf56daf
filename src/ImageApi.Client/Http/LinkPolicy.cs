namespace ImageApi.Client.Http;

/// <summary>Which links may be fetched. Checked again on every hop of a redirect.</summary>
internal sealed class LinkPolicy
{
    public required Uri BaseAddress { get; init; }

    public bool AllowInsecure { get; init; }

    /// <summary>Gets a value indicating whether links to the API's own origin get the key.</summary>
    public bool SendKeyToSameOrigin { get; init; }

    /// <summary>Gets the caller's own rule; null for none.</summary>
    public Func<Uri, bool>? IsAllowed { get; init; }

    /// <summary>Says what is wrong with a link, or null.</summary>
    /// <param name="link">The link, or the target of a redirect.</param>
    /// <param name="from">Where a redirect came from; null for the link itself.</param>
    public string? FindFault(Uri link, Uri? from)
    {
        if (link.Scheme != Uri.UriSchemeHttps && link.Scheme != Uri.UriSchemeHttp)
        {
            return "it is not an http or https link";
        }

        if (link.UserInfo.Length > 0)
        {
            return "it holds a user name or password";
        }

        if (link.Scheme == Uri.UriSchemeHttp && !AllowInsecure && (BaseAddress.Scheme == Uri.UriSchemeHttps || from?.Scheme == Uri.UriSchemeHttps))
        {
            return "it is not https (Links.AllowInsecureHttp permits it)";
        }

        return IsAllowed?.Invoke(link) == false ? "Links.IsAllowed refuses it" : null;
    }
}
