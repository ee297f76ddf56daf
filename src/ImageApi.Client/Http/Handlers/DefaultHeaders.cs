using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;

namespace ImageApi.Client.Http.Handlers;

/// <summary>The headers that are the same on every request, put into words once.</summary>
internal sealed class DefaultHeaders(IEnumerable<ProductInfoHeaderValue> userAgent)
{
    private readonly string _userAgent = string.Join(" ", userAgent);

    /// <summary>Adds what goes to the API.</summary>
    public void AddToApiRequest(HttpRequestHeaders headers)
    {
        Add(headers, "Accept", "application/json");
        AddToDownload(headers);
    }

    /// <summary>Adds what goes to links.</summary>
    public void AddToDownload(HttpRequestHeaders headers)
    {
        Add(headers, "Accept-Encoding", "identity");
        Add(headers, "User-Agent", _userAgent);
    }

    [SuppressMessage("ApiDesign", "RS0030:Do not use banned APIs", Justification = "The texts are constants, and products that were parsed: there is no line break in them to be validated away, on every call.")]
    private static void Add(HttpRequestHeaders headers, string name, string value) => headers.TryAddWithoutValidation(name, value);
}
