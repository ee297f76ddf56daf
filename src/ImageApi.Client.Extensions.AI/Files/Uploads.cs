using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace ImageApi.Client.Extensions.AI.Files;

/// <summary>Reads what is to be uploaded, and tells what was.</summary>
[Experimental(Experiment.Id, UrlFormat = Experiment.UrlFormat)]
internal static class Uploads
{
    public static FileUpload Read(FileUpload upload, string? mediaType, HostedFileClientOptions? options)
    {
        ThrowIfScoped(options);
        upload = upload with { Kind = MediaTypes.KindOf(mediaType) };
        foreach (var property in options?.AdditionalProperties ?? [])
        {
            upload = property.Key == "kind"
                ? upload with { Kind = property.Value switch { string kind => new FileKind(kind), FileKind kind => kind, _ => throw Unknown(property.Key) } }
                : throw Unknown(property.Key);
        }

        return options?.Purpose is { } purpose ? upload with { Purpose = new FilePurpose(purpose) } : upload;
    }

    public static void ThrowIfScoped(HostedFileClientOptions? options)
    {
        if (options?.Scope is not null)
        {
            throw new NotSupportedException("The API has no scopes of files: HostedFileClientOptions.Scope must not be set.");
        }
    }

    public static ArgumentException Unknown(string property) =>
        Refusal.OfOptions($"The additional property {property} has no meaning here: uploads take a kind, as a text.");

    /// <summary>Names what has no name: an extension helps where the bytes do not tell.</summary>
    public static string NameFor(string? mediaType) =>
        MediaTypes.Definite(mediaType)?.Split('/') is { Length: 2 } parts && parts[1].All(char.IsLetterOrDigit) ? $"file.{parts[1]}" : "file";

    public static HostedFileContent ToContent(UploadedFile file) =>
        new(file.Url ?? file.Id ?? throw new InvalidOperationException("The server gave neither a link nor an id for the uploaded file."))
        {
            MediaType = MediaTypes.Valid(file.MimeType),
            Name = file.FileName,
            SizeInBytes = file.Bytes,
            CreatedAt = file.CreatedAt,
            Purpose = file.Purpose.Value,
            AdditionalProperties = Describe(file),
            RawRepresentation = file,
        };

    private static AdditionalPropertiesDictionary Describe(UploadedFile file)
    {
        var properties = new AdditionalPropertiesDictionary();
        foreach (var member in file.AdditionalProperties)
        {
            properties[member.Key] = member.Value;
        }

        properties["kind"] = file.Kind.Value;
        foreach (var (name, value) in new (string, object?)[] { ("id", file.Id), ("expires_at", file.ExpiresAt), ("request_id", file.RequestId) })
        {
            if (value is not null)
            {
                properties[name] = value;
            }
        }

        return properties;
    }
}
