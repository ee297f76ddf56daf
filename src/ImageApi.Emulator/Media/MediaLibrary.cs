using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ImageApi.Emulator.Orders;
using ImageApi.Emulator.Uploads;
using Microsoft.AspNetCore.Http;

namespace ImageApi.Emulator.Media;

/// <summary>Everything that has a link. A result is made when it is first asked for: a job nobody fetches costs nothing.</summary>
internal sealed class MediaLibrary(OrderStore orders, UploadStore uploads, MediaMaker maker, EmulatorOptions options)
{
    public const string Folder = "/media/";

    private readonly MediaCache _cache = new();
    private readonly byte[] _linkSecret = RandomNumberGenerator.GetBytes(32);

    /// <summary>Gives out a link; one that expires says when, and cannot be prolonged by its holder.</summary>
    public string LinkTo(HttpContext http, string name)
    {
        var origin = options.PublicBaseAddress is { } address
            ? address.AbsoluteUri.TrimEnd('/')
            : $"{http.Request.Scheme}://{http.Request.Host}";
        if (options.LinkLifetime is not { } lifetime)
        {
            return $"{origin}{Folder}{name}";
        }

        var expires = (options.TimeProvider.GetUtcNow() + lifetime).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        return $"{origin}{Folder}{name}?expires={expires}&signature={Sign(name, expires)}";
    }

    /// <summary>Tells whether a link with an expiry still works. One without is from before there was a lifetime.</summary>
    public bool IsAlive(string name, IQueryCollection query)
    {
        if (!query.TryGetValue("expires", out var expires))
        {
            return options.LinkLifetime is null;
        }

        return query["signature"] == Sign(name, expires.ToString())
            && long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out var until)
            && options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds() < until;
    }

    /// <summary>The name in one of our own links, or null for the link of somebody else.</summary>
    public string? OwnName(HttpContext http, Uri link)
    {
        var host = http.Request.Host;
        var ours = (link.Host == host.Host && link.Port == (host.Port ?? 80)) || options.PublicBaseAddress?.Authority == link.Authority;
        var at = link.AbsolutePath.IndexOf(Folder, StringComparison.Ordinal);
        return ours && at >= 0 ? link.AbsolutePath[(at + Folder.Length)..] : null;
    }

    public StoredUpload? FindUpload(string name) => uploads.Find(name);

    /// <summary>The order and the number of a result, or null.</summary>
    public (Order Order, int Index)? FindResult(string name)
    {
        var dash = name.LastIndexOf('-');
        var dot = name.LastIndexOf('.');
        return dash > 0 && dot > dash
            && int.TryParse(name.AsSpan(dash + 1, dot - dash - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && orders.Find(name[..dash]) is { } order
            && index < order.Count
            && order.MediaName(index) == name
                ? (order, index)
                : null;
    }

    public MediaContent Make(Order order, int index) => options.DrawTinyPictures
        ? maker.Make(order, index)
        : _cache.Get(order.MediaName(index), () => maker.Make(order, index));

    /// <summary>The bytes behind a name, or null; for those who look at a picture and do not serve it.</summary>
    public ReadOnlyMemory<byte>? Peek(string name)
    {
        if (FindResult(name) is { } result)
        {
            return Make(result.Order, result.Index).Bytes;
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
        => Convert.ToHexStringLower(HMACSHA256.HashData(_linkSecret, Encoding.UTF8.GetBytes($"{name} {expires}")).AsSpan(0, 16));
}
