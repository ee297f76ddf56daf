namespace ImageApi.Client.Http;

/// <summary>Cancels a token when nothing has happened for some time. It costs nearly nothing until it is started: most small answers are there at once.</summary>
internal sealed class IdleWatch(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken) : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private ITimer? _timer;
    private CancellationTokenRegistration _link;
    private bool _disposed;

    /// <summary>Gets the token, which the caller's token cancels as well from the first <see cref="Restart"/> on.</summary>
    public CancellationToken Token => _source.Token;

    public bool Expired { get; private set; }

    /// <summary>Something happened, or begins to be awaited: the time starts anew.</summary>
    public void Restart()
    {
        if (_timer is null)
        {
            _timer = time.CreateTimer(static watch => ((IdleWatch)watch!).Cancel(expired: true), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _link = cancellationToken.Register(static watch => ((IdleWatch)watch!).Cancel(expired: false), this);
        }

        _timer.Change(limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Nothing is awaited: the time stands still.</summary>
    public void Pause() => _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        lock (_source)
        {
            _disposed = true;
        }

        _link.Dispose();
        _timer?.Dispose();
        _source.Dispose();
    }

    private void Cancel(bool expired)
    {
        lock (_source)
        {
            if (_disposed)
            {
                return;
            }

            Expired |= expired;
            _source.Cancel();
        }
    }
}
