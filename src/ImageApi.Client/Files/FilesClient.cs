using ImageApi.Client.Diagnostics.Internal;
using ImageApi.Client.Files.Internal;
using ImageApi.Client.Http;
using ImageApi.Client.Media.References;
using ImageApi.Client.Media.Sources;
using Microsoft.Extensions.Logging;

namespace ImageApi.Client;

/// <summary>Uploads files: <c>POST /v1/files/upload</c>.</summary>
/// <remarks>Instances can be used by many threads at once.</remarks>
public class FilesClient
{
    private const string Path = "v1/files/upload";
    private static readonly ApiOperation Upload = new("files.upload", OperationKind.Upload, "Timeouts.Upload, or TransferOptions.Timeout");

    private readonly ApiTransport _transport;
    private readonly TimeSpan _timeout;

    internal FilesClient(ApiTransport transport, TimeSpan timeout)
    {
        _transport = transport;
        _timeout = timeout;
    }

    /// <summary>Initializes an instance for mocking.</summary>
    protected FilesClient()
    {
        _transport = null!;
    }

    /// <summary>Uploads one file. Memory does not grow with its size.</summary>
    /// <param name="upload">The file, and what it is for.</param>
    /// <param name="options">Progress, timeout and headers.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>What the server says of the file.</returns>
    /// <exception cref="ArgumentException"><paramref name="upload"/> is incomplete.</exception>
    /// <exception cref="IOException">The file or stream failed, or was changed between two attempts.</exception>
    /// <exception cref="ImageApiResponseException">The server said no.</exception>
    /// <exception cref="ImageApiException">No answer came, or not a usable one.</exception>
    /// <exception cref="ImageApiCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <example>
    /// <code>
    /// var file = await client.Files.UploadAsync(FileUpload.FromFile("demo.png"));
    /// var request = new ImageRequest { Prompt = "the same, at night", ReferenceImages = [file.ToReference()] };
    /// </code>
    /// </example>
    public virtual async Task<UploadedFile> UploadAsync(FileUpload upload, TransferOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(upload);
        if (upload.Kind.Value.Length == 0 || upload.Purpose.Value.Length == 0)
        {
            throw new ArgumentException("FileUpload.Kind and FileUpload.Purpose are required.", nameof(upload));
        }

        return await SendAsync(upload, options, isPreparation: false, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Uploads a reference image for a request that is to be paid: what is told of errors is about that.</summary>
    internal async Task<CachedUpload> UploadReferenceImageAsync(ContentSource source, string fileName, string mimeType, CancellationToken cancellationToken)
    {
        var file = await SendAsync(FileUpload.FromSource(source, fileName, mimeType), options: null, isPreparation: true, cancellationToken).ConfigureAwait(false);
        return new CachedUpload(file.Url, file.ExpiresAt);
    }

    private async Task<UploadedFile> SendAsync(FileUpload upload, TransferOptions? options, bool isPreparation, CancellationToken cancellationToken)
    {
        // an upload that is a part of another call leaves the line at Information to it
        using var scope = _transport.Settings.Telemetry.Begin(new OperationDescriptor(Upload.Name, SpanName: null) { Level = isPreparation ? LogLevel.Debug : LogLevel.Information });
        try
        {
            var source = await ApiTransport.PrepareAsync(Upload, upload, static (upload, token) => upload.OpenAsync(token), cancellationToken).ConfigureAwait(false);
            using var body = new MultipartUploadContent(upload, source, options?.Progress, _transport.Time);
            var file = await _transport.SendAsync(
                new ApiRequest
                {
                    Operation = Upload,
                    Observer = scope,
                    Method = HttpMethod.Post,
                    Path = Path,
                    Body = body,
                    Timeout = options?.Timeout ?? options?.RequestOptions?.Timeout ?? _timeout,
                    Headers = options?.RequestOptions?.Headers,
                    IsPreparation = isPreparation,
                    SendIdleTimeout = _transport.Settings.IdleTimeout,
                },
                (response, token) => response.ReadJsonAsync(
                    (root, response) => UploadedFileParser.Parse(root, upload, response.RequestId, _transport.Settings.BaseAddress, response.Redact), token),
                cancellationToken).ConfigureAwait(false);
            scope?.Succeed();
            return file;
        }
        catch (Exception e) when (scope is not null)
        {
            scope.Fail(e);
            throw;
        }
    }
}
