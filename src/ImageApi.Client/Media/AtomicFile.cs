using ImageApi.Client.Http;

namespace ImageApi.Client.Media;

/// <summary>A file that appears whole or not at all: written beside its place under a name that shows it is unfinished, then renamed.</summary>
internal sealed class AtomicFile : IMediaTarget, IDisposable
{
    private const int MostNumbers = 10_000;

    // on Unix a move looks whether the place is free and then renames over it: of two at once the first file would be lost
    private static readonly object Moving = new();

    private readonly string _temporary;
    private readonly FileStream _stream;
    private bool _done;

    private AtomicFile(string directory)
    {
        _temporary = Path.Combine(directory, $".partial-{Guid.NewGuid():N}");
        _stream = new FileStream(_temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, useAsync: true);
    }

    public bool CanBeginAnew => true;

    public static AtomicFile CreateIn(string directory) => new(directory);

    /// <summary>Writes a piece. Errors of the disk are thrown as <see cref="CallerStreamException"/>.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        try
        {
            await _stream.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CallerStreamException(e);
        }
    }

    public bool TryBeginAnew()
    {
        _stream.SetLength(0);
        return true;
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

    /// <summary>Puts the file into a directory, with a number behind its name where the name is taken.</summary>
    /// <returns>The path it now has.</returns>
    public string MoveInto(string directory, string name, string extension, bool overwrite)
    {
        for (var number = 1; ; number++)
        {
            var path = Path.Combine(directory, (number == 1 ? name : $"{name}-{number}") + extension);
            try
            {
                MoveTo(path, overwrite);
                return path;
            }
            catch (IOException) when (number < MostNumbers && ((!overwrite && File.Exists(path)) || Directory.Exists(path)))
            {
                // taken: the next number
            }
        }
    }

    /// <summary>Ends the writing.</summary>
    public void Close() => _stream.Dispose();

    public void Dispose()
    {
        Close();
        if (!_done)
        {
            File.Delete(_temporary);
        }
    }
}
