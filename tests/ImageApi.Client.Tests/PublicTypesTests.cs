using NSubstitute;

namespace ImageApi.Client.Tests;

/// <summary>What callers do with the public types in their own tests and logs.</summary>
public sealed class PublicTypesTests
{
    private const string Prompt = "SECRET PROMPT";
    private const string Link = "https://cdn.example/a.png?signature=SECRET-SIGNATURE";

    private static readonly GeneratedMedia Medium = new() { Url = Link, RevisedPrompt = Prompt, MimeType = "image/png" };
    private static readonly GeneratedMedia Inline = new() { Data = "SECRET BYTES"u8.ToArray(), RevisedPrompt = Prompt };

    private static readonly object[] Records =
    [
        new ImageRequest { Prompt = Prompt, ReferenceImages = [Link] },
        new ImageResult { Images = [Medium, Inline] },
        new ImageUsage(),
        new ImageJobInput { Prompt = Prompt, ImageUrl = Link, ReferenceImages = [Link] },
        new JobRequest { Input = new ImageJobInput { Prompt = Prompt } },
        new JobRequest { Model = "video-1", Input = FreeInput() },
        new Job { Id = "job_1", Output = new JobOutput { Images = [Medium, Inline] } },
        new JobOutput { Images = [Medium], Videos = [Inline] },
        Medium,
        Inline,
        new GeneratedMedia { Url = "data:image/png;base64,U0VDUkVU" },
        new SavedMedia { Path = "pictures/a.png", Media = Medium },
        new UploadedFile { Id = "file_1", Url = Link },
        FileUpload.FromBytes("SECRET BYTES"u8.ToArray(), "a.png"),
        new GenerationError { Message = "no", Code = "boom" },
        new TransferProgress { BytesTransferred = 5 },
        new IncomingMedia { Index = 1, MimeType = "image/png", Url = Link },
        new PurchaseFacts { Operation = "images.generate", UnsavedLinks = [Link] },
    ];

    [Fact]
    public void No_record_shows_prompts_bytes_or_signatures() => Assert.All(Records, static record =>
    {
        var text = record.ToString()!;
        Assert.DoesNotContain("SECRET", text, StringComparison.Ordinal);
        Assert.DoesNotContain("U0VDUkVU", text, StringComparison.Ordinal);
        Assert.NotEmpty(text);
    });

    [Fact]
    public void The_records_above_hold_secrets_that_could_be_shown() =>
        Assert.Equal([Prompt, Link, Link], [((ImageRequest)Records[0]).Prompt, Medium.Url!, ((UploadedFile)Records[12]).Url!]);

    [Fact]
    public void Every_public_record_is_among_them()
    {
        var records = typeof(ImageApiClient).Assembly.GetExportedTypes().Where(static type => !type.IsAbstract && type.GetMethod("<Clone>$") is not null);

        Assert.Empty(records.Except(Records.Select(static record => record.GetType())));
    }

    [Fact]
    public void Options_show_no_key()
    {
        var text = Clients.Options(new Uri("https://backend:8000")).ToString();

        Assert.DoesNotContain(Clients.Key, text, StringComparison.Ordinal);
        Assert.Contains("backend", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_client_and_its_rooms_can_be_substituted()
    {
        var client = Substitute.For<ImageApiClient>();
        var images = Substitute.For<ImagesClient>();
        var jobs = Substitute.For<JobsClient>();
        var files = Substitute.For<FilesClient>();
        var media = Substitute.For<MediaClient>();
        client.Images.Returns(images);
        client.Jobs.Returns(jobs);
        client.Files.Returns(files);
        client.Media.Returns(media);
        images.GenerateAsync(Arg.Any<ImageRequest>(), Arg.Any<CallOptions?>(), Arg.Any<CancellationToken>()).Returns(new ImageResult { Images = [Medium] });
        jobs.RunAsync(Arg.Any<JobRequest>(), Arg.Any<JobWaitOptions?>(), Arg.Any<CancellationToken>()).Returns(new Job { Id = "job_1", State = JobState.Succeeded });
        files.UploadAsync(Arg.Any<FileUpload>(), Arg.Any<TransferOptions?>(), Arg.Any<CancellationToken>()).Returns(new UploadedFile { Url = Link });
        media.SaveAsync(Arg.Any<GeneratedMedia>(), Arg.Any<string>(), Arg.Any<SaveOptions?>(), Arg.Any<CancellationToken>())
            .Returns(new SavedMedia { Path = "a.png", Media = Medium });

        Assert.Equal(Medium, (await client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" })).Images[0]);
        Assert.Equal("job_1", (await client.Jobs.RunAsync(Requests.Image("fox"))).Id);
        Assert.Equal(Link, (await client.Files.UploadAsync(FileUpload.FromBytes(new byte[1], "a"))).ToReference().Url);
        Assert.Equal("a.png", (await client.Media.SaveAsync(Medium, "a.png")).Path);
    }

    [Fact]
    public void Every_public_method_of_the_clients_can_be_replaced()
    {
        Type[] clients = [typeof(ImageApiClient), typeof(ImagesClient), typeof(JobsClient), typeof(FilesClient), typeof(MediaClient)];

        var fixedMethods = clients.SelectMany(static type => type.GetMethods(
            System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.DeclaredOnly))
            .Where(static method => !method.IsVirtual || method.IsFinal).Select(static method => method.Name);

        Assert.Equal(["Dispose"], fixedMethods);
    }

    [Fact]
    public void Lists_of_records_built_by_hand_are_never_null()
    {
        Assert.Empty(new Job { Id = "job_1", Output = null! }.Output.All);
        Assert.Empty(new JobOutput { Images = null!, Videos = null!, Audios = null! }.All);
        Assert.Empty(new ImageResult { Images = null! }.Images);
        Assert.Empty(new GeneratedMedia { AdditionalProperties = null! }.AdditionalProperties);
    }

    private static JobInput FreeInput()
    {
        using var json = System.Text.Json.JsonDocument.Parse($$"""{"prompt":"{{Prompt}}"}""");
        return JobInput.FromJson(json.RootElement);
    }
}
