using System.Diagnostics;

namespace ImageApi.Client.FrameworkSmoke;

/// <summary>Tells of each fact whether it holds, and counts those that do not.</summary>
internal sealed class Check
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    public int Failures { get; private set; }

    public async Task RunAsync(string name, Func<Task> test)
    {
        var stopwatch = Stopwatch.StartNew();
        try
        {
            var testTask = test();
            if (await Task.WhenAny(testTask, Task.Delay(Timeout)) != testTask)
            {
                throw new TimeoutException("The check did not complete within 60 seconds.");
            }

            await testTask;
            Console.WriteLine($"ok    {name} ({stopwatch.ElapsedMilliseconds} ms)");
        }
        catch (Exception e)
        {
            Failures++;
            Console.WriteLine($"FAILED {name}: {e}");
        }
    }

    public static void Equal<T>(T expected, T actual, string subject)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            throw new InvalidOperationException($"Expected {subject} to be {expected}, but it is {actual}.");
        }
    }

    public static async Task<ImageApiException> ThrowsAsync(ImageApiFailureReason? reason, Func<Task> call)
    {
        var error = await ThrowsAsync<ImageApiException>(call);
        Equal(reason ?? error.Reason, error.Reason, "the reason");
        return error;
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

        throw new InvalidOperationException($"Expected {typeof(T).Name}, but no exception was thrown.");
    }
}
