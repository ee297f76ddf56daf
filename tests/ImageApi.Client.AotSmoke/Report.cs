using System.Diagnostics;
using ImageApi.Client;

// The sample's own report wants a terminal; its tour takes this one as well.
namespace Quickstart;

/// <summary>Tells what happens in plain lines, and fails when a saved file is not what the API says.</summary>
internal sealed class Report
{
    private readonly TextWriter _output = Console.Out;

    public static string Directory { get; } = Path.GetFullPath("out") + Path.DirectorySeparatorChar;

    public int FileCount { get; private set; }

    public static string UnusedPath(string name) => Path.Combine(Directory, name + ".png");

    public void Step(string title, string request) => _output.WriteLine($"{title} ({request})");

    public void Line(string name, string text) => _output.WriteLine($"  {name}: {text}");

    public void OnSaved(SavedMedia saved)
    {
        Line("saved", $"{Path.GetFileName(saved.Path)}, {saved.MimeType}, {saved.SizeInBytes} bytes");
        if (new FileInfo(saved.Path).Length != saved.SizeInBytes)
        {
            throw new InvalidOperationException($"{saved.Path} does not have {saved.SizeInBytes} bytes.");
        }

        FileCount++;
    }

    public void OnAccepted(Job job) => Line("accepted", job.Id);

    public void OnCompleted(Job job)
    {
        Line("ended", $"{job.Status} with {job.Output.All.Count()}");
        if (job.State != JobState.Succeeded)
        {
            throw new UnreachableException("The job did not succeed.");
        }
    }

    public Task<T> WithSpinnerAsync<T>(string activity, Func<Task<T>> call)
    {
        Line("now", activity);
        return call();
    }

    public Task<Job> ShowProgressAsync(Func<IProgress<Job>, Task<Job>> wait) => wait(new SynchronousProgress(job => Line("state", job.Status.Value)));

    private sealed class SynchronousProgress(Action<Job> report) : IProgress<Job>
    {
        public void Report(Job value) => report(value);
    }
}
