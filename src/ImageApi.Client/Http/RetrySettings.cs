namespace ImageApi.Client.Http;

/// <summary>The numbers behind the waits between attempts.</summary>
internal sealed record RetrySettings(int MaxRetries, TimeSpan BaseDelay, TimeSpan MaxDelay, TimeSpan MaxRetryAfter);
