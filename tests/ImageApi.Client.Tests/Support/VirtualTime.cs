using Microsoft.Extensions.Time.Testing;

namespace ImageApi.Client.Tests.Support;

/// <summary>Runs a call on a fake clock until it has ended.</summary>
/// <remarks>Over a stub everything but the waits completes at once, so that each step of the clock carries the call to its next wait.</remarks>
internal static class VirtualTime
{
    private static readonly TimeSpan Limit = TimeSpan.FromHours(2);

    /// <summary>Runs a call; a cancelled token stops the clock, since cancellations go their own ways.</summary>
    public static Task<T> RunAsync<T>(FakeTimeProvider time, Func<Task<T>> call, CancellationToken stopAdvancing = default) => Task.Run(async () =>
    {
        // a pool thread has no context of the test framework's: what a timer awakes runs on within the step
        var start = time.GetTimestamp();
        var running = call();
        while (!running.IsCompleted && !stopAdvancing.IsCancellationRequested)
        {
            Assert.True(time.GetElapsedTime(start) < Limit, "The call did not end.");
            time.Advance(TimeSpan.FromMilliseconds(50));
        }

        return await running.WaitAsync(TimeSpan.FromSeconds(30)).ConfigureAwait(false);
    });

    /// <inheritdoc cref="RunAsync"/>
    public static async Task<TException> ThrowsAsync<TException>(FakeTimeProvider time, Func<Task> call)
        where TException : Exception =>
        await Assert.ThrowsAsync<TException>(() => RunAsync(time, async () =>
        {
            await call().ConfigureAwait(false);
            return true;
        }));
}
