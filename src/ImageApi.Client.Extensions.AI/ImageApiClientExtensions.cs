using System.Diagnostics.CodeAnalysis;
using ImageApi.Client;
using ImageApi.Client.Extensions.AI.Files;
using ImageApi.Client.Extensions.AI.Generation;
using ImageApi.Client.Extensions.AI.Internal;

namespace Microsoft.Extensions.AI;

/// <summary>Hands an <see cref="ImageApiClient"/> to Microsoft.Extensions.AI.</summary>
[Experimental(ExperimentalDiagnostic.DiagnosticId, UrlFormat = ExperimentalDiagnostic.UrlFormat)]
public static class ImageApiClientExtensions
{
    /// <summary>Makes an image generator of the client.</summary>
    /// <remarks>
    /// <para>What is set is sent, or refused with an <see cref="ArgumentException"/> or a <see cref="NotSupportedException"/> before anything is bought;
    /// nothing is left out silently. (What original images tell of themselves beyond their bytes or link, such as a name, has no field in the API.) The errors of the client come out as they are, with <see cref="ImageApiException.Outcome"/> and the job's id.</para>
    /// <para><see cref="ImageGenerationOptions.RawRepresentationFactory"/> may give an <see cref="ImageRequest"/> or, with jobs, a <see cref="JobRequest"/> or an
    /// <see cref="ImageJobInput"/>. What it sets wins; what it leaves blank or at its default is filled in from the request and the options; its reference images are sent
    /// before the original images. <see cref="ImageGenerationResponse.RawRepresentation"/> is the <see cref="ImageResult"/>, or the <see cref="Job"/>.</para>
    /// <para>Disposing the generator leaves the client open.</para>
    /// </remarks>
    /// <param name="client">The client.</param>
    /// <param name="defaultModelId">The model of requests that name none; by default <c>gpt-image-2</c>, the contract's.</param>
    /// <param name="options">Whether it runs over jobs, and the settings of its calls. Later changes of it do not count.</param>
    /// <returns>The generator; it can be used by many threads at once.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="client"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="defaultModelId"/> is blank, or <paramref name="options"/> has an idempotency key or settings of the other way.</exception>
    /// <example>
    /// <code>
    /// using var generator = client.AsIImageGenerator("gpt-image-2", new ImageApiGeneratorOptions { UseJobs = true });
    /// var response = await generator.GenerateImagesAsync("a red fox in the snow");
    /// var link = response.Contents.OfType&lt;UriContent&gt;().First().Uri;
    /// </code>
    /// </example>
    public static IImageGenerator AsIImageGenerator(this ImageApiClient client, string? defaultModelId = null, ImageApiGeneratorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        if (defaultModelId is not null)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(defaultModelId);
        }

        return new ImageApiImageGenerator(client, defaultModelId, options ?? new ImageApiGeneratorOptions());
    }

    /// <summary>Makes a client for hosted files of the client: it uploads files, and downloads them by their links.</summary>
    /// <remarks>
    /// <para>The API takes links as reference images and has no way to find a file by its id. <see cref="HostedFileContent.FileId"/> is therefore the file's link where the
    /// server gives one; the server's own id is the additional property <c>id</c>. A link may carry a signature: keep it out of logs.</para>
    /// <para>The API documents neither a list, nor a query, nor the deletion of files: these throw <see cref="NotSupportedException"/>. For uploads, the additional property
    /// <c>kind</c> says what the file is (by default its media type tells), and <see cref="HostedFileClientOptions.RawRepresentationFactory"/> may give <see cref="TransferOptions"/>.</para>
    /// <para>Disposing it leaves the client open.</para>
    /// </remarks>
    /// <param name="client">The client.</param>
    /// <returns>The client for hosted files; it can be used by many threads at once.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="client"/> is null.</exception>
    /// <example>
    /// <code>
    /// using var files = client.AsIHostedFileClient();
    /// var fox = await files.UploadAsync("fox.png");
    /// var response = await client.AsIImageGenerator().EditImagesAsync([fox], "the same fox at night");
    /// </code>
    /// </example>
    public static IHostedFileClient AsIHostedFileClient(this ImageApiClient client)
    {
        ArgumentNullException.ThrowIfNull(client);

        return new ImageApiHostedFileClient(client);
    }
}
