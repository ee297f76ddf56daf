using System.Globalization;

namespace ImageApi.Client.Benchmarks.Measuring;

/// <summary>What one run cost.</summary>
/// <param name="Milliseconds">The time of the whole run.</param>
/// <param name="Allocated">The bytes that were allocated, for each call.</param>
/// <param name="CpuMicroseconds">The processor time, for each call.</param>
/// <param name="Peak">By how many bytes resident memory rose at most since the warm-up; null where it cannot be told.</param>
internal sealed record Sample(double Milliseconds, double Allocated, double CpuMicroseconds, double? Peak)
{
    /// <summary>Gets the bytes of bodies that the server received in uploads.</summary>
    public long Uploaded { get; init; }

    public static Sample Parse(string line)
    {
        var parts = line.Split(' ').Select(static part => double.Parse(part, CultureInfo.InvariantCulture)).ToList();
        return new Sample(parts[0], parts[1], parts[2], parts[3] < 0 ? null : parts[3]);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Milliseconds} {Allocated} {CpuMicroseconds} {Peak ?? -1}");
}
