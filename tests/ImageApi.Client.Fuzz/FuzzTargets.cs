using System.Text;
using ImageApi.Client.Buffers;
using ImageApi.Client.Files.Internal;
using ImageApi.Client.Http.Errors;
using ImageApi.Client.Http.Retries;
using ImageApi.Client.Images.Internal;
using ImageApi.Client.Jobs.Internal;
using ImageApi.Client.Media.Destinations;
using ImageApi.Client.Media.Extraction;
using ImageApi.Client.Media.Saving;

namespace ImageApi.Client.Fuzz;

/// <summary>What is fuzzed: everything that reads what a server wrote, and the code that writes names. Each throws when a promise breaks.</summary>
public static class FuzzTargets
{
    private const int MaxText = 64 * 1024;
    private const int MaxMedia = 64 * 1024;
    private static readonly Uri ServerAddress = new("https://backend:8000/");
    private static readonly JobParserContext ParserContext = new(ServerAddress, new JobStatusParser([]), VerifyJobIds: true);
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, Action<byte[]>> Targets = new(StringComparer.Ordinal)
    {
        ["response"] = ParseResponse,
        ["retry-after"] = ParseRetryAfter,
        ["names"] = SanitizeFileNames,
    };

    /// <summary>Gets the names of the targets.</summary>
    public static IEnumerable<string> Names => Targets.Keys;

    /// <summary>Finds a target.</summary>
    public static Action<byte[]>? Find(string name) => Targets.GetValueOrDefault(name);

    /// <summary>The first byte chooses the reader and the pieces; the rest is the answer.</summary>
    private static void ParseResponse(byte[] input)
    {
        if (input.Length < 2)
        {
            return;
        }

        var chunkSize = 1 + (input[0] >> 2);
        try
        {
            using var extractor = new Base64MediaExtractor(MaxText, MaxMedia, contentLength: null, expectedMedia: 1, new MemoryStore(MaxMedia));
            for (var i = 1; i < input.Length;)
            {
                i += extractor.Feed(input.AsSpan(i, Math.Min(chunkSize, input.Length - i)));
                Assert(extractor.FlushAsync(CancellationToken.None).AsTask().IsCompletedSuccessfully, "flushing to memory must complete synchronously");
            }

            using var json = extractor.Complete();
            Parse(json, input[0] & 3);
        }
        catch (Exception e) when (e is InvalidResponseException or SizeLimitException)
        {
            // the one way in which an answer may be refused
        }
    }

    private static void Parse(ExtractedJson json, int parser)
    {
        switch (parser)
        {
            case 0:
                Assert(ImageResultParser.Parse(json, "header", ServerAddress).Result.Images.Count > 0, "a result without images");
                break;
            case 1:
                Assert(JobParser.Parse(json, requestedId: null, ParserContext, "header").Id.Length > 0, "a job without an ID");
                break;
            case 2:
                Assert(JobParser.Parse(json, "job_1", ParserContext, "header").Id == "job_1", "the ID of another job");
                break;
            default:
                var file = UploadedFileParser.Parse(json.Root, FileUpload.FromBytes(new byte[1], "x.png"), "header", ServerAddress);
                Assert(file.Id is not null || file.Url is not null, "a file without ID and URL");
                _ = ErrorBodyParser.Parse(json.Root);
                break;
        }
    }

    private static void ParseRetryAfter(byte[] input)
    {
        var delay = RetryAfterParser.ParseValue(Encoding.UTF8.GetString(input), Now);
        Assert(delay is null || delay >= TimeSpan.Zero, "a negative delay");
    }

    private static void SanitizeFileNames(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        var segment = MultipartFileName.LastSegment(text);
        var escaped = MultipartFileName.Escape(segment);
        Assert(segment.Length > 0 && segment.IndexOfAny(['/', '\\']) < 0, "a path instead of a file name");
        Assert(escaped.IndexOfAny(['"', '\r', '\n']) < 0, "a file name that breaks out of its header");

        var fileName = FileNameSanitizer.FromMedia(new GeneratedMedia { Url = "https://backend/" + text });
        Assert(fileName.Length > 0 && fileName is not ("." or "..") && fileName.IndexOfAny(['/', '\\', '\0', ':']) < 0, "a file name that escapes its directory");
        Assert(Encoding.UTF8.GetByteCount(fileName) <= 200, "a file name longer than 200 bytes");
    }

    private static void Assert(bool condition, string violation)
    {
        if (!condition)
        {
            throw new InvalidOperationException("Invariant violated: " + violation);
        }
    }
}
