using System.Diagnostics;
using ImageApi.Client;

// The sample's own report wants a terminal; its tour takes this one as well.
namespace Quickstart;

/// <summary>Tells what happens in plain lines, and fails when a saved file is not what the API says.</summary>
internal sealed class Report
{
    private readonly TextWriter _lines = Console.Out;

    public static string Directory { get; } = Path.GetFullPath("out") + Path.DirectorySeparatorChar;

    public int Count { get; private set; }

    public static string FreePath(string name) => Path.Combine(Directory, name + ".png");

    public void Step(string title, string request) => _lines.WriteLine($"{title} ({request})");

    public void Line(string name, string text) => _lines.WriteLine($"  {name}: {text}");

    public void Saved(SavedMedia saved)
    {
        Line("saved", $"{Path.GetFileName(saved.Path)}, {saved.MimeType}, {saved.Bytes} bytes");
        if (new FileInfo(saved.Path).Length != saved.Bytes)
        {
            throw new InvalidOperationException($"{saved.Path} does not have {saved.Bytes} bytes.");
        }

        Count++;
    }

    public void Accepted(Job job) => Line("accepted", job.Id);

    public void Finished(Job job)
    {
        Line("ended", $"{job.Status} with {job.Output.All.Count()}");
        if (job.State != JobState.Succeeded)
        {
            throw new UnreachableException("A wait returns jobs that ended well.");
        }
    }

    public Task<T> WhileAsync<T>(string what, Func<Task<T>> call)
    {
        Line("now", what);
        return call();
    }

    public Task<Job> LiveAsync(Func<IProgress<Job>, Task<Job>> wait) => wait(new Watcher(job => Line("state", job.Status.Value)));

    private sealed class Watcher(Action<Job> show) : IProgress<Job>
    {
        public void Report(Job value) => show(value);
    }
}
