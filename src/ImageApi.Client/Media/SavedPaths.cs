using System.Diagnostics.CodeAnalysis;

namespace ImageApi.Client.Media;

/// <summary>Lets an error say what was saved before it came, and where the rest is.</summary>
internal static class SavedPaths
{
    /// <summary>Puts what arrived whole of a broken answer in its place, since it was paid for, and lets the error name it.</summary>
    public static void Keep(Exception error, FileStore store, SavePattern pattern, bool overwrite)
    {
        var kept = new List<string>();
        foreach (var sink in store.Whole)
        {
            if (Place(sink, pattern, kept.Count + 1, overwrite) is { } path)
            {
                kept.Add(path);
            }
        }

        PurchaseFacts.Tell(error, (PurchaseFacts.Of(error) ?? new()) with { SavedPaths = kept });
    }

    [SuppressMessage("Design", "CA1031", Justification = "A disk that fails as well must not hide what happened to the purchase: that error goes on.")]
    private static string? Place(FileSink sink, SavePattern pattern, int index, bool overwrite)
    {
        try
        {
            return pattern.Place(sink.File, new GeneratedMedia { Kind = MediaKind.Image }, index, sink.DetectedType, overwrite);
        }
        catch (Exception)
        {
            return sink.File.Keep();
        }
    }
}
