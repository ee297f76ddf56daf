using System.Diagnostics.CodeAnalysis;

namespace ImageApi.Client.Media;

/// <summary>Lets an error say what was saved before it came, and where the rest is.</summary>
internal static class SavedPaths
{
    public static void Add(Exception error, IReadOnlyList<string> paths, IReadOnlyList<string> links)
    {
        switch (error)
        {
            case ImageApiException e:
                e.SavedPaths = paths;
                e.UnsavedLinks = links;
                break;
            case ImageApiCanceledException e:
                e.SavedPaths = paths;
                e.UnsavedLinks = links;
                break;
        }
    }

    /// <summary>Puts what arrived whole of a broken answer in its place, since it was paid for, and lets the error name it.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "A disk that fails as well must not hide what happened to the purchase: that error goes on.")]
    public static void Keep(Exception error, FileStore store, SavePattern pattern, bool overwrite)
    {
        var kept = new List<string>();
        try
        {
            foreach (var sink in store.Whole)
            {
                kept.Add(pattern.Place(sink.File, new GeneratedMedia { Kind = MediaKind.Image }, kept.Count + 1, sink.DetectedType, overwrite));
            }
        }
        catch (Exception)
        {
            // the first error is the one to hear of
        }

        Add(error, kept, []);
    }
}
