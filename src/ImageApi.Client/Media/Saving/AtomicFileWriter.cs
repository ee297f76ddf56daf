using System.Diagnostics.CodeAnalysis;
using ImageApi.Client.Exceptions.Internal;
using ImageApi.Client.Media.Destinations;

namespace ImageApi.Client.Media.Saving;

/// <summary>A file that appears whole or not at all: written beside its place under a name that shows it is unfinished, then renamed.</summary>
internal sealed class AtomicFileWriter : IMediaTarget, IDisposable
{
    private const int MaxNumber = 10_000;

    // on Unix a move looks whether the place is free and then renames over it: of two at once the first file would be lost
    private static readonly object Moving = new();

    private readonly string _temporary;
    private readonly FileStream _stream;
    private bool _done;

    private AtomicFileWriter(string directory)
    {
        _temporary = Path.Combine(directory, $".partial-{Guid.NewGuid():N}");
        _stream = new FileStream(_temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, useAsync: true);
    }

    public bool CanReset => true;

    /// <summary>Begins a file. A directory that was cleared away meanwhile, which may take minutes at a server, is made again.</summary>
    public static AtomicFileWriter CreateIn(string directory)
    {
        try
        {
            return new(directory);
        }
        catch (DirectoryNotFoundException)
        {
            Directory.CreateDirectory(directory);
            return new(directory);
        }
    }

    /// <summary>Writes a piece. Errors of the disk are thrown as <see cref="CallerIOException"/>.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        try
        {
            await _stream.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CallerIOException(e);
        }
    }

    public bool TryReset()
    {
        try
        {
            _stream.SetLength(0);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CallerIOException(e);
        }
    }

    /// <summary>Puts the file in its place.</summary>
    public void MoveTo(string path, bool overwrite)
    {
        Close();
        if (Directory.Exists(path))
        {
            throw new IOException($"{path} is a directory.");
        }

        lock (Moving)
        {
            File.Move(_temporary, path, overwrite);
        }

        _done = true;
    }

    /// <summary>Puts the file into a directory, with a number behind its name where the name is taken, and under a plainer name where the disk refuses that.</summary>
    /// <returns>The path it now has.</returns>
    public string MoveInto(string directory, string name, string extension, string fallbackName, bool overwrite)
    {
        try
        {
            return MoveInto(directory, name, extension, overwrite);
        }
        catch (Exception e) when (IsDiskError(e))
        {
            var safeExtension = FileNameSanitizer.SanitizeExtension(extension);
            if ((TryMoveInto(directory, FileNameSanitizer.Sanitize(name, fallbackName), safeExtension) ?? TryMoveInto(directory, fallbackName, safeExtension)) is { } path)
            {
                return path;
            }

            throw;
        }
    }

    /// <summary>Lets a file that got no place stay under the name it has.</summary>
    /// <returns>Its path; null when it is not there any more.</returns>
    public string? KeepTemporary()
    {
        Close();
        _done = File.Exists(_temporary);
        return _done ? _temporary : null;
    }

    /// <summary>Ends the writing.</summary>
    public void Close() => _stream.Dispose();

    /// <summary>Deletes the file unless it has got a place.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "Who disposes has succeeded, or has an error that this one must not hide.")]
    public void Dispose()
    {
        try
        {
            Close();
            if (!_done)
            {
                File.Delete(_temporary);
            }
        }
        catch (Exception)
        {
            // its name shows that it is unfinished
        }
    }

    internal static bool IsDiskError(Exception error) => error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    private string? TryMoveInto(string directory, string name, string extension)
    {
        try
        {
            return MoveInto(directory, name, extension, overwrite: false);
        }
        catch (Exception e) when (IsDiskError(e))
        {
            return null;
        }
    }

    private string MoveInto(string directory, string name, string extension, bool overwrite)
    {
        for (var number = 1; ; number++)
        {
            var path = Path.Combine(directory, (number == 1 ? name : $"{name}-{number}") + extension);
            try
            {
                MoveTo(path, overwrite);
                return path;
            }
            catch (IOException) when (number < MaxNumber && ((!overwrite && File.Exists(path)) || Directory.Exists(path)))
            {
                // taken: the next number
            }
        }
    }
}
