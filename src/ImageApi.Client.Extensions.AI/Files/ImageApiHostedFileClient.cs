using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace ImageApi.Client.Extensions.AI.Files;

/// <summary>Uploads files, and downloads them by their links; the API documents nothing else.</summary>
[Experimental(Experiment.Id, UrlFormat = Experiment.UrlFormat)]
internal sealed class ImageApiHostedFileClient(ImageApiClient client) : IHostedFileClient
{
    public async Task<HostedFileContent> UploadAsync(
        Stream content, string? mediaType = null, string? fileName = null, HostedFileClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);

        var name = fileName ?? (content is FileStream file ? Path.GetFileName(file.Name) : Uploads.NameFor(mediaType));
        var upload = Uploads.Read(FileUpload.FromStream(content, name, MediaTypes.Definite(mediaType)), mediaType, options);
        var uploaded = await client.Files.UploadAsync(upload, Transfer(options), cancellationToken).ConfigureAwait(false);
        return Uploads.ToContent(uploaded);
    }

    public async Task<HostedFileDownloadStream> DownloadAsync(string fileId, HostedFileClientOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(fileId);
        Uploads.ThrowIfScoped(options);
        if (options?.AdditionalProperties is { Count: > 0 } properties)
        {
            throw Uploads.Unknown(properties.First().Key);
        }

        if (!HostedFiles.IsLink(fileId))
        {
            throw Undocumented("a download of files by their ids: give the link");
        }

        var stream = await client.Media.OpenReadAsync(new GeneratedMedia { Url = fileId }, Transfer(options), cancellationToken).ConfigureAwait(false);
        return new DownloadStream(stream, fileId);
    }

    public Task<HostedFileContent?> GetFileInfoAsync(string fileId, HostedFileClientOptions? options = null, CancellationToken cancellationToken = default) =>
        throw Undocumented("a query of files");

    public IAsyncEnumerable<HostedFileContent> ListFilesAsync(HostedFileClientOptions? options = null, CancellationToken cancellationToken = default) =>
        throw Undocumented("a list of files");

    public Task<bool> DeleteAsync(string fileId, HostedFileClientOptions? options = null, CancellationToken cancellationToken = default) =>
        throw Undocumented("a deletion of files");

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);

        return serviceKey is not null ? null
            : serviceType == typeof(HostedFileClientMetadata) ? new HostedFileClientMetadata(Provider.Name, client.BaseAddress) // the address may change
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType.IsInstanceOfType(client) ? client
            : null;
    }

    /// <summary>The client is its owner's.</summary>
    public void Dispose()
    {
    }

    private static NotSupportedException Undocumented(string what) => new($"The API documents no such thing as {what}.");

    private TransferOptions? Transfer(HostedFileClientOptions? options) => options?.RawRepresentationFactory?.Invoke(this) switch
    {
        null => null,
        TransferOptions transfer => transfer,
        var other => throw Refusal.OfOptions($"The raw representation is TransferOptions, not a {other.GetType().Name}."),
    };
}
