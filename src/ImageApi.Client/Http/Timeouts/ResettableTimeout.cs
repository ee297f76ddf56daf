using System.Diagnostics.CodeAnalysis;
#if !NETSTANDARD2_0 // the pool of sources is used only there
using ImageApi.Client.Buffers;
#endif

namespace ImageApi.Client.Http.Timeouts;

/// <summary>Cancels a token when its time has run out, or when the caller's token is cancelled. It costs nearly nothing until it is started: most small answers are there at once.</summary>
[SuppressMessage("Usage", "CA2213", Justification = "The source holds nothing but a timer, which stands still; a late cancellation of the caller's may still reach it.")]
internal sealed class ResettableTimeout : IDisposable
{
#if !NETSTANDARD2_0 // a source cannot be used again there
    private static readonly InstancePool<CancellationTokenSource> Sources = new();
#endif

    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly CancellationToken _cancellationToken;
    private readonly CancellationTokenSource _source;
    private CancellationTokenRegistration _registration;
    private ITimer? _timer;
    private bool _started;

    /// <summary>Initializes a countdown that does not run yet.</summary>
    /// <param name="timeout">The time; infinite for no limit.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">The caller's token, which cancels <see cref="Token"/> as well from the first <see cref="Restart"/> on.</param>
    public ResettableTimeout(TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
        : this(timeout, time, new CancellationTokenSource(), cancellationToken)
    {
    }

    private ResettableTimeout(TimeSpan timeout, TimeProvider time, CancellationTokenSource source, CancellationToken cancellationToken)
    {
        _timeout = timeout;
        _time = time;
        _cancellationToken = cancellationToken;
        _source = source;
    }

    public CancellationToken Token => _source.Token;

    /// <summary>Gets a value indicating whether the source, with the timer that it has of its own, goes on to the next call.</summary>
    private bool IsReused { get; init; }

    /// <summary>Gets a value indicating whether the time ran out. When the caller's token is cancelled as well, that is what counts.</summary>
    public bool IsExpired => _source.IsCancellationRequested && !_cancellationToken.IsCancellationRequested;

    /// <summary>Starts a countdown for a call.</summary>
    /// <param name="timeout">The time; infinite for no limit.</param>
    /// <param name="time">The clock.</param>
    /// <param name="isExposed">Whether the application gets to see the token, and may hold on to it when the call is over.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    public static ResettableTimeout StartNew(TimeSpan timeout, TimeProvider time, bool isExposed, CancellationToken cancellationToken)
    {
#if NETSTANDARD2_0
        var started = new ResettableTimeout(timeout, time, cancellationToken);
#else
        var started = time == TimeProvider.System && !isExposed
            ? new ResettableTimeout(timeout, time, Sources.Rent() ?? new CancellationTokenSource(), cancellationToken) { IsReused = true }
            : new ResettableTimeout(timeout, time, cancellationToken);
#endif
        started.Restart();
        return started;
    }

    /// <summary>The time starts anew: something happened, or begins to be awaited.</summary>
    public void Restart()
    {
        if (!_started)
        {
            _started = true;
            _registration = _cancellationToken.Register(static source => ((CancellationTokenSource)source!).Cancel(), _source);
            _timer = IsReused ? null : _time.CreateTimer(static source => ((CancellationTokenSource)source!).Cancel(), _source, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        Run(_timeout);
    }

    /// <summary>Nothing is awaited: the time stands still.</summary>
    public void Pause()
    {
        if (_started)
        {
            Run(Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        _registration.Dispose();
        Pause();
        _timer?.Dispose();
#if !NETSTANDARD2_0
        if (IsReused && _source.TryReset())
        {
            Sources.Return(_source);
        }
#endif
    }

    private void Run(TimeSpan timeout)
    {
        if (_timer is null)
        {
            _source.CancelAfter(timeout);
        }
        else
        {
            _timer.Change(timeout, Timeout.InfiniteTimeSpan);
        }
    }
}
