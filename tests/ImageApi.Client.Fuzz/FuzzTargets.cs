using System.Text;
using ImageApi.Client.Files;
using ImageApi.Client.Http;
using ImageApi.Client.Images;
using ImageApi.Client.Jobs;
using ImageApi.Client.Media;

namespace ImageApi.Client.Fuzz;

/// <summary>What is fuzzed: everything that reads what a server wrote, and the code that writes names. Each throws when a promise breaks.</summary>
public static class FuzzTargets
{
    private const int MaxText = 64 * 1024;
    private const int MaxMedia = 64 * 1024;
    private static readonly Uri Base = new("https://backend:8000/");
    private static readonly JobReadContext Reading = new(Base, new JobWords([]), RejectForeignJobs: true);
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, Action<byte[]>> Targets = new(StringComparer.Ordinal)
    {
        ["answer"] = Answer,
        ["retry-after"] = RetryAfter,
        ["names"] = NamesOfFiles,
    };

    /// <summary>Gets the names of the targets.</summary>
    public static IEnumerable<string> Names => Targets.Keys;

    /// <summary>Finds a target.</summary>
    public static Action<byte[]>? Find(string name) => Targets.GetValueOrDefault(name);

    /// <summary>The first byte chooses the reader and the pieces; the rest is the answer.</summary>
    private static void Answer(byte[] input)
    {
        if (input.Length < 2)
        {
            return;
        }

        var piece = 1 + (input[0] >> 2);
        try
        {
            using var lifter = new MediaLifter(MaxText, MaxMedia, contentLength: null, expectedMedia: 1, new MemoryStore(MaxMedia));
            for (var i = 1; i < input.Length;)
            {
                i += lifter.Feed(input.AsSpan(i, Math.Min(piece, input.Length - i)));
                Check(lifter.FlushAsync(CancellationToken.None).AsTask().IsCompletedSuccessfully, "memory does not make one wait");
            }

            using var json = lifter.Complete();
            Read(json, input[0] & 3);
        }
        catch (AnswerException)
        {
            // the one way in which an answer may be refused
        }
    }

    private static void Read(LiftedJson json, int reader)
    {
        switch (reader)
        {
            case 0:
                Check(ImageResultReader.Read(json, "header", Base).Images.Count > 0, "a result without images");
                break;
            case 1:
                Check(JobReader.Read(json, askedFor: null, Reading, "header").Id.Length > 0, "a job without an id");
                break;
            case 2:
                Check(JobReader.Read(json, "job_1", Reading, "header").Id == "job_1", "another job");
                break;
            default:
                var file = UploadedFileReader.Read(json.Root, FileUpload.FromBytes(new byte[1], "x.png"), "header", Base);
                Check(file.Id is not null || file.Url is not null, "a file without id and link");
                _ = ErrorReader.Read(json.Root);
                break;
        }
    }

    private static void RetryAfter(byte[] input)
    {
        var wait = RetryAfterHeader.Parse(Encoding.UTF8.GetString(input), Now);
        Check(wait is null || wait >= TimeSpan.Zero, "a negative wait");
    }

    private static void NamesOfFiles(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        var segment = MultipartNames.LastSegment(text);
        var escaped = MultipartNames.Escape(segment);
        Check(segment.Length > 0 && segment.IndexOfAny(['/', '\\']) < 0, "a path as a name");
        Check(escaped.IndexOfAny(['"', '\r', '\n']) < 0, "a name that ends its header");

        var saved = FileNames.For(new GeneratedMedia { Url = "https://backend/" + text });
        Check(saved.Length > 0 && saved is not ("." or "..") && saved.IndexOfAny(['/', '\\', '\0', ':']) < 0, "a name that leaves its directory");
        Check(Encoding.UTF8.GetByteCount(saved) <= 200, "a name that is too long");
    }

    private static void Check(bool holds, string broken)
    {
        if (!holds)
        {
            throw new InvalidOperationException("Broken promise: " + broken);
        }
    }
}
