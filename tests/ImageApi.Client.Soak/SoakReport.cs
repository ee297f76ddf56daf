using System.Globalization;

namespace ImageApi.Client.Soak;

/// <summary>The figures of a run, and whether the promises were kept.</summary>
internal sealed record SoakReport
{
    /// <summary>The limit for what may stay on the heap for every job.</summary>
    private const double MaxBytesPerJob = 200;

    /// <summary>From this many jobs on the slope alone decides. In a shorter run it is mostly the connections that happen to be open when it is measured.</summary>
    private const int LongRunJobs = 10_000;

    /// <summary>What a worker's connection, its buffers and what they leave in the pools may take: so much may come and go without being a leak.</summary>
    private const double MaxBytesPerWorker = 16 * 1024;

    public required ulong Seed { get; init; }

    public required IReadOnlyDictionary<CallOutcome, int> Outcomes { get; init; }

    public required int DoubleCharged { get; init; }

    public required int ChargedButRejected { get; init; }

    /// <summary>Calls that were charged and whose error neither names a job nor says that the outcome is unknown.</summary>
    public required int UntraceableCharges { get; init; }

    public required int InvalidFiles { get; init; }

    public required int LeakedSockets { get; init; }

    public required int LeakedTempFiles { get; init; }

    public required double BytesPerJob { get; init; }

    public required TimeSpan Elapsed { get; init; }

    public required IReadOnlyList<string> UnexpectedErrors { get; init; }

    public bool HasPassed(SoakOptions options) =>
        Outcomes.Values.Sum() == options.Jobs && DoubleCharged + ChargedButRejected + UntraceableCharges + InvalidFiles + Count(CallOutcome.TimedOut) + Count(CallOutcome.Unexpected) + LeakedSockets + LeakedTempFiles == 0
        && (BytesPerJob <= MaxBytesPerJob || (options.Jobs < LongRunJobs && BytesPerJob * options.Jobs <= MaxBytesPerWorker * options.Workers));

    public void Print(TextWriter output)
    {
        foreach (var error in UnexpectedErrors)
        {
            output.WriteLine($"unexpected error: {error}");
        }

        WriteValue("seed", Seed);
        WriteValue("seconds", Math.Round(Elapsed.TotalSeconds, 1));
        WriteValue("calls", Outcomes.Values.Sum());
        WriteValue("succeeded", Count(CallOutcome.Succeeded));
        WriteValue("ambiguous", Count(CallOutcome.Ambiguous));
        WriteValue("rejected", Count(CallOutcome.Rejected));
        WriteValue("jobs_failed_or_unfinished", Count(CallOutcome.JobFailed));
        WriteValue("downloads_failed", Count(CallOutcome.DownloadFailed));
        WriteValue("unexpected", Count(CallOutcome.Unexpected));
        WriteValue("invalid_files", InvalidFiles);
        WriteValue("double_charged", DoubleCharged);
        WriteValue("charged_but_rejected", ChargedButRejected);
        WriteValue("untraceable_charges", UntraceableCharges);
        WriteValue("timed_out", Count(CallOutcome.TimedOut));
        WriteValue("leaked_sockets", LeakedSockets);
        WriteValue("leaked_temp_files", LeakedTempFiles);
        WriteValue("heap_slope_bytes_per_job", Math.Round(BytesPerJob, 1));

        void WriteValue(string name, IFormattable value) => output.WriteLine($"{name}={value.ToString(null, CultureInfo.InvariantCulture)}");
    }

    private int Count(CallOutcome outcome) => Outcomes.GetValueOrDefault(outcome);
}
