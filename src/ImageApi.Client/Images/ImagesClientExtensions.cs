namespace ImageApi.Client;

/// <summary>Short forms of the calls of <see cref="ImagesClient"/>.</summary>
public static class ImagesClientExtensions
{
    /// <summary>Generates one image from a prompt, with the defaults of <see cref="ImageRequest"/>.</summary>
    /// <param name="images">The client.</param>
    /// <param name="prompt">What the image is to show.</param>
    /// <param name="options">Timeout, idempotency key and headers of this call.</param>
    /// <param name="cancellationToken">Cancels it. What the server has begun by then may still be billed.</param>
    /// <returns>The image, and what the server tells about it.</returns>
    /// <exception cref="ArgumentException"><paramref name="prompt"/> is blank; nothing was sent.</exception>
    /// <exception cref="ImageApiException">The call failed; <see cref="ImageApiException.Outcome"/> says whether it may have been billed.</exception>
    /// <exception cref="ImageApiCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    /// <example>
    /// <code>
    /// var result = await client.Images.GenerateAsync("a red fox in the snow");
    /// await client.Media.SaveAsync(result.Images[0], "fox.png");
    /// </code>
    /// </example>
    public static Task<ImageResult> GenerateAsync(
        this ImagesClient images, string prompt, RequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentException.ThrowIfNullOrWhiteSpace(prompt);

        return images.GenerateAsync(new ImageRequest { Prompt = prompt }, options, cancellationToken);
    }
}
