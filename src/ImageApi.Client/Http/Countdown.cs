using System.Diagnostics.CodeAnalysis;

namespace ImageApi.Client.Http;

/// <summary>Cancels a token when its time has run out, or when the caller's token is cancelled. It costs nearly nothing until it is started: most small answers are there at once.</summary>
[SuppressMessage("Usage", "CA2213", Justification = "The source has neither timer nor handle of its own to give back, and a late timer may still cancel it.")]
internal sealed class Countdown(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken) : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private ITimer? _timer;
    private CancellationTokenRegistration _link;

    /// <summary>Gets the token, which the caller's token cancels as well from the first <see cref="Restart"/> on.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Gets a value indicating whether the time ran out.</summary>
    public bool Expired { get; private set; }

    /// <summary>The time starts anew: something happened, or begins to be awaited.</summary>
    public void Restart()
    {
        if (_timer is null)
        {
            _timer = time.CreateTimer(static self => ((Countdown)self!).Cancel(expired: true), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _link = cancellationToken.Register(static self => ((Countdown)self!).Cancel(expired: false), this);
        }

        _timer.Change(limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Nothing is awaited: the time stands still.</summary>
    public void Pause() => _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        _link.Dispose();
        _timer?.Dispose();
    }

    private void Cancel(bool expired)
    {
        Expired |= expired;
        _source.Cancel();
    }
}
