using System.Globalization;

namespace ImageApi.Client.Soak;

/// <summary>The figures of a run, and whether the promises were kept.</summary>
internal sealed record SoakReport
{
    /// <summary>The limit for what may stay on the heap for every job.</summary>
    private const double MostBytesPerJob = 200;

    /// <summary>From this many jobs on the slope alone decides. In a shorter run it is mostly the connections that happen to be open when it is measured.</summary>
    private const int LongRun = 10_000;

    /// <summary>What a worker's connection, its buffers and what they leave in the pools may take: so much may come and go without being a leak.</summary>
    private const double BytesPerWorker = 16 * 1024;

    public required ulong Seed { get; init; }

    public required IReadOnlyDictionary<CallEnd, int> Ends { get; init; }

    public required int DoubleCharged { get; init; }

    public required int FalseSafety { get; init; }

    /// <summary>Calls that were charged and whose error neither names a job nor says that the outcome is unknown.</summary>
    public required int LostIds { get; init; }

    public required int WrongFiles { get; init; }

    public required int SocketsLeft { get; init; }

    public required int TempFilesLeft { get; init; }

    public required double BytesPerJob { get; init; }

    public required TimeSpan Elapsed { get; init; }

    public required IReadOnlyList<string> Surprises { get; init; }

    public bool KeepsItsPromises(SoakOptions options) =>
        Ends.Values.Sum() == options.Jobs && DoubleCharged + FalseSafety + LostIds + WrongFiles + Count(CallEnd.Hung) + Count(CallEnd.Other) + SocketsLeft + TempFilesLeft == 0
        && (BytesPerJob <= MostBytesPerJob || (options.Jobs < LongRun && BytesPerJob * options.Jobs <= BytesPerWorker * options.Workers));

    public void Print(TextWriter output)
    {
        foreach (var surprise in Surprises)
        {
            output.WriteLine($"surprise: {surprise}");
        }

        Line("seed", Seed);
        Line("seconds", Math.Round(Elapsed.TotalSeconds, 1));
        Line("calls", Ends.Values.Sum());
        Line("succeeded", Count(CallEnd.Succeeded));
        Line("ambiguous", Count(CallEnd.Ambiguous));
        Line("rejected", Count(CallEnd.Rejected));
        Line("jobs_failed_or_unfinished", Count(CallEnd.JobLost));
        Line("downloads_failed", Count(CallEnd.DownloadFailed));
        Line("unexpected", Count(CallEnd.Other));
        Line("wrong_files", WrongFiles);
        Line("double_charged", DoubleCharged);
        Line("false_safety", FalseSafety);
        Line("lost_ids", LostIds);
        Line("hung", Count(CallEnd.Hung));
        Line("sockets_left", SocketsLeft);
        Line("temp_files_left", TempFilesLeft);
        Line("heap_slope_bytes_per_job", Math.Round(BytesPerJob, 1));

        void Line(string name, IFormattable value) => output.WriteLine($"{name}={value.ToString(null, CultureInfo.InvariantCulture)}");
    }

    private int Count(CallEnd end) => Ends.GetValueOrDefault(end);
}
