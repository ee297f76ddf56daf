using System.Text.Json;
using ImageApi.Client.Http;
using ImageApi.Client.Serialization;

namespace ImageApi.Client.Media;

/// <summary>Reads generated media out of an answer, in every shape that is known for them.</summary>
internal static class MediaReader
{
    /// <summary>What an item says whose base64 is none.</summary>
    private const string BrokenMessage = "The medium in the answer is not valid base64.";

    private static readonly string[] LinkNames = ["url", "image_url", "video_url", "audio_url"];
    private static readonly string[] DataNames = ["b64_json", "data_base64"];
    private static readonly string[] MimeNames = ["mime_type", "content_type"];
    private static readonly string[] Known =
    [
        .. LinkNames, .. DataNames, .. MimeNames, "revised_prompt", "width", "height", "duration", "expires_at", "error",
    ];

    /// <summary>Reads a list of media, or a single one. What is no medium is passed over, and so is a link that came before.</summary>
    /// <param name="place">A list, a text, or an object.</param>
    /// <param name="kind">What they are; null to find out from each.</param>
    /// <param name="answer">The answer they are in.</param>
    /// <param name="baseAddress">The address that relative links are resolved against.</param>
    public static IReadOnlyList<GeneratedMedia> ReadList(JsonElement place, MediaKind? kind, LiftedJson answer, Uri baseAddress)
    {
        var list = new List<GeneratedMedia>();
        var links = new HashSet<string>(StringComparer.Ordinal);
        if (place.ValueKind != JsonValueKind.Array)
        {
            Add(place);
            return list;
        }

        foreach (var element in place.EnumerateArray())
        {
            Add(element);
        }

        return list;

        void Add(JsonElement element)
        {
            foreach (var medium in Read(element, kind, answer, baseAddress))
            {
                if (medium.Url is null || links.Add(medium.Url))
                {
                    if (list.Count == MediaLifter.MaxMedia)
                    {
                        throw AnswerException.TooLarge($"The answer holds more than {MediaLifter.MaxMedia} media.");
                    }

                    list.Add(medium with { Index = list.Count });
                }
            }
        }
    }

    /// <summary>Makes media of the base64 texts that stood where nobody looked, for answers with nothing where one looks: they were paid for.</summary>
    public static IEnumerable<GeneratedMedia> Unclaimed(LiftedJson answer) =>
        answer.Unclaimed.Where(static item => item is { IsBroken: false, Sink.Length: > 0 }).ToList().Select(item => FromBytes(item, null, null, answer));

    private static IEnumerable<GeneratedMedia> Read(JsonElement element, MediaKind? kind, LiftedJson answer, Uri baseAddress)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            return FromText(element.AsText(), kind, null, answer, null) is { } medium ? [medium] : [];
        }

        // what is no medium costs nothing, however much of it there is
        return element.TryFind(LinkNames, out _) || element.TryFind(DataNames, out _) || element.TryFind("error", out _)
            ? ReadObject(element, kind, answer, baseAddress) : [];
    }

    private static IEnumerable<GeneratedMedia> ReadObject(JsonElement element, MediaKind? kind, LiftedJson answer, Uri baseAddress)
    {
        var mimeType = answer.Clean(element.Text(MimeNames));
        var found = Texts(element, LinkNames).Select(text => FromText(text, kind, mimeType, answer, baseAddress))
            .Concat(Texts(element, DataNames).Select(text => FromText(text, kind, mimeType, answer, null)))
            .OfType<GeneratedMedia>()
            .ToList();
        if (found.Exists(static medium => medium.Error is null))
        {
            found.RemoveAll(static medium => medium.Error is not null); // a broken copy beside a good one
        }

        var error = answer.ReadError(element);
        if (found.Count == 0 && error is not null)
        {
            found.Add(new GeneratedMedia { Kind = kind ?? MediaKind.Image });
        }

        // bytes beside a link are the same medium twice: the link's entry takes them
        if (found.Count == 2 && found[0] is { Url: not null, HasBytes: false } && found[1].HasBytes)
        {
            found = [found[0] with { Data = found[1].Data, Sink = found[1].Sink, MimeType = found[0].MimeType ?? found[1].MimeType }];
        }

        return found.Select(medium => medium with
        {
            Error = error ?? medium.Error,
            RevisedPrompt = element.Text("revised_prompt"),
            Width = element.Integer("width"),
            Height = element.Integer("height"),
            Duration = element.Number("duration") is { } seconds and >= 0 and < 1e9 ? TimeSpan.FromSeconds(seconds) : null,
            ExpiresAt = element.Time("expires_at"),
            AdditionalProperties = element.Others(Known),
        });
    }

    /// <summary>The texts of the first member that has any: a link may be a text or a list of texts.</summary>
    private static List<string> Texts(JsonElement element, string[] names)
    {
        foreach (var name in names)
        {
            if (!element.TryFind(name, out var value))
            {
                continue;
            }

            var texts = (value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(static item => item.AsText()) : [value.AsText()])
                .Where(static text => !string.IsNullOrWhiteSpace(text)).Select(static text => text!).Take(MediaLifter.MaxMedia + 1).ToList();
            if (texts.Count > 0)
            {
                return texts;
            }
        }

        return [];
    }

    /// <summary>Makes a medium of a text; relative links are taken where there is an address to resolve them against.</summary>
    private static GeneratedMedia? FromText(string? text, MediaKind? kind, string? mimeType, LiftedJson answer, Uri? baseAddress)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (answer.Claim(text) is { } lifted)
        {
            return lifted is { IsBroken: false, Sink.Length: 0 } or { IsEcho: true } ? null : FromBytes(lifted, kind, mimeType, answer);
        }

        var url = text!.Trim();
        if (!Links.IsHttp(url) && !Links.IsData(url))
        {
            if (baseAddress is null || !Uri.TryCreate(baseAddress, url, out var resolved) || (resolved.Scheme != Uri.UriSchemeHttps && resolved.Scheme != Uri.UriSchemeHttp))
            {
                return null;
            }

            url = resolved.AbsoluteUri;
        }

        return new GeneratedMedia { Kind = kind ?? KindOf(mimeType, url), Url = url, MimeType = mimeType };
    }

    private static GeneratedMedia FromBytes(LiftedMedia item, MediaKind? kind, string? mimeType, LiftedJson answer)
    {
        if (item.IsBroken)
        {
            return new GeneratedMedia { Kind = kind ?? MimeTypes.KindOf(mimeType) ?? MediaKind.Image, MimeType = mimeType, Error = new GenerationError { Message = BrokenMessage } };
        }

        var type = mimeType ?? answer.Clean(item.MimeType) ?? item.Sink.DetectedType;
        return new GeneratedMedia { Kind = kind ?? MimeTypes.KindOf(type) ?? MediaKind.Image, Data = item.Sink.Bytes, Sink = item.Sink.Bytes is null ? item.Sink : null, MimeType = type };
    }

    private static MediaKind KindOf(string? mimeType, string url) =>
        MimeTypes.KindOf(mimeType) ?? MimeTypes.KindOf(MimeTypes.FromFileName(Links.WithoutQuery(url))) ?? MediaKind.Image;
}
