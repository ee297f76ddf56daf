using System.Runtime.CompilerServices;
using ImageApi.Client.Redaction;

namespace ImageApi.Client.Jobs.Internal;

/// <summary>Remembers the position of media in the output of their job, so that a renewed URL is that of the same medium.</summary>
internal static class JobMediaPositions
{
    private static readonly ConditionalWeakTable<GeneratedMedia, object> Positions = new();

    /// <summary>Remembers the position of a medium among those of its kind.</summary>
    public static void Add(GeneratedMedia media, int position) => Positions.Add(media, position);

    /// <summary>Finds a medium in the current output of its job.</summary>
    /// <param name="media">The medium whose URL has expired.</param>
    /// <param name="current">The media of the same kind that the job has now, in order.</param>
    /// <returns>The same medium; null when it cannot be identified: another image must not take its place.</returns>
    public static GeneratedMedia? Find(GeneratedMedia media, IReadOnlyList<GeneratedMedia> current)
    {
        if (Positions.TryGetValue(media, out var position))
        {
            return (int)position < current.Count ? current[(int)position] : null;
        }

        // made by hand, copied or stored: only its URL identifies it
        var path = media.Url is null ? null : UriText.WithoutQuery(media.Url);
        var samePath = current.Where(item => item.Url is not null && UriText.WithoutQuery(item.Url) == path).Take(2).ToList();
        return samePath.Count == 1 ? samePath[0] : samePath.Count == 0 && current.Count == 1 ? current[0] : null;
    }
}
