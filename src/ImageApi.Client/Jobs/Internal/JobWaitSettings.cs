namespace ImageApi.Client.Jobs.Internal;

/// <summary>The settings of one wait: those of the call, and the client's where the call gives none.</summary>
internal sealed record JobWaitSettings(TimeSpan Timeout, TimeSpan FirstInterval, TimeSpan MaxInterval, double IntervalFactor)
{
    public IProgress<Job>? Progress { get; private init; }

    public static JobWaitSettings FromDefaults(ImageApiWaitOptions defaults) =>
        new(defaults.Timeout, defaults.FirstInterval, defaults.MaxInterval, defaults.IntervalFactor);

    public JobWaitSettings Override(JobWaitOptions? options) => options is null ? this : new(
        options.Timeout ?? Timeout, options.FirstInterval ?? FirstInterval, options.MaxInterval ?? MaxInterval, options.IntervalFactor ?? IntervalFactor)
    {
        Progress = options.Progress,
    };
}
