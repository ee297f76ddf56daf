using System.Text.Json;
using ImageApi.Client.Http;
using ImageApi.Client.Serialization;

namespace ImageApi.Client.Media;

/// <summary>Reads generated media out of an answer, in every shape that is known for them.</summary>
internal sealed class MediaReader
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

    private readonly MediaKind? _kind;
    private readonly LiftedJson _answer;
    private readonly Uri _baseAddress;
    private readonly List<GeneratedMedia> _media = [];
    private HashSet<string>? _links;

    private MediaReader(MediaKind? kind, LiftedJson answer, Uri baseAddress)
    {
        _kind = kind;
        _answer = answer;
        _baseAddress = baseAddress;
    }

    /// <summary>Reads a list of media, or a single one. What is no medium is passed over, and so is a link that came before.</summary>
    /// <param name="place">A list, a text, or an object.</param>
    /// <param name="kind">What they are; null to find out from each.</param>
    /// <param name="answer">The answer they are in.</param>
    /// <param name="baseAddress">The address that relative links are resolved against.</param>
    public static IReadOnlyList<GeneratedMedia> ReadList(JsonElement place, MediaKind? kind, LiftedJson answer, Uri baseAddress)
    {
        var reader = new MediaReader(kind, answer, baseAddress);
        if (place.ValueKind != JsonValueKind.Array)
        {
            reader.Read(place);
            return reader._media;
        }

        foreach (var element in place.EnumerateArray())
        {
            reader.Read(element);
        }

        return reader._media;
    }

    /// <summary>Makes media of the base64 texts that stood where nobody looked, for answers with nothing where one looks: they were paid for.</summary>
    public static IEnumerable<GeneratedMedia> Unclaimed(LiftedJson answer) =>
        answer.Unclaimed.Where(static item => item is { IsBroken: false, Sink.Length: > 0 }).ToList().Select(item => Medium(FromBytes(item, null, null, answer), null, default, null));

    private void Read(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            if (FromText(element.AsText(), null, null) is { } found)
            {
                Add(found, element, error: null);
            }

            return;
        }

        // what is no medium costs nothing, however much of it there is
        if (element.TryFind(LinkNames, out _) || element.TryFind(DataNames, out _) || element.TryFind("error", out _))
        {
            ReadObject(element);
        }
    }

    private void ReadObject(JsonElement element)
    {
        var mimeType = _answer.Clean(element.Text(MimeNames));
        var found = new List<Finding>(1);
        Find(element, LinkNames, mimeType, _baseAddress, found);
        Find(element, DataNames, mimeType, null, found);
        if (found.Exists(static medium => medium.Error is null))
        {
            found.RemoveAll(static medium => medium.Error is not null); // a broken copy beside a good one
        }

        var error = _answer.ReadError(element);
        if (found.Count == 0 && error is not null)
        {
            found.Add(new Finding(_kind ?? MediaKind.Image, null));
        }

        // bytes beside a link are the same medium twice: the link's entry takes them
        if (found.Count == 2 && found[0] is { Url: not null, Sink: null } && found[1].Sink is not null)
        {
            found = [found[0] with { Sink = found[1].Sink, MimeType = found[0].MimeType ?? found[1].MimeType }];
        }

        foreach (var medium in found)
        {
            Add(medium, element, error);
        }
    }

    private void Add(Finding found, JsonElement element, GenerationError? error)
    {
        if (found.Url is not null && !IsNew(found.Url) && found.Sink is null)
        {
            return;
        }

        if (_media.Count == MediaLifter.MaxMedia)
        {
            throw AnswerException.TooLarge($"The answer holds more than {MediaLifter.MaxMedia} media.");
        }

        _media.Add(Medium(found, _media.Count, element, error));
    }

    /// <summary>Most answers have one link, which needs no set to be new in.</summary>
    private bool IsNew(string url) => _media.Count == 0 || (_links ??= new(_media.Select(static medium => medium.Url).OfType<string>(), StringComparer.Ordinal)).Add(url);

    /// <summary>Finds the texts of the first member that has any: a link may be a text or a list of texts.</summary>
    private void Find(JsonElement element, string[] names, string? mimeType, Uri? baseAddress, List<Finding> found)
    {
        foreach (var name in names)
        {
            if (element.TryFind(name, out var value) && (value.ValueKind == JsonValueKind.Array ? FindEach(value, mimeType, baseAddress, found) : FindOne(value, mimeType, baseAddress, found)))
            {
                return;
            }
        }
    }

    private bool FindEach(JsonElement list, string? mimeType, Uri? baseAddress, List<Finding> found)
    {
        var texts = 0;
        foreach (var item in list.EnumerateArray())
        {
            if (FindOne(item, mimeType, baseAddress, found) && ++texts > MediaLifter.MaxMedia)
            {
                break;
            }
        }

        return texts > 0;
    }

    /// <returns>Whether there is a text, which may turn out to be no medium.</returns>
    private bool FindOne(JsonElement value, string? mimeType, Uri? baseAddress, List<Finding> found)
    {
        var text = value.AsText();
        if (FromText(text, mimeType, baseAddress) is { } medium)
        {
            found.Add(medium);
        }

        return !string.IsNullOrWhiteSpace(text);
    }

    /// <summary>Makes a medium of a text; relative links are taken where there is an address to resolve them against.</summary>
    private Finding? FromText(string? text, string? mimeType, Uri? baseAddress)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (_answer.Claim(text) is { } lifted)
        {
            return lifted is { IsBroken: false, Sink.Length: 0 } or { IsEcho: true } ? null : FromBytes(lifted, _kind, mimeType, _answer);
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

        return new Finding(_kind ?? KindOf(mimeType, url), mimeType) { Url = url };
    }

    private static Finding FromBytes(LiftedMedia item, MediaKind? kind, string? mimeType, LiftedJson answer)
    {
        if (item.IsBroken)
        {
            return new Finding(kind ?? MimeTypes.KindOf(mimeType) ?? MediaKind.Image, mimeType) { Error = new GenerationError { Message = BrokenMessage } };
        }

        var type = mimeType ?? answer.Clean(item.MimeType) ?? item.Sink.DetectedType;
        return new Finding(kind ?? MimeTypes.KindOf(type) ?? MediaKind.Image, type) { Sink = item.Sink };
    }

    private static MediaKind KindOf(string? mimeType, string url) =>
        MimeTypes.KindOf(mimeType) ?? MimeTypes.KindOf(MimeTypes.FromFileName(Links.WithoutQuery(url))) ?? MediaKind.Image;

    private static GeneratedMedia Medium(Finding found, int? index, JsonElement element, GenerationError? error) => new()
    {
        Kind = found.Kind,
        Url = found.Url,
        Data = found.Sink?.Bytes,
        Sink = found.Sink?.Bytes is null ? found.Sink : null,
        MimeType = found.MimeType,
        Error = error ?? found.Error,
        Index = index,
        RevisedPrompt = element.Text("revised_prompt"),
        Width = element.Integer("width"),
        Height = element.Integer("height"),
        Duration = element.Number("duration") is { } seconds and >= 0 and < 1e9 ? TimeSpan.FromSeconds(seconds) : null,
        ExpiresAt = element.Time("expires_at"),
        AdditionalProperties = element.Others(Known),
    };

    /// <summary>What a text of an item turned out to be, before it is clear which of the item's texts make a medium.</summary>
    private readonly record struct Finding(MediaKind Kind, string? MimeType)
    {
        public string? Url { get; init; }

        public MediaSink? Sink { get; init; }

        public GenerationError? Error { get; init; }
    }
}
