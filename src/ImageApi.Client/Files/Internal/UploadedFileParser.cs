using System.Text.Json;
using ImageApi.Client.Http.Errors;
using ImageApi.Client.Redaction;
using ImageApi.Client.Serialization;

namespace ImageApi.Client.Files.Internal;

/// <summary>Reads the answer to an upload, in every shape that is known for it.</summary>
internal static class UploadedFileParser
{
    private static readonly string[] Containers = ["data", "file", "result"];
    private static readonly string[] UrlNames = ["url", "file_url", "public_url", "download_url", "uri"];
    private static readonly string[] IdNames = ["id", "file_id", "key"];
    private static readonly string[] FileNameNames = ["filename", "file_name", "name"];
    private static readonly string[] SizeNames = ["bytes", "size"];
    private static readonly string[] MediaTypeNames = ["mime_type", "content_type"];
    private static readonly string[] KnownFields =
    [
        .. Containers, .. UrlNames, .. IdNames, .. FileNameNames, .. SizeNames, .. MediaTypeNames, "kind", "purpose", "created_at", "expires_at", "request_id",
    ];

    public static UploadedFile Parse(JsonElement root, FileUpload sent, string? headerRequestId, Uri baseAddress, Func<string?, string?>? redact = null)
    {
        var requestId = root.Text("request_id") ?? headerRequestId;
        var file = Find(root, UrlNames) ?? Find(root, IdNames) ?? throw EmptyResponse(root, requestId);
        var id = file.Text(IdNames);
        var url = file.Text(UrlNames) is { } reported ? Resolve(reported, baseAddress) : null;
        if (id is null && url is null)
        {
            throw EmptyResponse(root, requestId); // a link that no client can follow, and nothing else
        }

        return new UploadedFile
        {
            Id = id,
            Url = url,
            Kind = GetEnum(file, "kind", redact) is { } kind ? kind : sent.Kind,
            Purpose = GetEnum(file, "purpose", redact) is { } purpose ? purpose : sent.Purpose,
            FileName = file.Text(FileNameNames),
            SizeInBytes = file.Long(SizeNames),
            MimeType = file.Text(MediaTypeNames),
            CreatedAt = file.Time("created_at"),
            ExpiresAt = file.Time("expires_at"),
            RequestId = Redact(requestId, redact),
            AdditionalProperties = file.Others(KnownFields),
        };
    }

    private static string? GetEnum(JsonElement file, string name, Func<string?, string?>? redact) =>
        Redact(file.Enum(name), redact) is { } value && ExtensibleEnum.IsValid(value) ? value : null;

    private static string? Redact(string? text, Func<string?, string?>? redact) => redact is null ? SecretRedactor.Redact(text, apiKey: null) : redact(text);

    private static JsonElement? Find(JsonElement root, string[] names)
    {
        if (root.Text(names) is not null)
        {
            return root;
        }

        foreach (var name in Containers)
        {
            if (root.TryFind(name, out var inner) && inner.Text(names) is not null)
            {
                return inner;
            }
        }

        return null;
    }

    private static string? Resolve(string url, Uri baseAddress) =>
        UriText.IsHttp(url) ? url
        : Uri.TryCreate(baseAddress, url, out var resolved) && UriText.IsHttp(resolved.AbsoluteUri) ? resolved.AbsoluteUri
        : null;

    private static InvalidResponseException EmptyResponse(JsonElement root, string? requestId)
    {
        if (ErrorBodyParser.Parse(root) is { } error)
        {
            return InvalidResponseException.FromError(error, requestId);
        }

        var kind = root.ValueKind is JsonValueKind.Null or JsonValueKind.Array ? FailureKind.EmptyBody : FailureKind.InvalidBody;
        return new InvalidResponseException(kind, "The answer to the upload holds neither a link nor an id.") { RequestId = requestId };
    }
}
