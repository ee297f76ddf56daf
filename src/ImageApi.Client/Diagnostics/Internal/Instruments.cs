using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ImageApi.Client.Diagnostics.Internal;

/// <summary>The activity source and the instruments, one set for the process. They do nothing until somebody listens.</summary>
internal static class Instruments
{
    private static readonly string? Version = typeof(Instruments).Assembly.GetName().Version?.ToString(3);
    private static readonly Meter Meter = new(TelemetryNames.Source, Version);

    public static ActivitySource Source { get; } = new(TelemetryNames.Source, Version);

    public static Histogram<double> OperationDuration { get; } = Meter.CreateHistogram(
        TelemetryNames.OperationDuration,
        "s",
        "Duration of a generation or of the submission of a job, with all its attempts.",
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = new[] { 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92 } }); // the conventions'

    public static Histogram<long> TokenUsage { get; } = Meter.CreateHistogram(
        TelemetryNames.TokenUsage,
        "{token}",
        "Tokens that went in and came out, where the server tells them.",
        tags: null,
        new InstrumentAdvice<long> { HistogramBucketBoundaries = new long[] { 1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864 } }); // the conventions'

    public static UpDownCounter<long> ActiveJobs { get; } = Meter.CreateUpDownCounter<long>(
        TelemetryNames.ActiveJobs, "{job}", "Jobs that are being waited for.");

    public static Counter<long> JobPolls { get; } = Meter.CreateCounter<long>(
        TelemetryNames.JobPolls, "{poll}", "Questions about the state of jobs that are being waited for.");

    public static Histogram<double> JobWaitDuration { get; } = Meter.CreateHistogram(
        TelemetryNames.JobWaitDuration,
        "s",
        "How long a job was waited for.",
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = new double[] { 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600 } }); // the default limit of a wait is 1800

    public static Counter<long> Retries { get; } = Meter.CreateCounter<long>(
        TelemetryNames.Retries, "{retry}", "Requests that were sent again.");

    public static Counter<long> TransferredBytes { get; } = Meter.CreateCounter<long>(
        TelemetryNames.TransferredBytes, "By", "Bytes of bodies, sent and received.");
}
