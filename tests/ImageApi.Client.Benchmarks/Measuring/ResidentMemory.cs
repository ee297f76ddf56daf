using System.Globalization;

namespace ImageApi.Client.Benchmarks.Measuring;

/// <summary>The resident memory of this process, as Linux counts it.</summary>
internal static class ResidentMemory
{
    private const string StatusPath = "/proc/self/status";
    private const string ClearRefsPath = "/proc/self/clear_refs";
    private const string ResetPeakCommand = "5";

    /// <summary>Forgets the peak that was.</summary>
    /// <returns>What is in use now, in bytes; null where it cannot be told.</returns>
    public static long? ResetPeak()
    {
        if (!File.Exists(StatusPath))
        {
            return null;
        }

        try
        {
            File.WriteAllText(ClearRefsPath, ResetPeakCommand);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // a peak from before the calls would be no figure
        }

        return ReadStatusValue("VmRSS:");
    }

    /// <summary>Gets the most that was in use since the reset, in bytes.</summary>
    public static long ReadPeak() => ReadStatusValue("VmHWM:");

    private static long ReadStatusValue(string name)
    {
        var line = File.ReadLines(StatusPath).First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line.AsSpan(name.Length, line.Length - name.Length - "kB".Length), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture) * 1024;
    }
}
