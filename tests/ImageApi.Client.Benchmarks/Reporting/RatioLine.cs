using System.Globalization;

namespace ImageApi.Client.Benchmarks.Reporting;

/// <summary>A target, and what was measured.</summary>
/// <param name="Name">What it is about.</param>
/// <param name="Measured">The figure, or the ratio of two.</param>
/// <param name="Target">What it may be at most.</param>
/// <param name="IsMemory">Whether it counts allocations or a peak: these repeat on any machine, times do not.</param>
internal sealed record RatioLine(string Name, double Measured, double Target, bool IsMemory = false)
{
    /// <summary>Gets a value indicating whether it is beyond what the noise of a machine can do.</summary>
    public bool IsRegression => IsMemory && Measured > 2 * Target;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"RATIO {Name} {Measured:0.###} {Target:0.##} {(Measured <= Target ? "ok" : "missed")}");
}
