namespace ImageApi.Client.Http.Retries;

/// <summary>The numbers behind the waits between attempts.</summary>
internal sealed record RetrySettings(int MaxRetries, TimeSpan BaseDelay, TimeSpan MaxDelay, TimeSpan MaxRetryAfter);
