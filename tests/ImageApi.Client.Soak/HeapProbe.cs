namespace ImageApi.Client.Soak;

/// <summary>Measures what stays on the heap, at fifths of the way.</summary>
internal sealed class HeapProbe(int jobs)
{
    private readonly List<(int Jobs, long Bytes)> _points = [];

    /// <summary>Gets the numbers of calls after which to measure.</summary>
    public IReadOnlyList<int> Checkpoints { get; } = [.. Enumerable.Range(1, 5).Select(fifth => jobs * fifth / 5)];

    /// <summary>Gets the slope of a straight line through the points: bytes that stay for every job. The first point is left out:
    /// until then pools and connections fill up to what the number of workers needs.</summary>
    public double BytesPerJob
    {
        get
        {
            var points = _points.Skip(1).ToList();
            var meanJobs = points.Average(static point => (double)point.Jobs);
            var meanBytes = points.Average(static point => (double)point.Bytes);
            return points.Sum(point => (point.Jobs - meanJobs) * (point.Bytes - meanBytes)) / points.Sum(point => Math.Pow(point.Jobs - meanJobs, 2));
        }
    }

    public void Measure(int completedJobs)
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        _points.Add((completedJobs, GC.GetTotalMemory(forceFullCollection: true)));
    }
}
