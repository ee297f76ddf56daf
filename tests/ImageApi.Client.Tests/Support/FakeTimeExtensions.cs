using Microsoft.Extensions.Time.Testing;

namespace ImageApi.Client.Tests.Support;

/// <summary>Lets virtual time pass while real sockets do their work.</summary>
internal static class FakeTimeExtensions
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);

    /// <summary>Advances a clock until a task is done: what waits on timers gets on, however late it set them.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="step">How far it is advanced at once.</param>
    /// <param name="completion">What is waited for.</param>
    /// <param name="minRealDelay">How long the sockets get before the next step; only a minimum of real time where steps must not pile up.</param>
    public static async Task AdvanceUntilAsync(this FakeTimeProvider time, TimeSpan step, Task completion, TimeSpan minRealDelay = default)
    {
        var testTimeout = Task.Delay(TestTimeout.Duration);
        while (!completion.IsCompleted)
        {
            Assert.False(testTimeout.IsCompleted, "The call does not end, however much virtual time passes.");
            time.Advance(step);
            var nextStep = Task.Delay(minRealDelay > PollInterval ? minRealDelay : PollInterval);
            while (!completion.IsCompleted && !nextStep.IsCompleted)
            {
                await Task.Delay(PollInterval);
            }
        }
    }
}
