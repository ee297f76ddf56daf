using System.Runtime.CompilerServices;
using ImageApi.Client.Errors;

namespace ImageApi.Client.Media;

/// <summary>The media that had arrived whole when an error came. Of these an error can say nothing itself: it knows no media.</summary>
internal static class ArrivedMedia
{
    private static readonly ConditionalWeakTable<Exception, IReadOnlyList<GeneratedMedia>> Known = new();

    public static IReadOnlyList<GeneratedMedia> Before(Exception? error) =>
        [.. ErrorChain.Find(error, static cause => Known.TryGetValue(cause, out var media) ? media : null).SelectMany(static media => media)];

    public static void Tell(Exception error, IReadOnlyList<GeneratedMedia> media)
    {
        lock (Known)
        {
            Known.Remove(error);
            Known.Add(error, media);
        }
    }
}
