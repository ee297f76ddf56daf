using System.Text.Json;
using ImageApi.Client.Http;
using ImageApi.Client.Media;
using ImageApi.Client.Serialization;

namespace ImageApi.Client.Images;

/// <summary>Reads the answer of a synchronous generation.</summary>
internal static class ImageResultReader
{
    private static readonly string[] JobIds = ["id", "job_id", "task_id"];
    private static readonly string[] Known = ["created", "created_at", "data", "images", "usage", "size", "quality", "output_format", "background", "request_id"];

    public static ImageResult Read(LiftedJson answer, string? headerRequestId, Uri baseAddress)
    {
        var root = answer.Root;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw Nothing(root);
        }

        var images = ReadMember(root, "data", answer, baseAddress) ?? ReadMember(root, "images", answer, baseAddress) ?? [.. MediaReader.Unclaimed(answer)];
        if (images.Count == 0)
        {
            throw NoImages(root, headerRequestId);
        }

        if (answer.HasBroken && images.All(static image => image is { Url: null, HasBytes: false }))
        {
            throw AnswerException.Unreadable(images[0].Error!.Message!);
        }

        return new ImageResult
        {
            Images = images,
            CreatedAt = root.Time("created", "created_at"),
            Usage = root.TryFind("usage", out var usage) && usage.ValueKind == JsonValueKind.Object ? ReadUsage(usage) : null,
            Size = answer.Word(root, "size") is { } size ? new ImageSize(size) : default(ImageSize?),
            Quality = answer.Word(root, "quality") is { } quality ? new ImageQuality(quality) : default(ImageQuality?),
            OutputFormat = answer.Word(root, "output_format") is { } format ? new ImageOutputFormat(format) : default(ImageOutputFormat?),
            Background = answer.Word(root, "background") is { } background ? new ImageBackground(background) : default(ImageBackground?),
            RequestId = answer.Clean(root.Text("request_id") ?? headerRequestId),
            AdditionalProperties = root.Others(Known),
        };
    }

    /// <summary>A success without pictures is an error in disguise, a job, or a purchase that came to nothing.</summary>
    private static AnswerException NoImages(JsonElement root, string? headerRequestId)
    {
        var requestId = root.Text("request_id") ?? headerRequestId;
        var error = ErrorReader.Read(root);
        var job = root.Text(JobIds) is null && root.TryFind("data", out var data) ? data : root;
        if (job.Text(JobIds) is { } jobId && (job.TryFind(["status", "state", "task_status"], out _) || error is { IsNamed: true }))
        {
            var end = error is { IsNamed: true } ? AttemptEnd.ErrorInside : AttemptEnd.Unreadable;
            return new AnswerException(end, (error is { IsNamed: true } ? error.Message : null) ?? "The server made a job of the request: Jobs.WaitAsync with its id continues it.")
            {
                Error = error is { IsNamed: true } ? error : null,
                JobId = jobId,
                RequestId = requestId,
                Outcome = RequestOutcome.Accepted,
            };
        }

        if (error is not null)
        {
            return AnswerException.FromError(error, requestId);
        }

        return root.TryFind("data", out _)
            ? new AnswerException(AttemptEnd.Unreadable, "The generation succeeded without images.") { RequestId = requestId, Outcome = RequestOutcome.Accepted }
            : Nothing(root);
    }

    private static IReadOnlyList<GeneratedMedia>? ReadMember(JsonElement root, string name, LiftedJson answer, Uri baseAddress) =>
        root.TryFind(name, out var list) && MediaReader.ReadList(list, MediaKind.Image, answer, baseAddress) is { Count: > 0 } images ? images : null;

    private static AnswerException Nothing(JsonElement root) => new(
        root.ValueKind is JsonValueKind.Null or JsonValueKind.Array ? AttemptEnd.Empty : AttemptEnd.Unreadable, "The answer holds no images and no error.");

    private static ImageUsage ReadUsage(JsonElement usage)
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
