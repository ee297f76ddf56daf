using ImageApi.Client.Media.References;
using ImageApi.Client.Validation;

namespace ImageApi.Client.Jobs.Internal;

/// <summary>Checks a request and writes its fields.</summary>
internal static class JobRequestWriter
{
    public static void ThrowIfInvalid(JobRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Input is null)
        {
            throw new ArgumentException("JobRequest.Input is required.", nameof(request));
        }

        if (request.Model is not null || request.Input.NeedsModel)
        {
            RequestValidation.ThrowIfBlank(request.Model, nameof(request), nameof(JobRequest.Model));
        }

        request.Input.ThrowIfInvalid(nameof(request));
    }

    public static async ValueTask<JsonRequestContent> WriteAsync(JobRequest request, ReferenceImageUploader? uploads, CancellationToken cancellationToken)
    {
        var body = new JsonRequestContent(uploads);
        try
        {
            body.Writer.WriteStartObject();
            body.Writer.WriteString("model", request.Model ?? ImageRequest.DefaultModel);
            body.Writer.WritePropertyName("input");
            await request.Input.WriteAsync(body, cancellationToken).ConfigureAwait(false);
            body.Writer.WriteEndObject();
            return body;
        }
        catch (Exception)
        {
            body.Dispose();
            throw;
        }
    }
}
