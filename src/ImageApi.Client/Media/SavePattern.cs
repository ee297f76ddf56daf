using System.Globalization;

namespace ImageApi.Client.Media;

/// <summary>Names for several files: a directory in which they get names of their own, or a file name with places for their number and type.</summary>
internal sealed class SavePattern
{
    private const string IndexPlace = "{index}";
    private const string ExtensionPlace = "{ext}";
    private readonly SaveTarget _target;
    private int _count;

    private SavePattern(SaveTarget target) => _target = target;

    public string Directory => _target.Directory;

    public static SavePattern Parse(string path) => new(SaveTarget.Parse(path));

    /// <summary>Makes sure, before anything is bought, that the files can be put there.</summary>
    public void Prepare(bool overwrite, int count)
    {
        _count = count;
        if (_target.FileName?.Contains(ExtensionPlace) != false)
        {
            (_target with { FileName = null }).Prepare(overwrite);
        }
        else
        {
            for (var index = 1; index <= count; index++)
            {
                (_target with { FileName = NameOf(index, string.Empty) }).Prepare(overwrite);
            }
        }

        if (_target.FileName is not null)
        {
            ThrowIfRefused(Path.Combine(Directory, NameOf(count, "png")));
        }

        using var trial = AtomicFile.CreateIn(Directory); // only trying tells whether files can be made there
    }

    /// <summary>Puts a file in its place; where a name has been taken meanwhile, a number follows it, and where the disk refuses it, a plainer one does: what was bought is not thrown away.</summary>
    /// <returns>The path it now has.</returns>
    public string Place(AtomicFile file, GeneratedMedia media, int index, string? mimeType, bool overwrite)
    {
        var extension = MimeTypes.ExtensionOf(mimeType ?? media.MimeType) ?? ".bin";
        if (_target.FileName is null)
        {
            return file.MoveInto(Directory, FileNames.For(media), extension, FileNames.Plain(media.Kind), overwrite: false);
        }

        var name = NameOf(index, extension.Substring(1));
        var own = Path.GetExtension(name);
        return file.MoveInto(
            Directory, name.Substring(0, name.Length - own.Length), own, FileNames.Plain(media.Kind), overwrite && index <= _count); // a server that makes more than was asked for replaces nothing
    }

    /// <summary>A name that the disk does not even look up, such as one that is too long, it would not take either.</summary>
    private static void ThrowIfRefused(string path)
    {
        try
        {
            File.GetAttributes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // free
        }
    }

    /// <summary>Names the file of a number, from 1 on. A pattern without a place for the number gets it behind the name, from the second file on.</summary>
    private string NameOf(int index, string extension)
    {
        var number = index.ToString(CultureInfo.InvariantCulture);
        var pattern = _target.FileName!;
        if (index > 1 && !pattern.Contains(IndexPlace))
        {
            var dot = pattern.LastIndexOf('.');
            pattern = dot > 0 ? pattern.Insert(dot, "-" + number) : pattern + "-" + number;
        }

        return pattern.Replace(IndexPlace, number).Replace(ExtensionPlace, extension);
    }
}
