using System.Diagnostics.CodeAnalysis;

namespace ImageApi.Client.Http;

/// <summary>Cancels a token when its time has run out, or when the caller's token is cancelled. It costs nearly nothing until it is started: most small answers are there at once.</summary>
[SuppressMessage("Usage", "CA2213", Justification = "The source holds nothing but a timer, which stands still; a late cancellation of the caller's may still reach it.")]
internal sealed class Countdown : IDisposable
{
#if !NETSTANDARD2_0 // a source cannot be used again there
    private static readonly Spares<CancellationTokenSource> SpareSources = new();
#endif

    private readonly TimeSpan _limit;
    private readonly TimeProvider _time;
    private readonly CancellationToken _cancellationToken;
    private readonly CancellationTokenSource _source;
    private CancellationTokenRegistration _link;
    private ITimer? _timer;
    private bool _started;

    /// <summary>Initializes a countdown that does not run yet.</summary>
    /// <param name="limit">The time; infinite for no limit.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">The caller's token, which cancels <see cref="Token"/> as well from the first <see cref="Restart"/> on.</param>
    public Countdown(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
        : this(limit, time, new CancellationTokenSource(), cancellationToken)
    {
    }

    private Countdown(TimeSpan limit, TimeProvider time, CancellationTokenSource source, CancellationToken cancellationToken)
    {
        _limit = limit;
        _time = time;
        _cancellationToken = cancellationToken;
        _source = source;
    }

    public CancellationToken Token => _source.Token;

    /// <summary>Gets a value indicating whether the source, with the timer that it has of its own, goes on to the next call.</summary>
    private bool IsReused { get; init; }

    /// <summary>Gets a value indicating whether the time ran out. When the caller's token is cancelled as well, that is what counts.</summary>
    public bool Expired => _source.IsCancellationRequested && !_cancellationToken.IsCancellationRequested;

    /// <summary>Starts a countdown for a call.</summary>
    /// <param name="limit">The time; infinite for no limit.</param>
    /// <param name="time">The clock.</param>
    /// <param name="isHandedOut">Whether the application gets to see the token, and may hold on to it when the call is over.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    public static Countdown StartForCall(TimeSpan limit, TimeProvider time, bool isHandedOut, CancellationToken cancellationToken)
    {
#if NETSTANDARD2_0
        var countdown = new Countdown(limit, time, cancellationToken);
#else
        var countdown = time == TimeProvider.System && !isHandedOut
            ? new Countdown(limit, time, SpareSources.Take() ?? new CancellationTokenSource(), cancellationToken) { IsReused = true }
            : new Countdown(limit, time, cancellationToken);
#endif
        countdown.Restart();
        return countdown;
    }

    /// <summary>The time starts anew: something happened, or begins to be awaited.</summary>
    public void Restart()
    {
        if (!_started)
        {
            _started = true;
            _link = _cancellationToken.Register(static source => ((CancellationTokenSource)source!).Cancel(), _source);
            _timer = IsReused ? null : _time.CreateTimer(static source => ((CancellationTokenSource)source!).Cancel(), _source, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        Run(_limit);
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
        _link.Dispose();
        Pause();
        _timer?.Dispose();
#if !NETSTANDARD2_0
        if (IsReused && _source.TryReset())
        {
            SpareSources.Give(_source);
        }
#endif
    }

    private void Run(TimeSpan limit)
    {
        if (_timer is null)
        {
            _source.CancelAfter(limit);
        }
        else
        {
            _timer.Change(limit, Timeout.InfiniteTimeSpan);
        }
    }
}
