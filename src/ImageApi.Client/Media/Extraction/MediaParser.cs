using System.Text.Json;
using ImageApi.Client.Buffers;
using ImageApi.Client.Media.Destinations;
using ImageApi.Client.Media.Formats;
using ImageApi.Client.Redaction;
using ImageApi.Client.Serialization;

namespace ImageApi.Client.Media.Extraction;

/// <summary>Reads generated media out of an answer, in every shape that is known for them.</summary>
internal sealed class MediaParser
{
    /// <summary>What an item says whose base64 is none.</summary>
    private const string InvalidBase64Message = "The medium in the answer is not valid base64.";

    private static readonly string[] UrlNames = ["url", "image_url", "video_url", "audio_url"];
    private static readonly string[] DataNames = ["b64_json", "data_base64"];
    private static readonly string[] MimeNames = ["mime_type", "content_type"];
    private static readonly string[] KnownFields =
    [
        .. UrlNames, .. DataNames, .. MimeNames, "revised_prompt", "width", "height", "duration", "expires_at", "error",
    ];

    private readonly MediaKind? _kind;
    private readonly ExtractedJson _json;
    private readonly Uri _baseAddress;
    private readonly List<ParsedMedia> _media;
    private HashSet<string>? _urls;

    private MediaParser(MediaKind? kind, ExtractedJson json, Uri baseAddress, int capacity)
    {
        _kind = kind;
        _json = json;
        _baseAddress = baseAddress;
        _media = new(capacity);
    }

    /// <summary>Reads a list of media, or a single one. What is no medium is passed over, and so is a link that came before.</summary>
    /// <param name="place">A list, a text, or an object.</param>
    /// <param name="kind">What they are; null to find out from each.</param>
    /// <param name="json">The answer they are in.</param>
    /// <param name="baseAddress">The address that relative links are resolved against.</param>
    public static IReadOnlyList<ParsedMedia> ParseList(JsonElement place, MediaKind? kind, ExtractedJson json, Uri baseAddress)
    {
        var isArray = place.ValueKind == JsonValueKind.Array;
        var reader = new MediaParser(kind, json, baseAddress, isArray ? Math.Min(place.GetArrayLength(), Base64MediaExtractor.MaxMedia) : 1);
        if (!isArray)
        {
            reader.Parse(place);
            return reader._media;
        }

        foreach (var element in place.EnumerateArray())
        {
            reader.Parse(element);
        }

        return reader._media;
    }

    /// <summary>Makes media of the base64 texts that stood where nobody looked, for answers with nothing where one looks: they were paid for.</summary>
    public static IEnumerable<ParsedMedia> Unclaimed(ExtractedJson json) =>
        json.Unclaimed.Where(static item => item is { IsInvalid: false, Sink.Length: > 0 }).ToList()
            .Select(item => ToMedia(FromBytes(item, null, null, json), default, null));

    private void Parse(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String)
        {
            if (FromText(element.AsText(), null, null) is { } candidate)
            {
                Add(candidate, element, error: null);
            }

            return;
        }

