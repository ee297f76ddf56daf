using System.Diagnostics.CodeAnalysis;
using ImageApi.Client.Extensions.AI.Internal;
using Microsoft.Extensions.AI;

namespace ImageApi.Client.Extensions.AI.Files;

/// <summary>Maps uploads and their results to hosted files.</summary>
[Experimental(ExperimentalDiagnostic.DiagnosticId, UrlFormat = ExperimentalDiagnostic.UrlFormat)]
internal static class HostedFileMapper
{
    public static FileUpload ApplyOptions(FileUpload upload, string? mediaType, HostedFileClientOptions? options)
    {
        ThrowIfScopeIsSet(options);
        upload = upload with { Kind = MediaTypes.ToFileKind(mediaType) };
        foreach (var property in options?.AdditionalProperties ?? [])
        {
            upload = property.Key == "kind"
                ? upload with { Kind = property.Value switch { string kind => new FileKind(kind), FileKind kind => kind, _ => throw UnknownProperty(property.Key) } }
                : throw UnknownProperty(property.Key);
        }

        return options?.Purpose is { } purpose ? upload with { Purpose = new FilePurpose(purpose) } : upload;
    }

    public static void ThrowIfScopeIsSet(HostedFileClientOptions? options)
    {
        if (options?.Scope is not null)
        {
            throw new NotSupportedException("The API has no scopes of files: HostedFileClientOptions.Scope must not be set.");
        }
    }

    public static ArgumentException UnknownProperty(string propertyName) =>
        Throw.InvalidOptions($"The additional property {propertyName} has no meaning here: uploads take a kind, as a text.");

    /// <summary>Creates a file name where none is given; its extension helps when the bytes have no known signature.</summary>
    public static string CreateFileName(string? mediaType) =>
        MediaTypes.SpecificOrNull(mediaType)?.Split('/') is { Length: 2 } parts && parts[1].All(char.IsLetterOrDigit) ? $"file.{parts[1]}" : "file";

    public static HostedFileContent ToHostedFileContent(UploadedFile file) =>
        new(file.Url ?? file.Id ?? throw new InvalidOperationException("The server gave neither a link nor an id for the uploaded file."))
        {
            MediaType = MediaTypes.ValidOrNull(file.MimeType),
            Name = file.FileName,
            SizeInBytes = file.SizeInBytes,
            CreatedAt = file.CreatedAt,
            Purpose = file.Purpose.Value,
            AdditionalProperties = ToAdditionalProperties(file),
            RawRepresentation = file,
        };

    private static AdditionalPropertiesDictionary ToAdditionalProperties(UploadedFile file)
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
