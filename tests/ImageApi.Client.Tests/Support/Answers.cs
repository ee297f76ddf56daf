using System.Text;
using System.Text.Json;
using ImageApi.Client.Files;
using ImageApi.Client.Http;
using ImageApi.Client.Images;
using ImageApi.Client.Jobs;
using ImageApi.Client.Media;

namespace ImageApi.Client.Tests.Support;

/// <summary>Hands canned answers to the readers of the rooms, without a wire between.</summary>
internal static class Answers
{
    public const int MaxText = 64 * 1024;
    public const int MaxMedia = 64 * 1024;

    public static readonly Uri BaseAddress = new("https://backend:8000/");

    public static LiftedJson Lift(string json) => Lift(Encoding.UTF8.GetBytes(json), []);

    /// <summary>Lifts an answer that arrives in pieces; the cuts say where pieces begin, in ascending order.</summary>
    public static LiftedJson Lift(byte[] json, IEnumerable<int> cuts, int maxText = MaxText, long maxMedia = MaxMedia, long? contentLength = null)
    {
        using var lifter = new MediaLifter(maxText, maxMedia, contentLength, expectedMedia: 1, new MemoryStore(maxMedia));
        var from = 0;
        foreach (var cut in cuts.Append(json.Length))
        {
            while (from < cut)
            {
                from += lifter.Feed(json.AsSpan(from, cut - from));
                Assert.True(lifter.FlushAsync(CancellationToken.None).AsTask().IsCompletedSuccessfully); // memory makes nobody wait
            }
        }

        return lifter.Complete();
    }

    public static Job Job(string json, string? askedFor = null, JobWords? words = null, bool rejectForeignJobs = true)
    {
        using var lifted = Lift(json);
        return JobReader.Read(lifted, askedFor, new JobReadContext(BaseAddress, words ?? new JobWords([]), rejectForeignJobs), headerRequestId: "req_header");
    }

    public static ImageResult Images(string json)
    {
        using var lifted = Lift(json);
        return ImageResultReader.Read(lifted, headerRequestId: "req_header", BaseAddress);
    }

    public static UploadedFile Upload(string json)
    {
        using var document = JsonDocument.Parse(json);
        return UploadedFileReader.Read(document.RootElement, FileUpload.FromBytes(new byte[1], "a.png"), headerRequestId: "req_header", BaseAddress);
    }

    public static ApiError? Error(string json)
    {
        using var document = JsonDocument.Parse(json);
        return ErrorReader.Read(document.RootElement);
    }
}
