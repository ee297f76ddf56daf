using System.Text.Json;
using ImageApi.Client.Media.Extraction;
using ImageApi.Client.Serialization;

namespace ImageApi.Client.Jobs.Internal;

/// <summary>Finds the media of a job: in the places of the contract, else in those of similar services.</summary>
internal static class JobOutputParser
{
    public static JobOutput Parse(JsonElement root, ExtractedJson json, Uri baseAddress)
    {
        var output = root.TryFind("output", out var found) ? found : default;
        var images = ParseMember(output, "images", MediaKind.Image, json, baseAddress);
        var videos = ParseMember(output, "videos", MediaKind.Video, json, baseAddress);
        var audio = ParseMember(output, "audios", MediaKind.Audio, json, baseAddress);
        if (images.Count + videos.Count + audio.Count > 0)
        {
            return new JobOutput { Images = images, Videos = videos, Audio = audio };
        }

        return GroupByKind(ParseElsewhere(root, output, json, baseAddress));
    }

    /// <summary>What a job that succeeded has in places nobody knows.</summary>
    public static JobOutput ParseUnclaimed(ExtractedJson json) => GroupByKind([.. MediaParser.Unclaimed(json)]);

    public static JobOutput WithJobId(JobOutput output, string jobId) => new()
    {
        Images = Numbered(output.Images, jobId),
        Videos = Numbered(output.Videos, jobId),
        Audio = Numbered(output.Audio, jobId),
    };

    private static List<GeneratedMedia> Numbered(IReadOnlyList<GeneratedMedia> media, string jobId) =>
        [.. media.Select((item, index) => item with { JobId = jobId, Index = index })];

    private static IReadOnlyList<GeneratedMedia> ParseMember(JsonElement place, string name, MediaKind kind, ExtractedJson json, Uri baseAddress) =>
        place.TryFind(name, out var list) ? MediaParser.ParseList(list, kind, json, baseAddress) : [];

    private static IReadOnlyList<GeneratedMedia> ParseElsewhere(JsonElement root, JsonElement output, ExtractedJson json, Uri baseAddress)
    {
        if (output.ValueKind is JsonValueKind.Array or JsonValueKind.String or JsonValueKind.Object
            && MediaParser.ParseList(output, null, json, baseAddress) is { Count: > 0 } candidates)
        {
            return candidates;
        }

        if (root.TryFind("data", out var data) && data.ValueKind == JsonValueKind.Array && MediaParser.ParseList(data, null, json, baseAddress) is { Count: > 0 } inData)
        {
            return inData;
        }

        var images = ParseMember(root, "images", MediaKind.Image, json, baseAddress);
        return images.Count == 0 && root.TryFind("result", out var result) ? ParseMember(result, "images", MediaKind.Image, json, baseAddress) : images;
    }

    private static JobOutput GroupByKind(IReadOnlyList<GeneratedMedia> media) => new()
    {
        Images = OfKind(media, MediaKind.Image),
        Videos = OfKind(media, MediaKind.Video),
        Audio = OfKind(media, MediaKind.Audio),
    };

    private static List<GeneratedMedia> OfKind(IReadOnlyList<GeneratedMedia> media, MediaKind kind) => [.. media.Where(item => item.Kind == kind)];
}
