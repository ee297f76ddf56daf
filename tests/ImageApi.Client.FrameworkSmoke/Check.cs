using System.Diagnostics;

namespace ImageApi.Client.FrameworkSmoke;

/// <summary>Tells of each fact whether it holds, and counts those that do not.</summary>
internal sealed class Check
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public int Failures { get; private set; }

    public async Task HoldsAsync(string fact, Func<Task> test)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            var running = test();
            if (await Task.WhenAny(running, Task.Delay(Limit)) != running)
            {
                throw new TimeoutException("It did not end.");
            }

            await running;
            Console.WriteLine($"ok    {fact} ({clock.ElapsedMilliseconds} ms)");
        }
        catch (Exception e)
        {
            Failures++;
            Console.WriteLine($"FAILED {fact}: {e}");
        }
    }

    public static void Equal<T>(T expected, T actual, string of)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            throw new InvalidOperationException($"{of} is {actual}, and was to be {expected}.");
        }
    }

    public static async Task<T> ThrowsAsync<T>(Func<Task> call)
        where T : Exception
    {
        try
        {
            await call();
        }
        catch (T expected)
        {
            return expected;
        }

        throw new InvalidOperationException($"No {typeof(T).Name} came.");
    }
}
