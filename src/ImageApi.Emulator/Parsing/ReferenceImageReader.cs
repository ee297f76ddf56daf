using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using ImageApi.Emulator.Drawing;
using ImageApi.Emulator.Generations;
using ImageApi.Emulator.Http;
using ImageApi.Emulator.Media;
using Microsoft.AspNetCore.Http;

namespace ImageApi.Emulator.Parsing;

/// <summary>Reads the reference images of an order. Inline ones and the emulator's own links are looked at; no other link is ever followed.</summary>
internal sealed class ReferenceImageReader(MediaRepository mediaRepository)
{
    private const int MaxReferenceImages = 16;

    private static readonly string[] FieldNames = ["image_url", "reference_image_urls", "reference_images", "mask"];

    public IReadOnlyList<ReferenceImage> Read(HttpContext http, JsonObjectReader input)
    {
        var referenceImages = new List<ReferenceImage>();
        foreach (var fieldName in FieldNames)
        {
            switch (input.GetOptional(fieldName))
            {
                case null:
                    break;
                case { ValueKind: JsonValueKind.Array } list:
                    var index = 0;
                    foreach (var item in list.EnumerateArray())
                    {
                        referenceImages.Add(ReadItem(http, item, $"{input.GetPath(fieldName)}[{index++}]", isMask: false));
                    }

                    break;
                case { } single when fieldName is "image_url" or "mask":
                    referenceImages.Add(ReadItem(http, single, input.GetPath(fieldName), isMask: fieldName == "mask"));
                    break;
                case { } other:
                    throw input.WrongType(fieldName, "an array", other);
            }
        }

        // The contract's own sample names one link in two fields: it is still one picture.
        var distinct = referenceImages.DistinctBy(referenceImage => (referenceImage.Label, referenceImage.IsMask, Convert.ToBase64String(referenceImage.Thumbnail.Span))).ToArray();
        return distinct.Length <= MaxReferenceImages
            ? distinct
            : throw ApiException.Invalid($"At most {MaxReferenceImages} reference images are taken.", input.GetPath("reference_images"), "too_many_images");
    }

    private ReferenceImage ReadItem(HttpContext http, JsonElement item, string path, bool isMask) => item.ValueKind switch
    {
        JsonValueKind.String => ReadUrl(http, item, path, isMask),
        JsonValueKind.Object => ReadInline(http, item, path, isMask),
        _ => throw ApiException.Invalid($"'{path}' must be a link or an object with 'mime_type' and 'data_base64'.", path, "invalid_type"),
    };

    private ReferenceImage ReadUrl(HttpContext http, JsonElement item, string path, bool isMask)
    {
        const string Marker = ";base64,";
        var text = JsonObjectReader.ReadString(item, path);
        if (text.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            var start = text.IndexOf(Marker, StringComparison.OrdinalIgnoreCase);
            return start < 0 ? throw InvalidBase64(path) : Decode(Encoding.ASCII.GetBytes(text[(start + Marker.Length)..]), path, isMask);
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            throw ApiException.Invalid($"'{path}' is not an http or https link.", path, "invalid_image_url");
        }

        if (mediaRepository.GetOwnMediaName(http, url) is not { } name)
        {
            return new ReferenceImage(url.Host, default, isMask);
        }

        var bytes = mediaRepository.TryRead(name)
            ?? throw ApiException.Invalid($"'{path}' could not be downloaded: there is nothing at this link.", path, "invalid_image_url");
        return new ReferenceImage("", ThumbnailEncoder.Encode(bytes) ?? throw InvalidImage(path), isMask);
    }

    private ReferenceImage ReadInline(HttpContext http, JsonElement item, string path, bool isMask)
    {
        if (item.TryGetProperty("url", out var urlProperty) && urlProperty.ValueKind == JsonValueKind.String)
        {
            return ReadUrl(http, urlProperty, path, isMask);
        }

        var fields = new JsonObjectReader(item, $"{path}.");
        var mimeType = fields.GetRequiredString("mime_type");
        if (!mimeType.StartsWith("image/", StringComparison.OrdinalIgnoreCase))
        {
            throw ApiException.Invalid($"'{path}.mime_type' must name an image, such as 'image/png'.", $"{path}.mime_type", "invalid_value");
        }

        return fields.GetOptional("data_base64") is { ValueKind: JsonValueKind.String } data && data.TryGetBytesFromBase64(out var bytes)
            ? new ReferenceImage("", ThumbnailEncoder.Encode(bytes) ?? throw InvalidImage(path), isMask)
            : throw InvalidBase64($"{path}.data_base64");
    }

    private static ReferenceImage Decode(byte[] base64, string path, bool isMask)
        => Base64.DecodeFromUtf8InPlace(base64, out var length) == System.Buffers.OperationStatus.Done
            ? new ReferenceImage("", ThumbnailEncoder.Encode(base64.AsMemory(0, length)) ?? throw InvalidImage(path), isMask)
            : throw InvalidBase64(path);

    private static ApiException InvalidBase64(string path) => ApiException.Invalid($"'{path}' is not valid base64.", path, "invalid_base64");

    private static ApiException InvalidImage(string path) => ApiException.Invalid($"'{path}' is not an image that can be read.", path, "invalid_image");
}
