namespace ImageApi.Client.Polyfills;

/// <summary>One spelling of a delay for all targets.</summary>
internal static class TimeProviders
{
    extension(TimeProvider time)
    {
#if NETSTANDARD2_0
        public Task DelayAsync(TimeSpan delay, CancellationToken cancellationToken) => time.Delay(delay, cancellationToken);
#else
        public Task DelayAsync(TimeSpan delay, CancellationToken cancellationToken) => Task.Delay(delay, time, cancellationToken);
#endif
    }
}
