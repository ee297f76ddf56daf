using ImageApi.Client.Http;
using ImageApi.Client.Images;
using ImageApi.Client.Media;

namespace ImageApi.Client;

/// <summary>Generates pictures in the same call: <c>POST /v1/images/generations</c>.</summary>
/// <remarks>Instances can be used by many threads at once.</remarks>
public class ImagesClient
{
    private const string Path = "v1/images/generations";
    private static readonly ApiOperation Generate = new("images.generate", OperationKind.Paid, "Timeouts.Generation, or CallOptions.Timeout");

    private readonly ApiTransport _transport;
    private readonly TimeSpan _timeout;

    internal ImagesClient(ApiTransport transport, TimeSpan timeout)
    {
        _transport = transport;
        _timeout = timeout;
    }

    /// <summary>Initializes an instance for mocking.</summary>
    protected ImagesClient()
    {
        _transport = null!;
    }

    /// <summary>Generates pictures and waits for them.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="options">Time limit, idempotency key and headers of this call.</param>
    /// <param name="cancellationToken">Cancels it. What the server has begun by then may still be billed.</param>
    /// <returns>At least one picture: as a link, or as bytes.</returns>
    /// <exception cref="ArgumentException"><paramref name="request"/> is incomplete or cannot be sent; nothing was.</exception>
    /// <exception cref="IOException">A reference image's file or stream failed.</exception>
    /// <exception cref="ImageApiErrorException">The server said no.</exception>
    /// <exception cref="ImageApiException">No answer came, or not a usable one; <see cref="ImageApiException.Outcome"/> says whether it may have been billed.</exception>
    /// <exception cref="ImageApiCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <example>
    /// <code>
    /// var result = await client.Images.GenerateAsync(new ImageRequest { Prompt = "a red fox in the snow" });
    /// await client.Media.SaveAsync(result.Images[0], "fox.png");
    /// </code>
    /// </example>
    public virtual async Task<ImageResult> GenerateAsync(ImageRequest request, CallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ImageRequestWriter.ThrowIfInvalid(request);

        using var body = await ApiTransport.PrepareAsync(Generate, token => ImageRequestWriter.WriteAsync(request, token), cancellationToken).ConfigureAwait(false);
        var expected = request.Count ?? 1;
        return await _transport.SendAsync(
            new ApiRequest
            {
                Operation = Generate,
                Method = HttpMethod.Post,
                Path = Path,
                Body = body,
                Timeout = options?.Timeout ?? _timeout,
                IdempotencyKey = options?.IdempotencyKey,
                Headers = options?.Headers,
            },
            (answer, token) => LiftedJson.ReadAsync(
                answer, expected, store: null, json => ImageResultReader.Read(json, answer.RequestId, _transport.Settings.BaseAddress), token),
            cancellationToken).ConfigureAwait(false);
    }
}
