namespace ImageApi.Client.Jobs;

/// <summary>What the reading of a job depends on.</summary>
/// <param name="BaseAddress">The address that relative links are resolved against.</param>
/// <param name="Words">The table of status words.</param>
/// <param name="RejectForeignJobs">Whether an answer about another job than the one asked for is an error.</param>
internal sealed record JobReadContext(Uri BaseAddress, JobWords Words, bool RejectForeignJobs);
