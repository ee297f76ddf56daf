using System.Diagnostics;
using System.Globalization;
using ImageApi.Client;
using ImageApi.Emulator;
using Spectre.Console;

namespace Quickstart;

/// <summary>Tells on the terminal what happens, and remembers what was saved and which jobs have not been.</summary>
internal sealed class Report
{
    private readonly IAnsiConsole _terminal = AnsiConsole.Console;
    private readonly List<SavedMedia> _saved = [];
    private readonly HashSet<string> _unfinished = [];
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private int _steps;

    public Report()
    {
        if (Console.IsOutputRedirected)
        {
            // Nobody's window: lines must not be broken.
            _terminal.Profile.Width = 400;
        }
    }

    /// <summary>The directory for everything that is saved.</summary>
    public static string Directory { get; } = Path.GetFullPath("out") + Path.DirectorySeparatorChar;

    private bool IsLive => _terminal.Profile.Capabilities.Interactive && !Console.IsOutputRedirected;

    /// <summary>Finds a name that no earlier run has used: what was paid for is not overwritten.</summary>
    public static string FreePath(string name) => Enumerable.Range(1, int.MaxValue)
        .Select(number => Path.Combine(Directory, number == 1 ? $"{name}.png" : $"{name}-{number}.png"))
        .First(path => !File.Exists(path));

    public void Start(string server) => _terminal.MarkupLineInterpolated($"[bold]ImageApi.Client[/] asks {server}");

    public void Step(string title, string request)
    {
        _terminal.WriteLine();
        _terminal.MarkupLineInterpolated($"[bold green]{++_steps}. {title}[/]  [grey]{request}[/]");
    }

    public void Line(string name, string text) => _terminal.MarkupLineInterpolated($"   [grey]{name,-10}[/] {text}");

    public void Saved(SavedMedia saved)
    {
        _saved.Add(saved);
        Line("saved", Relative(saved.Path));
    }

    public void Accepted(Job job)
    {
        _unfinished.Add(job.Id);
        Line("accepted", job.Id);
    }

    public void Finished(Job job)
    {
        _unfinished.Remove(job.Id);
        if (!job.Output.All.Any())
        {
            Line("saved", "nothing: the job has ended well, but without a picture, video or sound");
        }
    }

    /// <summary>Turns a spinner while a call is under way.</summary>
    public Task<T> WhileAsync<T>(string what, Func<Task<T>> call) =>
        IsLive ? _terminal.Status().StartAsync(what, _ => call()) : call();

    /// <summary>Shows the state of a job while it is waited for: in place on a terminal, as lines in a file.</summary>
    public async Task<Job> LiveAsync(Func<IProgress<Job>, Task<Job>> wait)
    {
        var clock = Stopwatch.StartNew();
        if (!IsLive)
        {
            return await wait(new Watcher(job => Line("state", State(job, clock))));
        }

        var ended = await _terminal.Status().StartAsync("submitting", status => wait(new Watcher(job => status.Status(State(job, clock)))));
        Line("state", State(ended, clock));
        return ended;
    }

    public void End(EmulatorLedger? ledger)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("file", "type").AddColumn("bytes", column => column.RightAligned());
        foreach (var saved in _saved)
        {
            table.AddRow(Markup.Escape(Relative(saved.Path)), saved.MimeType ?? "", saved.Bytes.ToString("N0", CultureInfo.InvariantCulture));
        }

        _terminal.WriteLine();
        _terminal.Write(table);
        _terminal.MarkupLineInterpolated($"{_saved.Count} files in {_clock.Elapsed.TotalSeconds:0.0} s. They lie in [bold]{Directory}[/]");
        if (ledger is not null)
        {
            var twice = ledger.ChargesByPrompt.Values.Count(charges => charges > 1);
            _terminal.WriteLine($"The emulator charged {ledger.ChargeCount} requests, {(twice == 0 ? "none" : twice)} of them twice.");
            _terminal.WriteLine("It draws patterns; a real model paints what the prompt says.");
        }
    }

    public void Stopped(OperationCanceledException cancellation)
    {
        _terminal.WriteLine();
        _terminal.MarkupLine("[yellow]Stopped.[/]");
        if (cancellation is ImageApiCanceledException { Outcome: RequestOutcome.Unknown, JobId: null, IdempotencyKey: { } key })
        {
            Console.WriteLine($"The last request may have been carried out and billed. Its idempotency key: {key}");
        }

        TellUnfinished(Console.Out);
    }

    public void Failed(Exception failure)
    {
        // The message says whether something may have been bought.
        Console.Error.WriteLine($"Failed: {failure.Message}");
        TellUnfinished(Console.Error);
    }

    private static string State(Job job, Stopwatch clock) =>
        string.Create(CultureInfo.InvariantCulture, $"{job.Status} after {clock.Elapsed.TotalSeconds:0.0} s");

    private static string Relative(string path) => Path.GetRelativePath(Environment.CurrentDirectory, path);

    private void TellUnfinished(TextWriter writer)
    {
        foreach (var id in _unfinished)
        {
            writer.WriteLine($"Job {id} is ordered but not saved. client.Jobs.WaitAsync(\"{id}\") continues it from any program.");
        }
    }

    /// <summary>Reports at once; <see cref="Progress{T}"/> would report later, on another thread.</summary>
    private sealed class Watcher(Action<Job> show) : IProgress<Job>
    {
        public void Report(Job value) => show(value);
    }
}
