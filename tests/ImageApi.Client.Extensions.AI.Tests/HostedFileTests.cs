using ImageApi.Emulator;
using NSubstitute;

namespace ImageApi.Client.Extensions.AI.Tests;

/// <summary>Files against the emulator.</summary>
public sealed class HostedFileTests : IAsyncLifetime
{
    private EmulatorFixture _fixture = null!;
    private DataContent _image = null!;
    private IHostedFileClient _files = null!;

    public async Task InitializeAsync()
    {
        _fixture = await EmulatorFixture.CreateAsync();
        _image = await _fixture.GenerateReferenceAsync();
        _files = _fixture.Client.AsIHostedFileClient();
    }

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public async Task Upload_returns_the_stored_file_metadata()
    {
        var file = await _files.UploadAsync(OpenImage(), "image/png", "fox.png");

        var stored = Assert.Single(_fixture.Emulator.Ledger.Uploads);
        var uploaded = Assert.IsType<UploadedFile>(file.RawRepresentation);
        Assert.Equal(uploaded.Url, file.FileId);
        Assert.Equal(("image/png", "fox.png", stored.SizeInBytes, "reference"), (file.MediaType, file.Name, file.SizeInBytes!.Value, file.Purpose));
        Assert.Equal((stored.Id, "image"), (file.AdditionalProperties!["id"], file.AdditionalProperties["kind"]));
        Assert.NotNull(file.CreatedAt);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Uploaded_file_can_be_used_as_reference_image(bool useJobs)
    {
        var file = await _files.UploadAsync(OpenImage(), "image/png", "fox.png");
        var stored = new HostedFileContent(file.FileId); // as it comes out of a database

        var response = await (useJobs ? _fixture.JobGenerator : _fixture.Client.AsIImageGenerator()).EditImagesAsync([stored], "the same fox at night");

        Assert.Single(response.Contents);
    }

    [Fact]
    public async Task Uploaded_file_is_downloaded_unchanged()
    {
        var file = await _files.UploadAsync(OpenImage(), "image/png", "fox.png");

        await using var stream = await _files.DownloadAsync(file);
        var content = await stream.ToDataContentAsync();

        Assert.Equal("image/png", stream.MediaType);
        Assert.EndsWith(".png", stream.FileName, StringComparison.Ordinal);
        Assert.Equal(_image.Data.ToArray(), content.Data.ToArray());
    }

    [Fact]
    public async Task Download_stream_is_forward_only()
    {
        var file = await _files.UploadAsync(OpenImage(), "image/png", "fox.png");

        await using var stream = await _files.DownloadAsync(file);
        var head = new byte[4];
        var read = await stream.ReadAsync(head.AsMemory(0, 1)) + await Task.Factory.FromAsync(stream.BeginRead(head, 1, 1, null, null), stream.EndRead);

        Assert.Equal(2, read);
        Assert.Equal(_image.Data.ToArray()[..2], head[..2]);
        Assert.True(stream.CanRead);
        Assert.False(stream.CanSeek);
        Assert.Throws<NotSupportedException>(() => stream.Length);
        Assert.Throws<NotSupportedException>(() => stream.Position);
        Assert.Throws<NotSupportedException>(() => stream.Seek(0, SeekOrigin.Begin));
    }

    [Fact]
    public async Task Upload_leaves_the_stream_open()
    {
        using var stream = OpenImage();

        await _files.UploadAsync(stream, "image/png", "fox.png");

        Assert.True(stream.CanRead);
    }

    [Theory]
    [InlineData("image/png", "image", "file.png")]
    [InlineData("image/svg+xml", "image", "file")]
    [InlineData("video/mp4", "video", "file.mp4")]
    [InlineData("audio/mpeg", "audio", "file.mpeg")]
    [InlineData(null, "image", "file")]
    public async Task Kind_and_file_name_are_derived_from_the_media_type(string? mediaType, string kind, string name)
    {
        await _files.UploadAsync(OpenImage(), mediaType);

        var stored = Assert.Single(_fixture.Emulator.Ledger.Uploads);
        Assert.Equal((kind, name), (stored.Kind, stored.FileName));
    }

    [Fact]
    public async Task FileStream_upload_keeps_its_file_name()
    {
        var path = Path.Combine(Path.GetTempPath(), $"fox-{Guid.NewGuid():N}.png");
        await File.WriteAllBytesAsync(path, _image.Data.ToArray());
        await using (var stream = File.OpenRead(path))
        {
            await _files.UploadAsync(stream);
        }

        File.Delete(path);
        Assert.Equal(Path.GetFileName(path), Assert.Single(_fixture.Emulator.Ledger.Uploads).FileName);
    }

    [Fact]
    public async Task Purpose_and_kind_are_sent_unchanged()
    {
        var options = new HostedFileClientOptions { Purpose = "vision", AdditionalProperties = new() { ["kind"] = "mask" } };

        await _files.UploadAsync(OpenImage(), "image/png", "fox.png", options);

        var stored = Assert.Single(_fixture.Emulator.Ledger.Uploads);
        Assert.Equal(("vision", "mask"), (stored.Purpose, stored.Kind));
    }

    [Fact]
    public async Task Raw_TransferOptions_report_upload_progress()
    {
        var progress = Substitute.For<IProgress<TransferProgress>>();
        var options = new HostedFileClientOptions { RawRepresentationFactory = _ => new TransferOptions { Progress = progress } };

        await _files.UploadAsync(OpenImage(), "image/png", "fox.png", options);

        progress.ReceivedWithAnyArgs().Report(default!);
    }

    [Fact]
    public async Task Unsupported_upload_options_are_rejected()
    {
        await Assert.ThrowsAsync<NotSupportedException>(() => _files.UploadAsync(OpenImage(), options: new HostedFileClientOptions { Scope = "a container" }));
        await Assert.ThrowsAsync<ArgumentException>(() => _files.UploadAsync(OpenImage(), options: new HostedFileClientOptions { AdditionalProperties = new() { ["other"] = 1 } }));
        await Assert.ThrowsAsync<ArgumentException>(() => _files.UploadAsync(OpenImage(), options: new HostedFileClientOptions { AdditionalProperties = new() { ["kind"] = 1 } }));
        await Assert.ThrowsAsync<ArgumentException>(() => _files.UploadAsync(OpenImage(), options: new HostedFileClientOptions { RawRepresentationFactory = _ => "raw" }));
        await Assert.ThrowsAsync<ArgumentException>(() => _files.UploadAsync(OpenImage(), "no type"));
        await Assert.ThrowsAsync<ArgumentNullException>("content", () => _files.UploadAsync((Stream)null!));

        Assert.Empty(_fixture.Emulator.Ledger.Uploads);
    }

    [Fact]
    public async Task Undocumented_file_operations_throw_NotSupportedException()
    {
        await Assert.ThrowsAsync<NotSupportedException>(() => _files.DownloadAsync("file-1"));
        await Assert.ThrowsAsync<NotSupportedException>(() => _files.GetFileInfoAsync("file-1"));
        await Assert.ThrowsAsync<NotSupportedException>(() => _files.DeleteAsync("file-1"));
        Assert.Throws<NotSupportedException>(() => _files.ListFilesAsync());
    }

    [Fact]
    public async Task Upload_without_URL_uses_its_file_id()
    {
        var files = Substitute.For<FilesClient>();
        files.UploadAsync(Arg.Any<FileUpload>(), Arg.Any<TransferOptions?>(), Arg.Any<CancellationToken>()).Returns(new UploadedFile { Id = "file-1", MimeType = "png" });
        var client = Substitute.For<ImageApiClient>();
        client.Files.Returns(files);

        var file = await client.AsIHostedFileClient().UploadAsync(OpenImage());

        Assert.Equal(("file-1", null), (file.FileId, file.MediaType));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _fixture.Client.AsIImageGenerator().EditImagesAsync([file], "the same"));
    }

    [Fact]
    public async Task Rejected_upload_throws_the_client_exception()
    {
        _fixture.Emulator.Faults.Next(EmulatorEndpoint.Upload, EmulatorFault.Status(413));

        await Assert.ThrowsAsync<ImageApiResponseException>(() => _files.UploadAsync(OpenImage(), "image/png", "fox.png"));
    }

    private MemoryStream OpenImage() => new(_image.Data.ToArray());
}
