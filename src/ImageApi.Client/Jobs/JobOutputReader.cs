using System.Text.Json;
using ImageApi.Client.Media;
using ImageApi.Client.Serialization;

namespace ImageApi.Client.Jobs;

/// <summary>Finds the media of a job: in the places of the contract, else in those of similar services.</summary>
internal static class JobOutputReader
{
    public static JobOutput Read(JsonElement root, LiftedJson answer, Uri baseAddress)
    {
        var output = root.TryFind("output", out var found) ? found : default;
        var images = ReadMember(output, "images", MediaKind.Image, answer, baseAddress);
        var videos = ReadMember(output, "videos", MediaKind.Video, answer, baseAddress);
        var audios = ReadMember(output, "audios", MediaKind.Audio, answer, baseAddress);
        if (images.Count + videos.Count + audios.Count > 0)
        {
            return new JobOutput { Images = images, Videos = videos, Audios = audios };
        }

        return Sorted(Elsewhere(root, output, answer, baseAddress));
    }

    /// <summary>What a job that succeeded has in places nobody knows.</summary>
    public static JobOutput ReadUnclaimed(LiftedJson answer) => Sorted([.. MediaReader.Unclaimed(answer)]);

    public static JobOutput WithJobId(JobOutput output, string jobId) => new()
    {
        Images = Numbered(output.Images, jobId),
        Videos = Numbered(output.Videos, jobId),
        Audios = Numbered(output.Audios, jobId),
    };

    private static List<GeneratedMedia> Numbered(IReadOnlyList<GeneratedMedia> media, string jobId) =>
        [.. media.Select((item, index) => item with { JobId = jobId, Index = index })];

    private static IReadOnlyList<GeneratedMedia> ReadMember(JsonElement place, string name, MediaKind kind, LiftedJson answer, Uri baseAddress) =>
        place.TryFind(name, out var list) ? MediaReader.ReadList(list, kind, answer, baseAddress) : [];

    private static IReadOnlyList<GeneratedMedia> Elsewhere(JsonElement root, JsonElement output, LiftedJson answer, Uri baseAddress)
    {
        if (output.ValueKind is JsonValueKind.Array or JsonValueKind.String or JsonValueKind.Object
            && MediaReader.ReadList(output, null, answer, baseAddress) is { Count: > 0 } own)
        {
            return own;
        }

        if (root.TryFind("data", out var data) && data.ValueKind == JsonValueKind.Array && MediaReader.ReadList(data, null, answer, baseAddress) is { Count: > 0 } inData)
        {
            return inData;
        }

        var images = ReadMember(root, "images", MediaKind.Image, answer, baseAddress);
        return images.Count == 0 && root.TryFind("result", out var result) ? ReadMember(result, "images", MediaKind.Image, answer, baseAddress) : images;
    }

    private static JobOutput Sorted(IReadOnlyList<GeneratedMedia> media) => new()
    {
        Images = OfKind(media, MediaKind.Image),
        Videos = OfKind(media, MediaKind.Video),
        Audios = OfKind(media, MediaKind.Audio),
    };

    private static List<GeneratedMedia> OfKind(IReadOnlyList<GeneratedMedia> media, MediaKind kind) => [.. media.Where(item => item.Kind == kind)];
}
