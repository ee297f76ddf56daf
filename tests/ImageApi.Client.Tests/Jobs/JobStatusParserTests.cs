using ImageApi.Client.Jobs.Internal;

namespace ImageApi.Client.Tests.Jobs;

public sealed class JobStatusParserTests
{
    public static TheoryData<string, JobState> StatusTable => new()
    {
        { "queued", JobState.Pending }, { "pending", JobState.Pending }, { "submitted", JobState.Pending }, { "created", JobState.Pending },
        { "accepted", JobState.Pending }, { "scheduled", JobState.Pending }, { "in_queue", JobState.Pending }, { "waiting", JobState.Pending },
        { "not_started", JobState.Pending }, { "preparing", JobState.Pending }, { "starting", JobState.Pending },
        { "processing", JobState.Running }, { "in_progress", JobState.Running }, { "running", JobState.Running }, { "generating", JobState.Running },
        { "started", JobState.Running }, { "uploading", JobState.Running }, { "finalizing", JobState.Running }, { "cancelling", JobState.Running },
        { "canceling", JobState.Running },
        { "succeeded", JobState.Succeeded }, { "success", JobState.Succeeded }, { "successful", JobState.Succeeded },
        { "completed", JobState.Succeeded }, { "complete", JobState.Succeeded }, { "done", JobState.Succeeded }, { "finished", JobState.Succeeded },
        { "failed", JobState.Failed }, { "failure", JobState.Failed }, { "error", JobState.Failed }, { "errored", JobState.Failed },
        { "rejected", JobState.Failed }, { "blocked", JobState.Failed }, { "timeout", JobState.Failed }, { "timed_out", JobState.Failed },
        { "expired", JobState.Failed },
        { "cancelled", JobState.Canceled }, { "canceled", JobState.Canceled }, { "aborted", JobState.Canceled }, { "revoked", JobState.Canceled },
        { "stopped", JobState.Canceled },
    };

    [Theory]
    [MemberData(nameof(StatusTable))]
    public void Every_known_status_maps_to_its_state(string status, JobState state) => Assert.Equal(state, new JobStatusParser([]).Parse(status));

    [Theory]
    [MemberData(nameof(StatusTable))]
    public void Status_matching_ignores_case_and_whitespace(string status, JobState state) =>
        Assert.Equal(state, new JobStatusParser([]).Parse(" " + status.ToUpperInvariant() + "\t"));

    [Theory]
    [InlineData("IN_PROGRESS")]
    [InlineData("In-Progress")]
    [InlineData("in progress")]
    [InlineData("InProgress")]
    [InlineData("inprogress")]
    public void Status_matching_ignores_separators(string status) => Assert.Equal(JobState.Running, new JobStatusParser([]).Parse(status));

    [Theory]
    [InlineData("hibernating")]
    [InlineData("3")]
    [InlineData("0")]
    [InlineData("")]
    [InlineData(null)]
    public void Unrecognized_status_is_unknown(string? status) => Assert.Equal(JobState.Unknown, new JobStatusParser([]).Parse(status));

    [Fact]
    public void Custom_status_mappings_override_known_ones() =>
        Assert.Equal(JobState.Failed, new JobStatusParser([new("Done", JobState.Failed)]).Parse("DONE"));

    [Theory]
    [InlineData("Ready To Fetch")]
    [InlineData("ready-to-fetch")]
    [InlineData("ReadyToFetch")]
    public void Custom_status_mappings_are_normalized(string status) =>
        Assert.Equal(JobState.Succeeded, new JobStatusParser([new("ready_to_fetch", JobState.Succeeded)]).Parse(status));
}
