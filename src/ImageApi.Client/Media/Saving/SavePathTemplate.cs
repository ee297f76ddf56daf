using System.Globalization;
using ImageApi.Client.Media.Formats;

namespace ImageApi.Client.Media.Saving;

/// <summary>Names for several files: a directory in which they get names of their own, or a file name with places for their number and type.</summary>
internal sealed class SavePathTemplate
{
    private const string IndexPlaceholder = "{index}";
    private const string ExtensionPlaceholder = "{ext}";
    private readonly SavePath _path;
    private int _count;

    private SavePathTemplate(SavePath target) => _path = target;

    public string Directory => _path.Directory;

    public static SavePathTemplate Parse(string path) => new(SavePath.Parse(path));

    /// <summary>Makes sure, before anything is bought, that the files can be put there.</summary>
    public void Prepare(bool overwrite, int count)
    {
        _count = count;
        if (_path.FileName?.Contains(ExtensionPlaceholder) != false)
        {
            (_path with { FileName = null }).Prepare(overwrite);
        }
        else
        {
            for (var index = 1; index <= count; index++)
            {
                (_path with { FileName = FileNameFor(index, string.Empty) }).Prepare(overwrite);
            }
        }

        if (_path.FileName is not null)
        {
            ThrowIfRefused(Path.Combine(Directory, FileNameFor(count, "png")));
        }

        using var trial = AtomicFileWriter.CreateIn(Directory); // only trying tells whether files can be made there
    }

    /// <summary>Puts a file in its place; where a name has been taken meanwhile, a number follows it, and where the disk refuses it, a plainer one does: what was bought is not thrown away.</summary>
    /// <returns>The path it now has.</returns>
    public string Place(AtomicFileWriter file, GeneratedMedia media, int index, string? mimeType, bool overwrite)
    {
        var extension = MediaTypes.ExtensionOf(mimeType ?? media.MimeType) ?? ".bin";
        if (_path.FileName is null)
        {
            return file.MoveInto(Directory, FileNameSanitizer.FromMedia(media), extension, FileNameSanitizer.FallbackName(media.Kind), overwrite: false);
        }

        var name = FileNameFor(index, extension.Substring(1));
        var ownExtension = Path.GetExtension(name);
        return file.MoveInto(
            Directory, name.Substring(0, name.Length - ownExtension.Length), ownExtension, FileNameSanitizer.FallbackName(media.Kind), overwrite && index <= _count); // a server that makes more than was asked for replaces nothing
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
    private string FileNameFor(int index, string extension)
    {
        var number = index.ToString(CultureInfo.InvariantCulture);
        var template = _path.FileName!;
        if (index > 1 && !template.Contains(IndexPlaceholder))
        {
            var dot = template.LastIndexOf('.');
            template = dot > 0 ? template.Insert(dot, "-" + number) : template + "-" + number;
        }

        return template.Replace(IndexPlaceholder, number).Replace(ExtensionPlaceholder, extension);
    }
}
