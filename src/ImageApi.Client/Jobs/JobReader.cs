using System.Globalization;
using System.Text.Json;
using ImageApi.Client.Http;
using ImageApi.Client.Media;
using ImageApi.Client.Serialization;

namespace ImageApi.Client.Jobs;

/// <summary>Reads a job, in every shape that is known for it. Only the id is essential: a paid job must not be lost for a member of another type.</summary>
internal static class JobReader
{
    private static readonly string[] IdNames = ["id", "job_id", "task_id"];
    private static readonly string[] StatusNames = ["status", "state", "task_status"];
    private static readonly string[] Known =
    [
        .. IdNames, .. StatusNames, "object", "model", "created", "created_at", "progress", "error", "request_id",
    ];

    /// <summary>The members in which media are looked for. Where none are found they are kept as they came: what was paid for stays within reach.</summary>
    private static readonly string[] Places = ["output", "images", "result", "data"];

    /// <summary>Reads a job.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="askedFor">The id that was asked for; null for a submission, whose answer must have one.</param>
    /// <param name="context">What the reading depends on.</param>
    /// <param name="headerRequestId">The request id of the headers.</param>
    public static Job Read(LiftedJson answer, string? askedFor, JobReadContext context, string? headerRequestId)
    {
        var root = Unwrap(answer.Root);
        var requestId = answer.Root.Text("request_id") ?? root.Text("request_id") ?? headerRequestId;
        var id = ReadId(root, requestId);
        var output = JobOutputReader.Read(root, answer, context.BaseAddress);
        var error = answer.ReadError(root);
        if (id is null && (askedFor is null || IsError(root, output)))
        {
            throw NoJob(answer.Root, requestId);
        }

        if (askedFor is not null && id is not null && id != askedFor && context.RejectForeignJobs)
        {
            throw new AnswerException(AttemptEnd.Contradictory, $"The server was asked for the job {askedFor} and answered with the job {id}.") { RequestId = requestId };
        }

        var word = ReadStatus(root, answer);
        var jobId = askedFor ?? id!;
        var state = Correct(context.Words.Find(word), output.All.Any(static item => item.Error is null), error is not null);
        if (state == JobState.Succeeded && !output.All.Any())
        {
            output = JobOutputReader.ReadUnclaimed(answer);
        }

        return new Job
        {
            Id = jobId,
            Status = word is null ? default : new JobStatus(word),
            State = state,
            Model = root.Text("model"),
            CreatedAt = root.Time("created", "created_at"),
            Progress = ReadProgress(root),
            Output = JobOutputReader.WithJobId(output, jobId),
            Error = error,
            RequestId = answer.Clean(requestId),
            AdditionalProperties = root.Others(output.All.Any() ? [.. Known, .. Places] : Known),
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

    private static string? ReadId(JsonElement root, string? requestId)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        string? id = null;
        foreach (var member in root.EnumerateObject())
        {
            if (TolerantJson.IsNamed(member, "id") && member.Value.AsText() is { } text && !string.IsNullOrWhiteSpace(text))
            {
                id = id is null || id == text ? text
                    : throw new AnswerException(AttemptEnd.Contradictory, $"The answer names different ids for one job: {id}, {text}.") { RequestId = requestId };
            }
        }

        return id ?? root.Text(IdNames);
    }

    private static string? ReadStatus(JsonElement root, LiftedJson answer) =>
        answer.Word(root, StatusNames) ?? (root.TryFind("output", out var output) ? answer.Word(output, "status") : null);

    private static double? ReadProgress(JsonElement root)
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

    private static AnswerException NoJob(JsonElement root, string? requestId)
    {
        if (ErrorReader.Read(root) is { } error)
        {
            return AnswerException.FromError(error, requestId);
        }

        var end = root.ValueKind is JsonValueKind.Null or JsonValueKind.Array ? AttemptEnd.Empty : AttemptEnd.Unreadable;
        return new AnswerException(end, "The answer names no job.") { RequestId = requestId };
    }
}
