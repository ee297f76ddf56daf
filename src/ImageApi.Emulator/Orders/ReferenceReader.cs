using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using ImageApi.Emulator.Http;
using ImageApi.Emulator.Media;
using ImageApi.Emulator.Pictures;
using Microsoft.AspNetCore.Http;

namespace ImageApi.Emulator.Orders;

/// <summary>Reads the reference images of an order. Inline ones and the emulator's own links are looked at; no other link is ever followed.</summary>
internal sealed class ReferenceReader(MediaLibrary library)
{
    private const int MostReferences = 16;

    private static readonly string[] Members = ["image_url", "reference_image_urls", "reference_images", "mask"];

    public IReadOnlyList<Reference> Read(HttpContext http, Fields fields)
    {
        var found = new List<Reference>();
        foreach (var member in Members)
        {
            switch (fields.Get(member))
            {
                case null:
                    break;
                case { ValueKind: JsonValueKind.Array } list:
                    var index = 0;
                    foreach (var item in list.EnumerateArray())
                    {
                        found.Add(ReadOne(http, item, $"{fields.PathOf(member)}[{index++}]", isMask: false));
                    }

                    break;
                case { } single when member is "image_url" or "mask":
                    found.Add(ReadOne(http, single, fields.PathOf(member), isMask: member == "mask"));
                    break;
                case { } other:
                    throw fields.WrongType(member, "an array", other);
            }
        }

        // The contract's own sample names one link in two fields: it is still one picture.
        var distinct = found.DistinctBy(reference => (reference.Label, reference.IsMask, Convert.ToBase64String(reference.Thumbnail.Span))).ToArray();
        return distinct.Length <= MostReferences
            ? distinct
            : throw ApiException.Invalid($"At most {MostReferences} reference images are taken.", fields.PathOf("reference_images"), "too_many_images");
    }

    private Reference ReadOne(HttpContext http, JsonElement item, string path, bool isMask) => item.ValueKind switch
    {
        JsonValueKind.String => ReadText(http, item, path, isMask),
        JsonValueKind.Object => ReadInline(http, item, path, isMask),
        _ => throw ApiException.Invalid($"'{path}' must be a link or an object with 'mime_type' and 'data_base64'.", path, "invalid_type"),
    };

    private Reference ReadText(HttpContext http, JsonElement item, string path, bool isMask)
    {
        const string Marker = ";base64,";
        var text = Fields.Readable(item, path);
        if (text.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            var start = text.IndexOf(Marker, StringComparison.OrdinalIgnoreCase);
            return start < 0 ? throw NoBase64(path) : Decode(Encoding.ASCII.GetBytes(text[(start + Marker.Length)..]), path, isMask);
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var link) || link.Scheme is not ("http" or "https"))
        {
            throw ApiException.Invalid($"'{path}' is not an http or https link.", path, "invalid_image_url");
        }

        if (library.OwnName(http, link) is not { } name)
        {
            return new Reference(link.Host, default, isMask);
        }

        var bytes = library.Peek(name)
            ?? throw ApiException.Invalid($"'{path}' could not be downloaded: there is nothing at this link.", path, "invalid_image_url");
        return new Reference("", Thumbnail.Make(bytes) ?? throw NoImage(path), isMask);
    }

    private Reference ReadInline(HttpContext http, JsonElement item, string path, bool isMask)
    {
        if (item.TryGetProperty("url", out var link) && link.ValueKind == JsonValueKind.String)
        {
            return ReadText(http, link, path, isMask);
        }

        var fields = new Fields(item, $"{path}.");
        var mimeType = fields.RequiredText("mime_type");
        if (!mimeType.StartsWith("image/", StringComparison.OrdinalIgnoreCase))
        {
            throw ApiException.Invalid($"'{path}.mime_type' must name an image, such as 'image/png'.", $"{path}.mime_type", "invalid_value");
        }

        return fields.Get("data_base64") is { ValueKind: JsonValueKind.String } data && data.TryGetBytesFromBase64(out var bytes)
            ? new Reference("", Thumbnail.Make(bytes) ?? throw NoImage(path), isMask)
            : throw NoBase64($"{path}.data_base64");
    }

    private static Reference Decode(byte[] base64, string path, bool isMask)
        => Base64.DecodeFromUtf8InPlace(base64, out var length) == System.Buffers.OperationStatus.Done
            ? new Reference("", Thumbnail.Make(base64.AsMemory(0, length)) ?? throw NoImage(path), isMask)
            : throw NoBase64(path);

    private static ApiException NoBase64(string path) => ApiException.Invalid($"'{path}' is not valid base64.", path, "invalid_base64");

    private static ApiException NoImage(string path) => ApiException.Invalid($"'{path}' is not an image that can be read.", path, "invalid_image");
}
