using System.Text.Json;
using ImageApi.Client.Http.Errors;
using ImageApi.Client.Media.Destinations;
using ImageApi.Client.Media.Extraction;
using ImageApi.Client.Serialization;

namespace ImageApi.Client.Images.Internal;

/// <summary>Reads the answer of a synchronous generation.</summary>
internal static class ImageResultParser
{
    private static readonly string[] JobIds = ["id", "job_id", "task_id"];
    private static readonly string[] KnownFields = ["created", "created_at", "data", "images", "usage", "size", "quality", "output_format", "background", "request_id"];

    public static ParsedImages Parse(ExtractedJson json, string? headerRequestId, Uri baseAddress)
    {
        var root = json.Root;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw EmptyResponse(root);
        }

        var images = ParseMember(root, "data", json, baseAddress) ?? ParseMember(root, "images", json, baseAddress) ?? [.. MediaParser.Unclaimed(json)];
        if (images.Count == 0)
        {
            throw NoImages(root, headerRequestId);
        }

        if (json.HasInvalid && images.All(static image => image is { Media.Url: null, Sink: null }))
        {
            throw InvalidResponseException.Invalid(images[0].Media.Error!.Message!);
        }

        var media = new GeneratedMedia[images.Count];
        var sinks = new MediaSink?[images.Count];
        for (var i = 0; i < images.Count; i++)
        {
            (media[i], sinks[i]) = images[i];
        }

        var result = new ImageResult
        {
            Images = media,
            CreatedAt = root.Time("created", "created_at"),
            Usage = root.TryFind("usage", out var usage) && usage.ValueKind == JsonValueKind.Object ? ParseUsage(usage) : null,
            Size = json.GetEnum(root, "size") is { } size ? new ImageSize(size) : default(ImageSize?),
            Quality = json.GetEnum(root, "quality") is { } quality ? new ImageQuality(quality) : default(ImageQuality?),
            OutputFormat = json.GetEnum(root, "output_format") is { } format ? new ImageOutputFormat(format) : default(ImageOutputFormat?),
            Background = json.GetEnum(root, "background") is { } background ? new ImageBackground(background) : default(ImageBackground?),
            RequestId = json.Redact(root.Text("request_id") ?? headerRequestId),
            AdditionalProperties = root.Others(KnownFields),
        };
        return new ParsedImages(result, sinks);
    }

    /// <summary>A success without pictures is an error in disguise, a job, or a purchase that came to nothing.</summary>
    private static InvalidResponseException NoImages(JsonElement root, string? headerRequestId)
    {
        var requestId = root.Text("request_id") ?? headerRequestId;
        var error = ErrorBodyParser.Parse(root);
        var job = root.Text(JobIds) is null && root.TryFind("data", out var data) ? data : root;
        if (job.Text(JobIds) is { } jobId && (job.TryFind(["status", "state", "task_status"], out _) || error is { IsNamed: true }))
        {
            var kind = error is { IsNamed: true } ? FailureKind.ErrorInBody : FailureKind.InvalidBody;
            return new InvalidResponseException(kind, (error is { IsNamed: true } ? error.Message : null) ?? "The server made a job of the request: Jobs.WaitAsync with its id continues it.")
            {
                Error = error is { IsNamed: true } ? error : null,
                JobId = jobId,
                RequestId = requestId,
                Outcome = RequestOutcome.Accepted,
            };
        }

        if (error is not null)
        {
            return InvalidResponseException.FromError(error, requestId);
        }

        return root.TryFind("data", out _)
            ? new InvalidResponseException(FailureKind.InvalidBody, "The generation succeeded without images.") { RequestId = requestId, Outcome = RequestOutcome.Accepted }
            : EmptyResponse(root);
    }

    private static IReadOnlyList<ParsedMedia>? ParseMember(JsonElement root, string name, ExtractedJson json, Uri baseAddress) =>
        root.TryFind(name, out var list) && MediaParser.ParseList(list, MediaKind.Image, json, baseAddress) is { Count: > 0 } images ? images : null;

    private static InvalidResponseException EmptyResponse(JsonElement root) => new(
        root.ValueKind is JsonValueKind.Null or JsonValueKind.Array ? FailureKind.EmptyBody : FailureKind.InvalidBody, "The answer holds no images and no error.");

    private static ImageUsage ParseUsage(JsonElement usage)
    {
        var details = usage.TryFind("input_tokens_details", out var found) ? found : default;
        return new ImageUsage
        {
            InputTokens = usage.Long("input_tokens"),
            InputTextTokens = details.Long("text_tokens"),
            InputImageTokens = details.Long("image_tokens"),
            OutputTokens = usage.Long("output_tokens"),
            TotalTokens = usage.Long("total_tokens"),
        };
    }
}
