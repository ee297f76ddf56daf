using System.Text.Json;
using ImageApi.Client.Jobs.Internal;
using ImageApi.Client.Serialization;

namespace ImageApi.Client;

/// <summary>A job as it stood when the server was last asked.</summary>
/// <remarks>The id alone is enough to continue it, from any process and at any time until the server forgets it.</remarks>
public sealed record Job
{
    /// <summary>Gets the id.</summary>
    public required string Id { get; init; }

    /// <summary>Gets the state as the server spells it.</summary>
    public JobStatus Status { get; init; }

    /// <summary>Gets the normalized state.</summary>
    public JobState State { get; init; }

    /// <summary>Gets a value indicating whether the job has come to its end, good or bad.</summary>
    public bool IsFinal => State is JobState.Succeeded or JobState.Failed or JobState.Canceled;

    /// <summary>Gets the model that works on it.</summary>
    public string? Model { get; init; }

    /// <summary>Gets the time at which it was made, by the server's clock.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Gets how far it is, from 0 to 100, where the server tells it (seen at similar services).</summary>
    public double? Progress { get; init; }

    /// <summary>Gets what was generated; its lists are empty until there is something.</summary>
    public JobOutput Output { get; init => field = value ?? new(); } = new();

    /// <summary>Gets why it failed; null when it did not, or when no reason was given.</summary>
    public GenerationError? Error { get; init; }

    /// <summary>Gets the request id of the answer, for the server's support desk.</summary>
    public string? RequestId { get; init; }

    /// <summary>Gets the members that this version does not know, and the whole output when no media were found in it.</summary>
    public IReadOnlyDictionary<string, JsonElement> AdditionalProperties { get; init => field = value ?? LenientJson.NoMembers; } = LenientJson.NoMembers;

    /// <summary>Gets how long the server asked to wait before the next question.</summary>
    internal TimeSpan? RetryAfter { get; init; }

    /// <summary>Describes the job without links and bytes.</summary>
    /// <returns>A short text.</returns>
    public override string ToString() => $"Job {JobIdValidation.ToLoggable(Id)} {State} ({Status}), {Output.All.Count()} media";
}
