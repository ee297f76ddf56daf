using System.ComponentModel;
using System.Diagnostics;

namespace ImageApi.Client.Tests.Support;

/// <summary>A theory that needs a small disk of its own. It is reported as skipped where none can be mounted.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MountTheoryAttribute : TheoryAttribute
{
    private static readonly Lazy<bool> CanMount = new(static () =>
    {
        var directory = Directory.CreateTempSubdirectory("imageapi-mount-");
        try
        {
            return TryMount(directory.FullName, "64k") && Unmount(directory.FullName);
        }
        finally
        {
            directory.Delete();
        }
    });

    public MountTheoryAttribute() => Skip = CanMount.Value ? null : "No memory disk can be mounted here.";

    /// <summary>Mounts a disk that holds no more than <paramref name="size"/>.</summary>
    public static bool TryMount(string directory, string size) => OperatingSystem.IsLinux() && TryRunProgram("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", directory);

    /// <summary>Takes a disk on which no file is open for writing out of the hands of all writers.</summary>
    public static bool TryMakeReadOnly(string directory) => TryRunProgram("mount", "-o", "remount,ro", directory);

    public static bool Unmount(string directory) => TryRunProgram("umount", directory);

    private static bool TryRunProgram(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false; // there is no such program
        }
    }
}
