namespace ImageApi.Client.Validation;

/// <summary>The rules for the address of the API.</summary>
internal static class BaseAddressValidation
{
    /// <summary>Says what is wrong with an address, or null.</summary>
    public static string? FindError(Uri? address, bool allowInsecureHttp)
    {
        if (address is null)
        {
            return "is required, such as https://backend:8000. There is no default: every deployment has its own.";
        }

        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp))
        {
            return "must be an absolute http or https address, such as https://backend:8000.";
        }

        if (address.UserInfo.Length > 0)
        {
            return "must not hold a user name or password.";
        }

        if (address.Query.Length > 0 || address.Fragment.Length > 0)
        {
            return "must not have a query or a fragment.";
        }

        return address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback && !allowInsecureHttp
            ? "must be https unless it is a loopback address: the key would travel in clear text. AllowInsecureHttp permits it."
            : null;
    }

    /// <summary>Makes an address that paths beginning with <c>v1/</c> can be appended to: a prefix stays, a <c>/v1</c> at its end goes.</summary>
    public static Uri Normalize(Uri address)
    {
        var text = address.GetLeftPart(UriPartial.Path).TrimEnd('/');
        if (text.EndsWith("/v1", StringComparison.OrdinalIgnoreCase))
        {
            text = text.Substring(0, text.Length - 3).TrimEnd('/');
        }

        return new Uri(text + "/", UriKind.Absolute);
    }

    public static bool IsSameOrigin(Uri one, Uri other) =>
        one.Scheme == other.Scheme && one.Port == other.Port && string.Equals(one.IdnHost, other.IdnHost, StringComparison.OrdinalIgnoreCase);
}
