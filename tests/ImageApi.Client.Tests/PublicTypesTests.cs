using NSubstitute;

namespace ImageApi.Client.Tests;

/// <summary>What callers do with the public types in their own tests and logs.</summary>
public sealed class PublicTypesTests
{
    private const string Prompt = "SECRET PROMPT";
    private const string SignedUrl = "https://cdn.example/a.png?signature=SECRET-SIGNATURE";

    private static readonly GeneratedMedia RemoteMedia = new() { Url = SignedUrl, RevisedPrompt = Prompt, MimeType = "image/png" };
    private static readonly GeneratedMedia InlineMedia = new() { Data = "SECRET BYTES"u8.ToArray(), RevisedPrompt = Prompt };

    private static readonly object[] Records =
    [
        new ImageRequest { Prompt = Prompt, ReferenceImages = [SignedUrl] },
        new ImageResult { Images = [RemoteMedia, InlineMedia] },
        new ImageUsage(),
        new ImageJobInput { Prompt = Prompt, Image = SignedUrl, ReferenceImages = [SignedUrl] },
        new JobRequest { Input = new ImageJobInput { Prompt = Prompt } },
        new JobRequest { Model = "video-1", Input = CreateJsonInput() },
        new Job { Id = "job_1", Output = new JobOutput { Images = [RemoteMedia, InlineMedia] } },
        new JobOutput { Images = [RemoteMedia], Videos = [InlineMedia] },
        RemoteMedia,
        InlineMedia,
        new GeneratedMedia { Url = "data:image/png;base64,U0VDUkVU" },
        new SavedMedia { Path = "images/a.png", Media = RemoteMedia },
        new UploadedFile { Id = "file_1", Url = SignedUrl },
        FileUpload.FromBytes("SECRET BYTES"u8.ToArray(), "a.png"),
        new GenerationError { Message = "no", Code = "boom" },
        new TransferProgress { BytesTransferred = 5 },
        new MediaStreamContext { Index = 1, MimeType = "image/png", Url = SignedUrl },
        new RequestInfo { Operation = "images.generate", PendingUrls = [SignedUrl] },
    ];

    [Fact]
    public void Records_do_not_print_prompts_bytes_or_signatures() => Assert.All(Records, static record =>
    {
        var text = record.ToString()!;
        Assert.DoesNotContain("SECRET", text, StringComparison.Ordinal);
        Assert.DoesNotContain("U0VDUkVU", text, StringComparison.Ordinal);
        Assert.NotEmpty(text);
    });

    [Fact]
    public void Sample_records_contain_secrets() =>
        Assert.Equal([Prompt, SignedUrl, SignedUrl], [((ImageRequest)Records[0]).Prompt, RemoteMedia.Url!, ((UploadedFile)Records[12]).Url!]);

    [Fact]
    public void Sample_records_cover_every_public_record()
    {
        var records = typeof(ImageApiClient).Assembly.GetExportedTypes().Where(static type => !type.IsAbstract && type.GetMethod("<Clone>$") is not null);

        Assert.Empty(records.Except(Records.Select(static record => record.GetType())));
    }

    [Fact]
    public void Options_do_not_print_the_api_key()
    {
        var text = TestClients.Options(new Uri("https://backend:8000")).ToString();

        Assert.DoesNotContain(TestClients.ApiKey, text, StringComparison.Ordinal);
        Assert.Contains("backend", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_and_its_sub_clients_can_be_mocked()
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
        images.GenerateAsync(Arg.Any<ImageRequest>(), Arg.Any<RequestOptions?>(), Arg.Any<CancellationToken>()).Returns(new ImageResult { Images = [RemoteMedia] });
        jobs.RunAsync(Arg.Any<JobRequest>(), Arg.Any<JobRunOptions?>(), Arg.Any<CancellationToken>()).Returns(new Job { Id = "job_1", State = JobState.Succeeded });
        files.UploadAsync(Arg.Any<FileUpload>(), Arg.Any<TransferOptions?>(), Arg.Any<CancellationToken>()).Returns(new UploadedFile { Url = SignedUrl });
        media.SaveAsync(Arg.Any<GeneratedMedia>(), Arg.Any<string>(), Arg.Any<SaveOptions?>(), Arg.Any<CancellationToken>())
            .Returns(new SavedMedia { Path = "a.png", Media = RemoteMedia });

        Assert.Equal(RemoteMedia, (await client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" })).Images[0]);
        Assert.Equal(RemoteMedia, (await client.Images.GenerateAsync("fox")).Images[0]);
        Assert.Equal("job_1", (await client.Jobs.RunAsync(SampleRequests.Image("fox"))).Id);
        Assert.Equal("job_1", (await client.Jobs.RunAsync("fox")).Id);
        Assert.Equal(SignedUrl, (await client.Files.UploadAsync(FileUpload.FromBytes(new byte[1], "a"))).ToReference().Url);
        Assert.Equal("a.png", (await client.Media.SaveAsync(RemoteMedia, "a.png")).Path);
    }

    [Fact]
    public void Every_public_client_method_is_virtual()
    {
        Type[] clients = [typeof(ImageApiClient), typeof(ImagesClient), typeof(JobsClient), typeof(FilesClient), typeof(MediaClient)];

        var nonVirtualMethods = clients.SelectMany(static type => type.GetMethods(
            System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.DeclaredOnly))
            .Where(static method => !method.IsVirtual || method.IsFinal).Select(static method => method.Name);

        Assert.Equal(["Dispose"], nonVirtualMethods);
    }

    [Fact]
    public void Record_lists_are_never_null()
    {
        Assert.Empty(new Job { Id = "job_1", Output = null! }.Output.All);
        Assert.Empty(new JobOutput { Images = null!, Videos = null!, Audio = null! }.All);
        Assert.Empty(new ImageResult { Images = null! }.Images);
        Assert.Empty(new GeneratedMedia { AdditionalProperties = null! }.AdditionalProperties);
    }

    private static JobInput CreateJsonInput()
    {
        using var json = System.Text.Json.JsonDocument.Parse($$"""{"prompt":"{{Prompt}}"}""");
        return JobInput.FromJson(json.RootElement);
    }
}
