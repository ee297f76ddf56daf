using System.Text.Json.Serialization;

namespace ImageApi.Client;

/// <summary>Rules for the links to what was generated. They are checked again on every hop of a redirect.</summary>
public sealed class ImageApiDownloadOptions
{
    /// <summary>Gets or sets a value indicating whether http links are fetched although the API itself is https.</summary>
    /// <value>The default is false.</value>
    public bool AllowInsecureHttp { get; set; }

    /// <summary>Gets or sets a value indicating whether the API key is sent to links of the API's own origin.</summary>
    /// <value>The default is false: links get no key.</value>
    public bool SendApiKeyToSameOrigin { get; set; }

    /// <summary>Gets or sets your own rule for links, such as a list of hosts.</summary>
    /// <remarks>It sees the name, not the address it leads to. To keep a server that is not trusted from reaching into your network,
    /// set a <c>ConnectCallback</c> on the primary handler as well.</remarks>
    /// <value>By default there is none: any link is fetched.</value>
    [JsonIgnore]
    public Func<Uri, bool>? AllowUri { get; set; }
}
