using ImageApi.Emulator;
using NSubstitute;

namespace ImageApi.Client.Extensions.AI.Tests;

/// <summary>Files against the emulator.</summary>
public sealed class HostedFileTests : IAsyncLifetime
{
    private World _world = null!;
    private DataContent _picture = null!;
    private IHostedFileClient _files = null!;

    public async Task InitializeAsync()
    {
        _world = await World.CreateAsync();
        _picture = await _world.PictureAsync();
        _files = _world.Client.AsIHostedFileClient();
    }

    public async Task DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task An_upload_tells_what_the_server_keeps()
    {
        var file = await _files.UploadAsync(Picture(), "image/png", "fox.png");

        var stored = Assert.Single(_world.Emulator.Ledger.Uploads);
        var uploaded = Assert.IsType<UploadedFile>(file.RawRepresentation);
        Assert.Equal(uploaded.Url, file.FileId);
        Assert.Equal(("image/png", "fox.png", stored.Bytes, "reference"), (file.MediaType, file.Name, file.SizeInBytes!.Value, file.Purpose));
        Assert.Equal((stored.Id, "image"), (file.AdditionalProperties!["id"], file.AdditionalProperties["kind"]));
        Assert.NotNull(file.CreatedAt);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_upload_is_a_picture_to_start_from(bool useJobs)
    {
        var file = await _files.UploadAsync(Picture(), "image/png", "fox.png");
        var stored = new HostedFileContent(file.FileId); // as it comes out of a database

        var response = await (useJobs ? _world.Jobs : _world.Client.AsIImageGenerator()).EditImagesAsync([stored], "the same fox at night");

        Assert.Single(response.Contents);
    }

    [Fact]
    public async Task An_upload_is_downloaded_as_it_was()
    {
        var file = await _files.UploadAsync(Picture(), "image/png", "fox.png");

        await using var stream = await _files.DownloadAsync(file);
        var content = await stream.ToDataContentAsync();

        Assert.Equal("image/png", stream.MediaType);
        Assert.EndsWith(".png", stream.FileName, StringComparison.Ordinal);
        Assert.Equal(_picture.Data.ToArray(), content.Data.ToArray());
    }

    [Fact]
    public async Task A_download_is_read_forward_in_every_way()
    {
        var file = await _files.UploadAsync(Picture(), "image/png", "fox.png");

        await using var stream = await _files.DownloadAsync(file);
        var head = new byte[4];
        var read = await stream.ReadAsync(head.AsMemory(0, 1)) + await Task.Factory.FromAsync(stream.BeginRead(head, 1, 1, null, null), stream.EndRead);

        Assert.Equal(2, read);
        Assert.Equal(_picture.Data.ToArray()[..2], head[..2]);
        Assert.True(stream.CanRead);
        Assert.False(stream.CanSeek);
        Assert.Throws<NotSupportedException>(() => stream.Length);
        Assert.Throws<NotSupportedException>(() => stream.Position);
        Assert.Throws<NotSupportedException>(() => stream.Seek(0, SeekOrigin.Begin));
    }

    [Fact]
    public async Task The_stream_of_an_upload_is_left_open()
    {
        using var stream = Picture();

        await _files.UploadAsync(stream, "image/png", "fox.png");

        Assert.True(stream.CanRead);
    }

    [Theory]
    [InlineData("image/png", "image", "file.png")]
    [InlineData("image/svg+xml", "image", "file")]
    [InlineData("video/mp4", "video", "file.mp4")]
    [InlineData("audio/mpeg", "audio", "file.mpeg")]
    [InlineData(null, "image", "file")]
    public async Task Kind_and_name_come_from_the_media_type(string? mediaType, string kind, string name)
    {
        await _files.UploadAsync(Picture(), mediaType);

        var stored = Assert.Single(_world.Emulator.Ledger.Uploads);
        Assert.Equal((kind, name), (stored.Kind, stored.FileName));
    }

    [Fact]
    public async Task A_file_of_the_disk_keeps_its_name()
    {
        var path = Path.Combine(Path.GetTempPath(), $"fox-{Guid.NewGuid():N}.png");
        await File.WriteAllBytesAsync(path, _picture.Data.ToArray());
        await using (var stream = File.OpenRead(path))
        {
            await _files.UploadAsync(stream);
        }

        File.Delete(path);
        Assert.Equal(Path.GetFileName(path), Assert.Single(_world.Emulator.Ledger.Uploads).FileName);
    }

    [Fact]
    public async Task Purpose_and_kind_are_sent_as_they_are_given()
    {
        var options = new HostedFileClientOptions { Purpose = "vision", AdditionalProperties = new() { ["kind"] = "mask" } };

        await _files.UploadAsync(Picture(), "image/png", "fox.png", options);

        var stored = Assert.Single(_world.Emulator.Ledger.Uploads);
        Assert.Equal(("vision", "mask"), (stored.Purpose, stored.Kind));
    }

    [Fact]
    public async Task Progress_comes_with_raw_transfer_options()
    {
        var progress = Substitute.For<IProgress<TransferProgress>>();
        var options = new HostedFileClientOptions { RawRepresentationFactory = _ => new TransferOptions { Progress = progress } };

        await _files.UploadAsync(Picture(), "image/png", "fox.png", options);

        progress.ReceivedWithAnyArgs().Report(default!);
    }

    [Fact]
    public async Task What_an_upload_cannot_send_is_refused()
    {
        await Assert.ThrowsAsync<NotSupportedException>(() => _files.UploadAsync(Picture(), options: new HostedFileClientOptions { Scope = "a container" }));
        await Assert.ThrowsAsync<ArgumentException>(() => _files.UploadAsync(Picture(), options: new HostedFileClientOptions { AdditionalProperties = new() { ["other"] = 1 } }));
        await Assert.ThrowsAsync<ArgumentException>(() => _files.UploadAsync(Picture(), options: new HostedFileClientOptions { AdditionalProperties = new() { ["kind"] = 1 } }));
        await Assert.ThrowsAsync<ArgumentException>(() => _files.UploadAsync(Picture(), options: new HostedFileClientOptions { RawRepresentationFactory = _ => "raw" }));
        await Assert.ThrowsAsync<ArgumentException>(() => _files.UploadAsync(Picture(), "no type"));
        await Assert.ThrowsAsync<ArgumentNullException>("content", () => _files.UploadAsync((Stream)null!));

        Assert.Empty(_world.Emulator.Ledger.Uploads);
    }

    [Fact]
    public async Task What_the_api_does_not_document_is_not_invented()
    {
        await Assert.ThrowsAsync<NotSupportedException>(() => _files.DownloadAsync("file-1"));
        await Assert.ThrowsAsync<NotSupportedException>(() => _files.GetFileInfoAsync("file-1"));
        await Assert.ThrowsAsync<NotSupportedException>(() => _files.DeleteAsync("file-1"));
        Assert.Throws<NotSupportedException>(() => _files.ListFilesAsync());
    }

    [Fact]
    public async Task An_upload_without_a_link_is_known_by_its_id()
    {
        var files = Substitute.For<FilesClient>();
        files.UploadAsync(Arg.Any<FileUpload>(), Arg.Any<TransferOptions?>(), Arg.Any<CancellationToken>()).Returns(new UploadedFile { Id = "file-1", MimeType = "png" });
        var client = Substitute.For<ImageApiClient>();
        client.Files.Returns(files);

        var file = await client.AsIHostedFileClient().UploadAsync(Picture());

        Assert.Equal(("file-1", null), (file.FileId, file.MediaType));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _world.Client.AsIImageGenerator().EditImagesAsync([file], "the same"));
    }

    [Fact]
    public async Task A_refused_upload_comes_out_as_the_error_of_the_client()
    {
        _world.Emulator.Faults.Next(EmulatorEndpoint.Upload, EmulatorFault.Status(413));

        await Assert.ThrowsAsync<ImageApiErrorException>(() => _files.UploadAsync(Picture(), "image/png", "fox.png"));
    }

    private MemoryStream Picture() => new(_picture.Data.ToArray());
}
