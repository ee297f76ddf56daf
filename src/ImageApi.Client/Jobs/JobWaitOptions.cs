using ImageApi.Client.Validation;

namespace ImageApi.Client;

/// <summary>Settings for waiting for a job. The client's <see cref="ImageApiClientOptions.Wait"/> applies where a value is null.</summary>
public sealed class JobWaitOptions
{
    /// <summary>Gets or sets the limit for the whole wait.</summary>
    /// <value>More than zero, at most 45 days. The default is <c>Wait.Timeout</c> of the client's options, 30 minutes.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of bounds.</exception>
    public TimeSpan? Timeout
    {
        get;
        set
        {
            TimeoutValidation.ThrowIfOutOfRange(value, nameof(Timeout));
            field = value;
        }
    }

    /// <summary>Gets or sets the first interval between two questions, and in <c>RunAsync</c> the wait before the first.</summary>
    /// <value>More than zero, at most 45 days. The default is <c>Wait.FirstInterval</c>, 2 seconds.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of bounds.</exception>
    public TimeSpan? FirstInterval
    {
        get;
        set
        {
            TimeoutValidation.ThrowIfOutOfRange(value, nameof(FirstInterval));
            field = value;
        }
    }

    /// <summary>Gets or sets the longest interval between two questions.</summary>
    /// <value>More than zero, at most 45 days. The default is <c>Wait.MaxInterval</c>, 10 seconds. A server that asks for a longer wait gets it.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of bounds.</exception>
    public TimeSpan? MaxInterval
    {
        get;
        set
        {
            TimeoutValidation.ThrowIfOutOfRange(value, nameof(MaxInterval));
            field = value;
        }
    }

    /// <summary>Gets or sets the factor by which the interval grows.</summary>
    /// <value>1 to 100. The default is <c>Wait.IntervalFactor</c>, 1.5.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of bounds.</exception>
    public double? IntervalFactor
    {
        get;
        set
        {
            if (value is { } factor)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(factor, 1.0, nameof(value));
                ArgumentOutOfRangeException.ThrowIfGreaterThan(factor, 100.0, nameof(value));
            }

            field = value;
        }
    }

    /// <summary>Gets or sets who is told the job's state: after every question that was answered and, in <c>RunAsync</c>, once before the first.</summary>
    public IProgress<Job>? Progress { get; set; }

    /// <summary>Gets or sets the headers of the status queries, and the timeout of each of them. An idempotency key is not sent: queries are not paid for.</summary>
    /// <value>The default is null: no further headers, and <c>Timeouts.StatusQuery</c> of the client's options.</value>
    public RequestOptions? RequestOptions { get; set; }
}
