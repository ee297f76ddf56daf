using ImageApi.Client.Jobs;

namespace ImageApi.Client.Tests.Jobs;

public sealed class JobWordsTests
{
    public static TheoryData<string, JobState> Table => new()
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
        { "cancelled", JobState.Cancelled }, { "canceled", JobState.Cancelled }, { "aborted", JobState.Cancelled }, { "revoked", JobState.Cancelled },
        { "stopped", JobState.Cancelled },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Every_word_of_the_table_has_its_state(string word, JobState state) => Assert.Equal(state, new JobWords([]).Find(word));

    [Theory]
    [MemberData(nameof(Table))]
    public void A_word_is_known_in_capitals_and_with_space_around(string word, JobState state) =>
        Assert.Equal(state, new JobWords([]).Find(" " + word.ToUpperInvariant() + "\t"));

    [Theory]
    [InlineData("IN_PROGRESS")]
    [InlineData("In-Progress")]
    [InlineData("in progress")]
    [InlineData("InProgress")]
    [InlineData("inprogress")]
    public void Separators_do_not_matter(string word) => Assert.Equal(JobState.Running, new JobWords([]).Find(word));

    [Theory]
    [InlineData("hibernating")]
    [InlineData("3")]
    [InlineData("0")]
    [InlineData("")]
    [InlineData(null)]
    public void Other_words_are_unknown(string? word) => Assert.Equal(JobState.Unknown, new JobWords([]).Find(word));

    [Fact]
    public void Own_words_go_before_known_ones() =>
        Assert.Equal(JobState.Failed, new JobWords([new("Done", JobState.Failed)]).Find("DONE"));

    [Theory]
    [InlineData("Ready To Fetch")]
    [InlineData("ready-to-fetch")]
    [InlineData("ReadyToFetch")]
    public void Own_words_are_normalised_like_known_ones(string word) =>
        Assert.Equal(JobState.Succeeded, new JobWords([new("ready_to_fetch", JobState.Succeeded)]).Find(word));
}
