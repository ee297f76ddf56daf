using System.Text.Json;
using ImageApi.Client.Http;
using ImageApi.Client.Serialization;

namespace ImageApi.Client.Files;

/// <summary>Reads the answer to an upload, in every shape that is known for it.</summary>
internal static class UploadedFileReader
{
    private static readonly string[] Containers = ["data", "file", "result"];
    private static readonly string[] LinkNames = ["url", "file_url", "public_url", "download_url", "uri"];
    private static readonly string[] IdNames = ["id", "file_id", "key"];
    private static readonly string[] NameNames = ["filename", "file_name", "name"];
    private static readonly string[] SizeNames = ["bytes", "size"];
    private static readonly string[] TypeNames = ["mime_type", "content_type"];
    private static readonly string[] Known =
    [
        .. Containers, .. LinkNames, .. IdNames, .. NameNames, .. SizeNames, .. TypeNames, "kind", "purpose", "created_at", "expires_at", "request_id",
    ];

    public static UploadedFile Read(JsonElement root, FileUpload sent, string? headerRequestId, Uri baseAddress, Func<string?, string?>? clean = null)
    {
        var requestId = root.Text("request_id") ?? headerRequestId;
        var file = Find(root, LinkNames) ?? Find(root, IdNames) ?? throw Nothing(root, requestId);
        var id = file.Text(IdNames);
        var url = file.Text(LinkNames) is { } link ? Resolve(link, baseAddress) : null;
        if (id is null && url is null)
        {
            throw Nothing(root, requestId); // a link that no client can follow, and nothing else
        }

        return new UploadedFile
        {
            Id = id,
            Url = url,
            Kind = Word(file, "kind", clean) is { } kind ? kind : sent.Kind,
            Purpose = Word(file, "purpose", clean) is { } purpose ? purpose : sent.Purpose,
            FileName = file.Text(NameNames),
            Bytes = file.Long(SizeNames),
            MimeType = file.Text(TypeNames),
            CreatedAt = file.Time("created_at"),
            ExpiresAt = file.Time("expires_at"),
            RequestId = Clean(requestId, clean),
            AdditionalProperties = file.Others(Known),
        };
    }

    private static string? Word(JsonElement file, string name, Func<string?, string?>? clean) =>
        Clean(file.Word(name), clean) is { } word && OpenWord.IsWord(word) ? word : null;

    private static string? Clean(string? text, Func<string?, string?>? clean) => clean is null ? Redactor.Clean(text, key: null) : clean(text);

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

    private static string? Resolve(string link, Uri baseAddress) =>
        Links.IsHttp(link) ? link
        : Uri.TryCreate(baseAddress, link, out var resolved) && Links.IsHttp(resolved.AbsoluteUri) ? resolved.AbsoluteUri
        : null;

    private static AnswerException Nothing(JsonElement root, string? requestId)
    {
        if (ErrorReader.Read(root) is { } error)
        {
            return AnswerException.FromError(error, requestId);
        }

        var end = root.ValueKind is JsonValueKind.Null or JsonValueKind.Array ? AttemptEnd.Empty : AttemptEnd.Unreadable;
        return new AnswerException(end, "The answer to the upload holds neither a link nor an id.") { RequestId = requestId };
    }
}
