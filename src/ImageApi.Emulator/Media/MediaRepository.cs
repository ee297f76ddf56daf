using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ImageApi.Emulator.Generations;
using ImageApi.Emulator.Uploads;
using Microsoft.AspNetCore.Http;

namespace ImageApi.Emulator.Media;

/// <summary>Stores all media that have a URL. A result is rendered on its first download.</summary>
internal sealed class MediaRepository(GenerationStore generations, UploadStore uploads, MediaRenderer renderer, EmulatorOptions options)
{
    public const string PathPrefix = "/media/";

    private readonly MediaCache _cache = new();
    private readonly byte[] _signingKey = RandomNumberGenerator.GetBytes(32);

    /// <summary>Gives out a link; one that expires says when, and cannot be prolonged by its holder.</summary>
    public string CreateUrl(HttpContext http, string name)
    {
        var origin = options.PublicBaseAddress is { } address
            ? address.AbsoluteUri.TrimEnd('/')
            : $"{http.Request.Scheme}://{http.Request.Host}";
        if (options.MediaUrlLifetime is not { } lifetime)
        {
            return $"{origin}{PathPrefix}{name}";
        }

        var expires = (options.TimeProvider.GetUtcNow() + lifetime).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        return $"{origin}{PathPrefix}{name}?expires={expires}&signature={Sign(name, expires)}";
    }

    /// <summary>Returns whether a URL is still valid. A URL without an expiry never expires.</summary>
    public bool IsUrlValid(string name, IQueryCollection query)
    {
        if (!query.TryGetValue("expires", out var expires))
        {
            return options.MediaUrlLifetime is null;
        }

        return query["signature"] == Sign(name, expires.ToString())
            && long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out var expiresAt)
            && options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds() < expiresAt;
    }

    /// <summary>The name in one of our own links, or null for the link of somebody else.</summary>
    public string? GetOwnMediaName(HttpContext http, Uri url)
    {
        var host = http.Request.Host;
        var isOwnHost = (url.Host == host.Host && url.Port == (host.Port ?? 80)) || options.PublicBaseAddress?.Authority == url.Authority;
        var prefixIndex = url.AbsolutePath.IndexOf(PathPrefix, StringComparison.Ordinal);
        return isOwnHost && prefixIndex >= 0 ? url.AbsolutePath[(prefixIndex + PathPrefix.Length)..] : null;
    }

    public StoredUpload? FindUpload(string name) => uploads.Find(name);

    /// <summary>Returns the generation request and the index of a result, or null.</summary>
    public (GenerationRequest Request, int Index)? FindResult(string name)
    {
        var dash = name.LastIndexOf('-');
        var dot = name.LastIndexOf('.');
        return dash > 0 && dot > dash
            && int.TryParse(name.AsSpan(dash + 1, dot - dash - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && generations.Find(name[..dash]) is { } request
            && index < request.Count
            && request.GetMediaName(index) == name
                ? (request, index)
                : null;
    }

    public MediaContent GetContent(GenerationRequest request, int index) => options.DrawTinyImages
        ? renderer.Render(request, index)
        : _cache.Get(request.GetMediaName(index), () => renderer.Render(request, index));

    /// <summary>Returns the bytes of a media name, or null, for callers that do not serve them over HTTP.</summary>
    public ReadOnlyMemory<byte>? TryRead(string name)
    {
        if (FindResult(name) is { } result)
        {
            return GetContent(result.Request, result.Index).Bytes;
        }

        if (FindUpload(name) is not { } upload)
        {
            return null;
        }

        using var content = upload.OpenRead();
        var bytes = new byte[upload.Length];
        content.ReadExactly(bytes);
        return bytes;
    }

    private string Sign(string name, string expires)
        => Convert.ToHexStringLower(HMACSHA256.HashData(_signingKey, Encoding.UTF8.GetBytes($"{name} {expires}")).AsSpan(0, 16));
}
