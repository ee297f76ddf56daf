namespace ImageApi.Client.Http.Retries;

/// <summary>What follows from an attempt.</summary>
/// <param name="Outcome">What is known about the purchase.</param>
/// <param name="Retry">Whether the request may be sent again.</param>
internal readonly record struct RetryDecision(RequestOutcome Outcome, RetryAllowance Retry);
