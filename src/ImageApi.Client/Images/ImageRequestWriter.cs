using ImageApi.Client.Media;
using ImageApi.Client.Serialization;

namespace ImageApi.Client.Images;

/// <summary>Checks a request and writes its fields.</summary>
internal static class ImageRequestWriter
{
    private static readonly string[] Own =
        ["model", "prompt", "size", "response_format", "reference_images", "quality", "output_format", "background", "n", "user"];

    public static void ThrowIfInvalid(ImageRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        RequestText.ThrowIfBlank(request.Prompt, nameof(request), nameof(ImageRequest.Prompt));
        RequestText.ThrowIfBlank(request.Model, nameof(request), nameof(ImageRequest.Model));
        RequestText.ThrowIfBlank(request.Size.Value, nameof(request), nameof(ImageRequest.Size));
        RequestText.ThrowIfBlank(request.ResponseFormat.Value, nameof(request), nameof(ImageRequest.ResponseFormat));
        RequestText.ThrowIfMalformed(request.User, nameof(request), nameof(ImageRequest.User));
        RequestText.ThrowIfOwn(request.AdditionalParameters, Own, nameof(request));
        if (request.Count < 1)
        {
            throw new ArgumentException("ImageRequest.Count must be at least 1.", nameof(request));
        }

        if (request.ReferenceImages?.Any(static image => image is null) == true)
        {
            throw new ArgumentException("ImageRequest.ReferenceImages must not hold null.", nameof(request));
        }
    }

    public static async ValueTask<JsonBody> WriteAsync(ImageRequest request, ReferenceUploads? uploads, CancellationToken cancellationToken)
    {
        var body = new JsonBody(uploads);
        try
        {
            var writer = body.Writer;
            writer.WriteStartObject();
            writer.WriteString("model", request.Model);
            writer.WriteString("prompt", request.Prompt);
            writer.WriteString("size", request.Size.Value);
            writer.WriteString("response_format", request.ResponseFormat.Value);
            if (request.ReferenceImages is { } images)
            {
                await body.WriteReferencesAsync("reference_images", images, cancellationToken).ConfigureAwait(false);
            }

            body.WriteWordIfSet("quality", request.Quality?.Value);
            body.WriteWordIfSet("output_format", request.OutputFormat?.Value);
            body.WriteWordIfSet("background", request.Background?.Value);
            body.WriteNumberIfSet("n", request.Count);
            body.WriteTextIfSet("user", request.User);
            body.WriteMembers(request.AdditionalParameters);
            writer.WriteEndObject();
            return body;
        }
        catch (Exception)
        {
            body.Dispose();
            throw;
        }
    }
}
