using System.Diagnostics;
using ImageApi.Client;

namespace BigImages;

/// <summary>Prints how much memory the process has needed at most, above what it had at the start.</summary>
internal sealed class MemoryWatch
{
    private const int Mebibyte = 1024 * 1024;
    private readonly long _before = Peak();

    public void Print(string what) => Console.WriteLine($"{what,-82} peak +{(Peak() - _before) / (double)Mebibyte,6:0.0} MiB");

    /// <summary>Prints a line for every 16 MiB that have passed.</summary>
    public IProgress<TransferProgress> For(string what)
    {
        Console.WriteLine(what);
        return new Every16(this);
    }

    private static long Peak()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    private sealed class Every16(MemoryWatch watch) : IProgress<TransferProgress>
    {
        private const long Step = 16L * Mebibyte;
        private long _printed;

        public void Report(TransferProgress value)
        {
            if (value.BytesTransferred / Step > _printed / Step)
            {
                _printed = value.BytesTransferred;
                watch.Print($"  {_printed / Mebibyte,3} MiB, {value.BytesPerSecond / Mebibyte:0} MiB/s");
            }
        }
    }
}
