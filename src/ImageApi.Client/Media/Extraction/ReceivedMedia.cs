using System.Runtime.CompilerServices;
using ImageApi.Client.Exceptions.Internal;

namespace ImageApi.Client.Media.Extraction;

/// <summary>The media that had arrived whole when an error came. Of these an error can say nothing itself: it knows no media.</summary>
internal static class ReceivedMedia
{
    private static readonly ConditionalWeakTable<Exception, IReadOnlyList<GeneratedMedia>> Attached = new();

    public static IReadOnlyList<GeneratedMedia> FromException(Exception? error) =>
        [.. ExceptionChain.Find(error, static cause => Attached.TryGetValue(cause, out var media) ? media : null).SelectMany(static media => media)];

    public static void Attach(Exception error, IReadOnlyList<GeneratedMedia> media)
    {
        lock (Attached)
        {
            Attached.Remove(error);
            Attached.Add(error, media);
        }
    }
}