        // what is no medium costs nothing, however much of it there is
        if (element.TryFind(UrlNames, out _) || element.TryFind(DataNames, out _) || element.TryFind("error", out _))
        {
            ParseObject(element);
        }
    }

    private void ParseObject(JsonElement element)
    {
        var mimeType = _json.Redact(element.Text(MimeNames));
        var candidates = new List<Candidate>(1);
        Find(element, UrlNames, mimeType, _baseAddress, candidates);
        Find(element, DataNames, mimeType, null, candidates);
        if (candidates.Exists(static medium => medium.Error is null))
        {
            candidates.RemoveAll(static medium => medium.Error is not null); // a broken copy beside a good one
        }

        var error = _json.ReadError(element);
        if (candidates.Count == 0 && error is not null)
        {
            candidates.Add(new Candidate(_kind ?? MediaKind.Image, null));
        }

        // bytes beside a link are the same medium twice: the link's entry takes them
        if (candidates.Count == 2 && candidates[0] is { Url: not null, Sink: null } && candidates[1].Sink is not null)
        {
            candidates = [candidates[0] with { Sink = candidates[1].Sink, MimeType = candidates[0].MimeType ?? candidates[1].MimeType }];
        }

        foreach (var medium in candidates)
        {
            Add(medium, element, error);
        }
    }

    private void Add(Candidate candidate, JsonElement element, GenerationError? error)
    {
        if (candidate.Url is not null && !IsNew(candidate.Url) && candidate.Sink is null)
        {
            return;
        }

        if (_media.Count == Base64MediaExtractor.MaxMedia)
        {
            throw new SizeLimitException($"The answer holds more than {Base64MediaExtractor.MaxMedia} media.");
        }

        _media.Add(ToMedia(candidate, element, error));
    }

    /// <summary>Most answers have one link, which needs no set to be new in.</summary>
    private bool IsNew(string url) => _media.Count == 0
        || (_urls ??= new(_media.Select(static item => item.Media.Url).OfType<string>(), StringComparer.Ordinal)).Add(url);

    /// <summary>Finds the texts of the first member that has any: a link may be a text or a list of texts.</summary>
    private void Find(JsonElement element, string[] names, string? mimeType, Uri? baseAddress, List<Candidate> candidates)
    {
        foreach (var name in names)
        {
            if (element.TryFind(name, out var value) && (value.ValueKind == JsonValueKind.Array ? FindEach(value, mimeType, baseAddress, candidates) : FindOne(value, mimeType, baseAddress, candidates)))
            {
                return;
            }
        }
    }

    private bool FindEach(JsonElement list, string? mimeType, Uri? baseAddress, List<Candidate> candidates)
    {
        var texts = 0;
        foreach (var item in list.EnumerateArray())
        {
            if (FindOne(item, mimeType, baseAddress, candidates) && ++texts > Base64MediaExtractor.MaxMedia)
            {
                break;
            }
        }

        return texts > 0;
    }

    /// <returns>Whether there is a text, which may turn out to be no medium.</returns>
    private bool FindOne(JsonElement value, string? mimeType, Uri? baseAddress, List<Candidate> candidates)
    {
        var text = value.AsText();
        if (FromText(text, mimeType, baseAddress) is { } medium)
        {
            candidates.Add(medium);
        }

        return !string.IsNullOrWhiteSpace(text);
    }

    /// <summary>Makes a medium of a text; relative links are taken where there is an address to resolve them against.</summary>
    private Candidate? FromText(string? text, string? mimeType, Uri? baseAddress)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (_json.Claim(text) is { } extracted)
        {
            return extracted is { IsInvalid: false, Sink.Length: 0 } or { IsEchoedInput: true } ? null : FromBytes(extracted, _kind, mimeType, _json);
        }

        var url = text!.Trim();
        if (!UriText.IsHttp(url) && !UriText.IsData(url))
        {
            if (baseAddress is null || !Uri.TryCreate(baseAddress, url, out var resolved) || (resolved.Scheme != Uri.UriSchemeHttps && resolved.Scheme != Uri.UriSchemeHttp))
            {
                return null;
            }

            url = resolved.AbsoluteUri;
        }

        return new Candidate(_kind ?? KindOf(mimeType, url), mimeType) { Url = url };
    }

    private static Candidate FromBytes(ExtractedMedia item, MediaKind? kind, string? mimeType, ExtractedJson json)
    {
        if (item.IsInvalid)
        {
            return new Candidate(kind ?? MediaTypes.KindOf(mimeType) ?? MediaKind.Image, mimeType) { Error = new GenerationError { Message = InvalidBase64Message } };
        }

        var type = mimeType ?? json.Redact(item.MimeType) ?? item.Sink.DetectedType;
        return new Candidate(kind ?? MediaTypes.KindOf(type) ?? MediaKind.Image, type) { Sink = item.Sink };
    }

    private static MediaKind KindOf(string? mimeType, string url) =>
        MediaTypes.KindOf(mimeType) ?? MediaTypes.KindOf(MediaTypes.FromFileName(UriText.WithoutQuery(url))) ?? MediaKind.Image;

    private static ParsedMedia ToMedia(Candidate candidate, JsonElement element, GenerationError? error)
    {
        var media = new GeneratedMedia
        {
            Kind = candidate.Kind,
            Url = candidate.Url,
            Data = candidate.Sink?.Bytes,
            MimeType = candidate.MimeType,
            Error = error ?? candidate.Error,
            RevisedPrompt = element.Text("revised_prompt"),
            Width = element.Integer("width"),
            Height = element.Integer("height"),
            Duration = element.Number("duration") is { } seconds and >= 0 and < 1e9 ? TimeSpan.FromSeconds(seconds) : null,
            ExpiresAt = element.Time("expires_at"),
            AdditionalProperties = element.Others(KnownFields),
        };
        return new(media, candidate.Sink);
    }

    /// <summary>What a text of an item turned out to be, before it is clear which of the item's texts make a medium.</summary>
    private readonly record struct Candidate(MediaKind Kind, string? MimeType)
    {
        public string? Url { get; init; }

        public MediaSink? Sink { get; init; }

        public GenerationError? Error { get; init; }
    }
}
