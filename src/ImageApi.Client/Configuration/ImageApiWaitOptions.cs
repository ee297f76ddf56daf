namespace ImageApi.Client;

/// <summary>Defaults for the waits for jobs, used where <see cref="JobWaitOptions"/> of a call give no value.</summary>
public sealed class ImageApiWaitOptions
{
    /// <summary>Gets or sets the timeout of a whole wait.</summary>
    /// <value>More than zero, at most 45 days. The default is 30 minutes.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>Gets or sets the interval between the first two polls, and in <c>RunAsync</c> the delay before the first.</summary>
    /// <value>More than zero, at most 45 days. The default is 2 seconds.</value>
    public TimeSpan FirstInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets or sets the maximum interval between two polls.</summary>
    /// <value>More than zero, at most 45 days. The default is 10 seconds. A server that asks for a longer delay gets it.</value>
    public TimeSpan MaxInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets the factor by which the interval grows.</summary>
    /// <value>1 to 100. The default is 1.5.</value>
    public double IntervalFactor { get; set; } = 1.5;
}
