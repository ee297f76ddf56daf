using System.Diagnostics.CodeAnalysis;
using ImageApi.Client.Extensions.AI.Internal;
using Microsoft.Extensions.AI;

namespace ImageApi.Client.Extensions.AI.Files;

/// <summary>Uploads files, and downloads them by their links; the API documents nothing else.</summary>
[Experimental(ExperimentalDiagnostic.DiagnosticId, UrlFormat = ExperimentalDiagnostic.UrlFormat)]
internal sealed class ImageApiHostedFileClient(ImageApiClient client) : IHostedFileClient
{
    public async Task<HostedFileContent> UploadAsync(
        Stream content, string? mediaType = null, string? fileName = null, HostedFileClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);

        var name = fileName ?? (content is FileStream file ? Path.GetFileName(file.Name) : HostedFileMapper.CreateFileName(mediaType));
        var upload = HostedFileMapper.ApplyOptions(FileUpload.FromStream(content, name, MediaTypes.SpecificOrNull(mediaType)), mediaType, options);
        var uploaded = await client.Files.UploadAsync(upload, GetTransferOptions(options), cancellationToken).ConfigureAwait(false);
        return HostedFileMapper.ToHostedFileContent(uploaded);
    }

    public async Task<HostedFileDownloadStream> DownloadAsync(string fileId, HostedFileClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(fileId);
        HostedFileMapper.ThrowIfScopeIsSet(options);
        if (options?.AdditionalProperties is { Count: > 0 } properties)
        {
            throw HostedFileMapper.UnknownProperty(properties.First().Key);
        }

        if (!HostedFileId.IsUrl(fileId))
        {
            throw NotSupported("a download of files by their ids: give the link");
        }

        var stream = await client.Media.OpenReadAsync(new GeneratedMedia { Url = fileId }, GetTransferOptions(options), cancellationToken).ConfigureAwait(false);
        return new MediaDownloadStream(stream, fileId);
    }

    public Task<HostedFileContent?> GetFileInfoAsync(string fileId, HostedFileClientOptions? options = null, CancellationToken cancellationToken = default) =>
        throw NotSupported("a query of files");

    public IAsyncEnumerable<HostedFileContent> ListFilesAsync(HostedFileClientOptions? options = null, CancellationToken cancellationToken = default) =>
        throw NotSupported("a list of files");

    public Task<bool> DeleteAsync(string fileId, HostedFileClientOptions? options = null, CancellationToken cancellationToken = default) =>
        throw NotSupported("a deletion of files");

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);

        return serviceKey is not null ? null
            : serviceType == typeof(HostedFileClientMetadata) ? new HostedFileClientMetadata(ProviderMetadata.Name, client.BaseAddress) // the address may change
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType.IsInstanceOfType(client) ? client
            : null;
    }

    /// <summary>The client is its owner's.</summary>
    public void Dispose()
    {
    }

    private static NotSupportedException NotSupported(string operation) => new($"The API documents no such thing as {operation}.");

    private TransferOptions? GetTransferOptions(HostedFileClientOptions? options) => options?.RawRepresentationFactory?.Invoke(this) switch
    {
        null => null,
        TransferOptions transferOptions => transferOptions,
        var other => throw Throw.InvalidOptions($"The raw representation is TransferOptions, not a {other.GetType().Name}."),
    };
}
