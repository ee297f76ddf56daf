using System.Diagnostics;
using System.Globalization;
using ImageApi.Client;
using ImageApi.Emulator;
using Spectre.Console;

namespace Quickstart;

/// <summary>Tells on the terminal what happens, and remembers what was saved and which jobs have not been.</summary>
internal sealed class Report
{
    private readonly IAnsiConsole _console = AnsiConsole.Console;
    private readonly List<SavedMedia> _savedFiles = [];
    private readonly HashSet<string> _unfinishedJobs = [];
    private readonly Stopwatch _stopwatch = Stopwatch.StartNew();
    private int _stepCount;

    public Report()
    {
        if (Console.IsOutputRedirected)
        {
            // Nobody's window: lines must not be broken.
            _console.Profile.Width = 400;
        }
    }

    /// <summary>The directory for everything that is saved.</summary>
    public static string Directory { get; } = Path.GetFullPath("out") + Path.DirectorySeparatorChar;

    private bool IsInteractive => _console.Profile.Capabilities.Interactive && !Console.IsOutputRedirected;

    /// <summary>Finds a name that no earlier run has used: what was paid for is not overwritten.</summary>
    public static string UnusedPath(string name) => Enumerable.Range(1, int.MaxValue)
        .Select(number => Path.Combine(Directory, number == 1 ? $"{name}.png" : $"{name}-{number}.png"))
        .First(path => !File.Exists(path));

    public void Start(string server) => _console.MarkupLineInterpolated($"[bold]ImageApi.Client[/] uses {server}");

    public void Step(string title, string request)
    {
        _console.WriteLine();
        _console.MarkupLineInterpolated($"[bold green]{++_stepCount}. {title}[/]  [grey]{request}[/]");
    }

    public void Line(string name, string text) => _console.MarkupLineInterpolated($"   [grey]{name,-10}[/] {text}");

    public void OnSaved(SavedMedia saved)
    {
        _savedFiles.Add(saved);
        Line("saved", RelativePath(saved.Path));
    }

    public void OnAccepted(Job job)
    {
        _unfinishedJobs.Add(job.Id);
        Line("accepted", job.Id);
    }

    public void OnCompleted(Job job)
    {
        _unfinishedJobs.Remove(job.Id);
        if (!job.Output.All.Any())
        {
            Line("saved", "nothing: the job succeeded without an image, video or audio output");
        }
    }

    /// <summary>Turns a spinner while a call is under way.</summary>
    public Task<T> WithSpinnerAsync<T>(string activity, Func<Task<T>> call) =>
        IsInteractive ? _console.Status().StartAsync(activity, _ => call()) : call();

    /// <summary>Shows the state of a job while it is waited for: in place on a terminal, as lines in a file.</summary>
    public async Task<Job> ShowProgressAsync(Func<IProgress<Job>, Task<Job>> wait)
    {
        var stopwatch = Stopwatch.StartNew();
        if (!IsInteractive)
        {
            return await wait(new SynchronousProgress(job => Line("state", FormatState(job, stopwatch))));
        }

        var completedJob = await _console.Status().StartAsync("submitting", status => wait(new SynchronousProgress(job => status.Status(FormatState(job, stopwatch)))));
        Line("state", FormatState(completedJob, stopwatch));
        return completedJob;
    }

    public void WriteSummary(EmulatorLedger? ledger)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("file", "type").AddColumn("bytes", column => column.RightAligned());
        foreach (var saved in _savedFiles)
        {
            table.AddRow(Markup.Escape(RelativePath(saved.Path)), saved.MimeType ?? "", saved.SizeInBytes.ToString("N0", CultureInfo.InvariantCulture));
        }

        _console.WriteLine();
        _console.Write(table);
        _console.MarkupLineInterpolated($"{_savedFiles.Count} files in {_stopwatch.Elapsed.TotalSeconds:0.0} s. Saved to [bold]{Directory}[/]");
        if (ledger is not null)
        {
            var chargedTwice = ledger.ChargesByPrompt.Values.Count(charges => charges > 1);
            _console.WriteLine($"The emulator charged {ledger.ChargeCount} requests, {(chargedTwice == 0 ? "none" : chargedTwice)} of them twice.");
            _console.WriteLine("The emulator draws patterns; a real model follows the prompt.");
        }
    }

    public void OnCanceled(OperationCanceledException cancellation)
    {
        _console.WriteLine();
        _console.MarkupLine("[yellow]Canceled.[/]");
        if (cancellation is ImageApiCanceledException { Outcome: RequestOutcome.Unknown, JobId: null, Info.IdempotencyKey: { } idempotencyKey })
        {
            Console.WriteLine($"The last request may have been billed. Its idempotency key: {idempotencyKey}");
        }

        WriteUnfinishedJobs(Console.Out);
    }

    public void OnFailed(Exception exception)
    {
        // The message says whether something may have been bought.
        Console.Error.WriteLine($"Failed: {exception.Message}");
        WriteUnfinishedJobs(Console.Error);
    }

    private static string FormatState(Job job, Stopwatch stopwatch) =>
        string.Create(CultureInfo.InvariantCulture, $"{job.Status} after {stopwatch.Elapsed.TotalSeconds:0.0} s");

    private static string RelativePath(string path) => Path.GetRelativePath(Environment.CurrentDirectory, path);

    private void WriteUnfinishedJobs(TextWriter writer)
    {
        foreach (var id in _unfinishedJobs)
        {
            writer.WriteLine($"Job {id} was submitted, but its output is not saved yet. Call client.Jobs.WaitAsync(\"{id}\") from any program to resume it.");
        }
    }

    /// <summary>Reports at once; <see cref="Progress{T}"/> would report later, on another thread.</summary>
    private sealed class SynchronousProgress(Action<Job> report) : IProgress<Job>
    {
        public void Report(Job value) => report(value);
    }
}
