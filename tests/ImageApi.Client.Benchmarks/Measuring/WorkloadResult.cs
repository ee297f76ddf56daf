namespace ImageApi.Client.Benchmarks.Measuring;

/// <summary>What a workload cost each client, round by round.</summary>
internal sealed record WorkloadResult(Workload Workload, IReadOnlyDictionary<string, List<Sample>> Samples)
{
    public double Median(string client, Func<Sample, double> selector) => Median(Samples[client].Select(selector));

    /// <summary>Compares two clients within each round, since a machine is not equally fast at all times.</summary>
    /// <returns>The median of the ratios.</returns>
    public double Ratio(string client, string peer, Func<Sample, double> selector) =>
        Median(Samples[client].Zip(Samples[peer], (own, other) => selector(own) / selector(other)));

    /// <summary>Gets the peak of the first run alone.</summary>
    public double? FirstPeak(string client) => Samples[client][0].Peak;

    /// <summary>Gets the peak of all runs.</summary>
    public double? Peak(string client) => Samples[client].Max(static sample => sample.Peak);

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
