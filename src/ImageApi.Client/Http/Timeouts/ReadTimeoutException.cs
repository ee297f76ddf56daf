namespace ImageApi.Client.Http.Timeouts;

/// <summary>An answer stopped in the middle. Never leaves the library.</summary>
internal sealed class ReadTimeoutException(TimeSpan limit) : IOException($"Nothing was received for {limit.TotalSeconds:0.###} s (Timeouts.Idle).");
