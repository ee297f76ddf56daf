using System.Diagnostics.CodeAnalysis;

namespace ImageApi.Client.Media.Saving;

/// <summary>Lets an error say what was saved before it came, and where the rest is.</summary>
internal static class PartialResults
{
    /// <summary>Puts what arrived whole of a broken answer in its place, since it was paid for, and lets the error name it.</summary>
    public static void KeepFiles(Exception error, FileStore store, SavePathTemplate template, bool overwrite)
    {
        var savedFiles = new List<string>();
        foreach (var sink in store.Whole)
        {
            if (Place(sink, template, savedFiles.Count + 1, overwrite) is { } path)
            {
                savedFiles.Add(path);
            }
        }

        RequestInfo.Attach(error, (RequestInfo.FromException(error) ?? new()) with { SavedFiles = savedFiles });
    }

    [SuppressMessage("Design", "CA1031", Justification = "A disk that fails as well must not hide what happened to the purchase: that error goes on.")]
    private static string? Place(FileSink sink, SavePathTemplate template, int index, bool overwrite)
    {
        try
        {
            return template.Place(sink.File, new GeneratedMedia { Kind = MediaKind.Image }, index, sink.DetectedType, overwrite);
        }
        catch (Exception)
        {
            return sink.File.KeepTemporary();
        }
    }
}
