using System.Globalization;
using System.Text.Json;
using ImageApi.Client.Http.Errors;
using ImageApi.Client.Media.Extraction;
using ImageApi.Client.Serialization;

namespace ImageApi.Client.Jobs.Internal;

/// <summary>Reads a job, in every shape that is known for it. Only the id is essential: a paid job must not be lost for a member of another type.</summary>
internal static class JobParser
{
    private static readonly string[] IdNames = ["id", "job_id", "task_id"];
    private static readonly string[] StatusNames = ["status", "state", "task_status"];
    private static readonly string[] KnownFields =
    [
        .. IdNames, .. StatusNames, "object", "model", "created", "created_at", "progress", "error", "request_id",
    ];

    /// <summary>The members in which media are looked for. Where none are found they are kept as they came: what was paid for stays within reach.</summary>
    private static readonly string[] OutputFields = ["output", "images", "result", "data"];

    /// <summary>Reads a job.</summary>
    /// <param name="json">The answer.</param>
    /// <param name="requestedId">The id that was asked for; null for a submission, whose answer must have one.</param>
    /// <param name="context">What the reading depends on.</param>
    /// <param name="headerRequestId">The request id of the headers.</param>
    public static Job Parse(ExtractedJson json, string? requestedId, JobParserContext context, string? headerRequestId)
    {
        var root = Unwrap(json.Root);
        var requestId = json.Root.Text("request_id") ?? root.Text("request_id") ?? headerRequestId;
        var id = ParseId(root, requestId);
        var output = JobOutputParser.Parse(root, json, context.BaseAddress);
        var error = json.ReadError(root);
        if (id is null && (requestedId is null || IsError(root, output)))
        {
            throw NoJob(json.Root, requestId);
        }

        if (requestedId is not null && id is not null && id != requestedId && context.VerifyJobIds)
        {
            throw new InvalidResponseException(FailureKind.Mismatch, $"The server was asked for the job {requestedId} and answered with the job {id}.") { RequestId = requestId };
        }

        var status = ParseStatus(root, json);
        var jobId = requestedId ?? id!;
        var state = Correct(context.StatusParser.Parse(status), output.All.Any(static item => item.Error is null), error is not null);
        if (state == JobState.Succeeded && !output.All.Any())
        {
            output = JobOutputParser.ParseUnclaimed(json);
        }

        return new Job
        {
            Id = jobId,
            Status = status is null ? default : new JobStatus(status),
            State = state,
            Model = root.Text("model"),
            CreatedAt = root.Time("created", "created_at"),
            Progress = ParseProgress(root),
            Output = JobOutputParser.WithJobId(output, jobId),
            Error = error,
            RequestId = json.Redact(requestId),
            AdditionalProperties = root.Others(output.All.Any() ? [.. KnownFields, .. OutputFields] : KnownFields),
        };
    }

    private static JsonElement Unwrap(JsonElement root) =>
        !root.TryFind(IdNames, out _) && root.TryFind("data", out var data) && data.ValueKind == JsonValueKind.Object
            && (data.TryFind(IdNames, out _) || !root.TryFind(StatusNames, out _))
            ? data : root;

    /// <summary>The evidence beats the word: see the order of the corrections.</summary>
    private static JobState Correct(JobState state, bool hasOutput, bool hasError) => state switch
    {
        JobState.Succeeded when hasError && !hasOutput => JobState.Failed,
        JobState.Unknown when hasOutput => JobState.Succeeded,
        JobState.Unknown when hasError => JobState.Failed,
        _ => state,
    };

    private static string? ParseId(JsonElement root, string? requestId)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        string? id = null;
        foreach (var member in root.EnumerateObject())
        {
            if (LenientJson.IsNamed(member, "id") && member.Value.AsText() is { } text && !string.IsNullOrWhiteSpace(text))
            {
                id = id is null || id == text ? text
                    : throw new InvalidResponseException(FailureKind.Mismatch, $"The answer names different ids for one job: {id}, {text}.") { RequestId = requestId };
            }
        }

        return id ?? root.Text(IdNames);
    }

    private static string? ParseStatus(JsonElement root, ExtractedJson json) =>
        json.GetEnum(root, StatusNames) ?? (root.TryFind("output", out var output) ? json.GetEnum(output, "status") : null);

    private static double? ParseProgress(JsonElement root)
    {
        var progress = root.Number("progress");
        if (progress is null && root.Text("progress")?.Trim() is { } text && text.EndsWith("%", StringComparison.Ordinal)
            && double.TryParse(text.TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture, out var percent))
        {
            progress = percent;
        }

        return progress is >= 0 and <= 100 ? progress : null;
    }

    private static bool IsError(JsonElement root, JobOutput output) => !root.TryFind(StatusNames, out _) && !output.All.Any();

    private static InvalidResponseException NoJob(JsonElement root, string? requestId)
    {
        if (ErrorBodyParser.Parse(root) is { } error)
        {
            return InvalidResponseException.FromError(error, requestId);
        }

        var kind = root.ValueKind is JsonValueKind.Null or JsonValueKind.Array ? FailureKind.EmptyBody : FailureKind.InvalidBody;
        return new InvalidResponseException(kind, "The answer names no job.") { RequestId = requestId };
    }
}
