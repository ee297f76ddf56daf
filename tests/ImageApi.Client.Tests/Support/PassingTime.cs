using Microsoft.Extensions.Time.Testing;

namespace ImageApi.Client.Tests.Support;

/// <summary>Lets virtual time pass while real sockets do their work.</summary>
internal static class PassingTime
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    /// <summary>Advances a clock until a task is done: what waits on timers gets on, however late it set them.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="step">How far it is advanced at once.</param>
    /// <param name="done">What is waited for.</param>
    /// <param name="patience">How long the sockets get before the next step; only a minimum of real time where steps must not pile up.</param>
    public static async Task PassUntilAsync(this FakeTimeProvider time, TimeSpan step, Task done, TimeSpan patience = default)
    {
        var watchdog = Task.Delay(Watchdog.Limit);
        while (!done.IsCompleted)
        {
            Assert.False(watchdog.IsCompleted, "The call does not end, however much virtual time passes.");
            time.Advance(step);
            var next = Task.Delay(patience > Look ? patience : Look);
            while (!done.IsCompleted && !next.IsCompleted)
            {
                await Task.Delay(Look);
            }
        }
    }
}
