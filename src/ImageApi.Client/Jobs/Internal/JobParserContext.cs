namespace ImageApi.Client.Jobs.Internal;

/// <summary>What the reading of a job depends on.</summary>
/// <param name="BaseAddress">The address that relative links are resolved against.</param>
/// <param name="StatusParser">The table of status words.</param>
/// <param name="VerifyJobIds">Whether an answer about another job than the one asked for is an error.</param>
internal sealed record JobParserContext(Uri BaseAddress, JobStatusParser StatusParser, bool VerifyJobIds);
