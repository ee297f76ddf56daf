namespace ImageApi.Client.Http;

/// <summary>What follows from an attempt.</summary>
/// <param name="Outcome">What is known about the purchase.</param>
/// <param name="Repeat">Whether the request may be sent again.</param>
internal readonly record struct Verdict(RequestOutcome Outcome, Repeat Repeat);
