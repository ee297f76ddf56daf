using ImageApi.Client.Media.References;
using ImageApi.Client.Validation;

namespace ImageApi.Client.Images.Internal;

/// <summary>Checks a request and writes its fields.</summary>
internal static class ImageRequestWriter
{
    private static readonly string[] KnownFields =
        ["model", "prompt", "size", "response_format", "reference_images", "quality", "output_format", "background", "n", "user"];

    public static void ThrowIfInvalid(ImageRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        RequestValidation.ThrowIfBlank(request.Prompt, nameof(request), nameof(ImageRequest.Prompt));
        RequestValidation.ThrowIfBlank(request.Model, nameof(request), nameof(ImageRequest.Model));
        RequestValidation.ThrowIfBlank(request.Size.Value, nameof(request), nameof(ImageRequest.Size));
        RequestValidation.ThrowIfBlank(request.ResponseFormat.Value, nameof(request), nameof(ImageRequest.ResponseFormat));
        RequestValidation.ThrowIfMalformed(request.User, nameof(request), nameof(ImageRequest.User));
        RequestValidation.ThrowIfKnownField(request.AdditionalParameters, KnownFields, nameof(request));
        if (request.Count < 1)
        {
            throw new ArgumentException("ImageRequest.Count must be at least 1.", nameof(request));
        }

        if (request.ReferenceImages?.Any(static image => image is null) == true)
        {
            throw new ArgumentException("ImageRequest.ReferenceImages must not hold null.", nameof(request));
        }
    }

    public static async ValueTask<JsonRequestContent> WriteAsync(ImageRequest request, ReferenceImageUploader? uploads, CancellationToken cancellationToken)
    {
        var body = new JsonRequestContent(uploads);
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
                await body.WriteReferenceImagesAsync("reference_images", images, cancellationToken).ConfigureAwait(false);
            }

            body.WriteEnumIfSet("quality", request.Quality?.Value);
            body.WriteEnumIfSet("output_format", request.OutputFormat?.Value);
            body.WriteEnumIfSet("background", request.Background?.Value);
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
