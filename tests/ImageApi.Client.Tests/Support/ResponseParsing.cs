using System.Text;
using System.Text.Json;
using ImageApi.Client.Buffers;
using ImageApi.Client.Files.Internal;
using ImageApi.Client.Http.Errors;
using ImageApi.Client.Images.Internal;
using ImageApi.Client.Jobs.Internal;
using ImageApi.Client.Media.Destinations;
using ImageApi.Client.Media.Extraction;

namespace ImageApi.Client.Tests.Support;

/// <summary>Passes sample responses to the parsers without a network.</summary>
internal static class ResponseParsing
{
    public const int MaxTextBytes = 64 * 1024;
    public const int MaxMediaBytes = 64 * 1024;

    public static readonly Uri BaseAddress = new("https://backend:8000/");

    /// <summary>The reason of a failure by its name, or null when nothing or another exception was thrown.</summary>
    public static string? ReasonOf(Exception? exception) => exception is SizeLimitException ? "LimitExceeded" : (exception as InvalidResponseException)?.Kind.ToString();

    public static ExtractedJson Extract(string json) => Extract(Encoding.UTF8.GetBytes(json), []);

    /// <summary>Lifts an answer that arrives in pieces; the cuts say where pieces begin, in ascending order.</summary>
    public static ExtractedJson Extract(byte[] json, IEnumerable<int> splitOffsets, int maxTextBytes = MaxTextBytes, long maxMediaBytes = MaxMediaBytes, long? contentLength = null)
    {
        using var extractor = new Base64MediaExtractor(maxTextBytes, maxMediaBytes, contentLength, expectedMedia: 1, new MemoryStore(maxMediaBytes));
        var from = 0;
        foreach (var splitOffset in splitOffsets.Append(json.Length))
        {
            while (from < splitOffset)
            {
                from += extractor.Feed(json.AsSpan(from, splitOffset - from));
                Assert.True(extractor.FlushAsync(CancellationToken.None).AsTask().IsCompletedSuccessfully); // memory makes nobody wait
            }
        }

        return extractor.Complete();
    }

    public static Job ParseJob(string json, string? expectedJobId = null, JobStatusParser? statusParser = null, bool verifyJobIds = true)
    {
        using var extracted = Extract(json);
        return JobParser.Parse(extracted, expectedJobId, new JobParserContext(BaseAddress, statusParser ?? new JobStatusParser([]), verifyJobIds), headerRequestId: "req_header");
    }

    public static ImageResult ParseImages(string json)
    {
        using var extracted = Extract(json);
        return ImageResultParser.Parse(extracted, headerRequestId: "req_header", BaseAddress).Result;
    }

    public static UploadedFile ParseUpload(string json)
    {
        using var document = JsonDocument.Parse(json);
        return UploadedFileParser.Parse(document.RootElement, FileUpload.FromBytes(new byte[1], "a.png"), headerRequestId: "req_header", BaseAddress);
    }

    public static ApiError? ParseError(string json)
    {
        using var document = JsonDocument.Parse(json);
        return ErrorBodyParser.Parse(document.RootElement);
    }
}
