namespace ImageApi.Client.Media.Saving;

/// <summary>Where a medium is to be saved: a file, or a directory in which it gets a name of its own.</summary>
internal sealed record SavePath(string Directory, string? FileName)
{
    public string? FilePath => FileName is null ? null : Path.Combine(Directory, FileName);

    /// <summary>Reads a path: an existing directory, or one that ends with a separator, is a directory.</summary>
    public static SavePath Parse(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);

        var full = Path.GetFullPath(path);
        return System.IO.Directory.Exists(full) || path[path.Length - 1] == Path.DirectorySeparatorChar || path[path.Length - 1] == Path.AltDirectorySeparatorChar
            ? new(full, null)
            : new(Path.GetDirectoryName(full)!, Path.GetFileName(full));
    }

    /// <summary>Makes sure, before a byte is fetched, that nothing will be overwritten that should not be.</summary>
    public void Prepare(bool overwrite)
    {
        if (FilePath is { } device && IsDevice(device))
        {
            throw new IOException($"{device} is a device, which saving would replace with a file. CopyToAsync writes into a stream.");
        }

        if (FilePath is { } path && !overwrite && File.Exists(path))
        {
            throw new IOException($"The file {path} exists already. SaveOptions.Overwrite replaces it.");
        }

        System.IO.Directory.CreateDirectory(Directory);
    }

    /// <summary>The platform does not tell devices from files; but what lies here is none, memory disks apart.</summary>
    private static bool IsDevice(string path) =>
        path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal);
}
