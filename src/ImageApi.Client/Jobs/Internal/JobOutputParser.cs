using System.Text.Json;
using ImageApi.Client.Media.Extraction;
using ImageApi.Client.Serialization;

namespace ImageApi.Client.Jobs.Internal;

/// <summary>Finds the media of a job: in the members of the contract, else in those of similar services.</summary>
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

    /// <summary>Takes the base64 media of a job that succeeded from members that no parser knows.</summary>
    public static JobOutput ParseUnclaimed(ExtractedJson json) => GroupByKind(MediaOf([.. MediaParser.Unclaimed(json)]));

    public static JobOutput WithJobId(JobOutput output, string jobId) => new()
    {
        Images = Numbered(output.Images, jobId),
        Videos = Numbered(output.Videos, jobId),
        Audio = Numbered(output.Audio, jobId),
    };

    private static List<GeneratedMedia> Numbered(IReadOnlyList<GeneratedMedia> media, string jobId)
    {
        var numbered = new List<GeneratedMedia>(media.Count);
        foreach (var item in media)
        {
            var withJobId = item with { JobId = jobId };
            JobMediaPositions.Add(withJobId, numbered.Count);
            numbered.Add(withJobId);
        }

        return numbered;
    }

    private static IReadOnlyList<GeneratedMedia> ParseMember(JsonElement place, string name, MediaKind kind, ExtractedJson json, Uri baseAddress) =>
        place.TryFind(name, out var list) ? ParseList(list, kind, json, baseAddress) : [];

    private static IReadOnlyList<GeneratedMedia> ParseList(JsonElement place, MediaKind? kind, ExtractedJson json, Uri baseAddress) =>
        MediaOf(MediaParser.ParseList(place, kind, json, baseAddress));

    private static IReadOnlyList<GeneratedMedia> MediaOf(IReadOnlyList<ParsedMedia> parsed) => [.. parsed.Select(static item => item.Media)];

    private static IReadOnlyList<GeneratedMedia> ParseElsewhere(JsonElement root, JsonElement output, ExtractedJson json, Uri baseAddress)
    {
        if (output.ValueKind is JsonValueKind.Array or JsonValueKind.String or JsonValueKind.Object
            && ParseList(output, null, json, baseAddress) is { Count: > 0 } candidates)
        {
            return candidates;
        }

        if (root.TryFind("data", out var data) && data.ValueKind == JsonValueKind.Array
            && ParseList(data, null, json, baseAddress) is { Count: > 0 } inData)
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
