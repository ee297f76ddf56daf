using System.Net;
using System.Text;
using FsCheck.Xunit;
using ImageApi.Client.Files;
using ImageApi.Client.Media;
using ImageApi.Emulator;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using static ImageApi.Client.Tests.Support.RawServer;

namespace ImageApi.Client.Tests.Files;

/// <summary>Uploads: U1 to U8 of the fault matrix, over real sockets.</summary>
public sealed class FilesClientTests : IDisposable
{
    private const string Stored = """{"id":"file_1","url":"https://cdn.example/file_1.png"}""";
    private readonly string _directory = Directory.CreateTempSubdirectory("imageapi-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task The_body_is_what_curl_writes()
    {
        await using var server = Answering(Answer(Stored));
        using var client = Clients.For(server.Address);
        var path = Path.Combine(_directory, "demo.png");
        await File.WriteAllBytesAsync(path, Samples.Png);

        await client.Files.UploadAsync(FileUpload.FromPath(path));

        // recorded from curl -F "kind=image" -F "purpose=reference" -F "file=@demo.png"
        const string Curl = """
            --BOUNDARY
            Content-Disposition: form-data; name="kind"

            image
            --BOUNDARY
            Content-Disposition: form-data; name="purpose"

            reference
            --BOUNDARY
            Content-Disposition: form-data; name="file"; filename="demo.png"
            Content-Type: image/png

            CONTENT
            --BOUNDARY--

            """;
        var request = Assert.Single(server.Requests);
        var type = request.Header("Content-Type")!;
        Assert.Matches("^multipart/form-data; boundary=-{24}[0-9a-zA-Z]+$", type);
        var body = Encoding.Latin1.GetString(request.Body)
            .Replace(type.Split('=')[1], "BOUNDARY", StringComparison.Ordinal).Replace(Encoding.Latin1.GetString(Samples.Png), "CONTENT", StringComparison.Ordinal);
        Assert.Equal(Curl.ReplaceLineEndings("\r\n"), body);
        Assert.Equal("/v1/files/upload", request.Path);
    }

    [Theory]
    [InlineData("a\"b.png", "a%22b.png")]
    [InlineData("a\r\nX-Evil: 1.png", "a%0D%0AX-Evil: 1.png")]
    [InlineData("生成.png", "生成.png")]
    [InlineData("../../x.png", "x.png")]
    [InlineData("C:\\dir\\x.png", "x.png")]
    [InlineData("🦊.png", "🦊.png")]
    [InlineData("", "file")]
    [InlineData("..", "file")]
    [InlineData("dir/", "file")]
    [InlineData("a;b.png", "a;b.png")]
    [InlineData("dot.", "dot.")]
    public async Task U7_a_name_is_one_segment_in_one_header(string name, string sent)
    {
        var section = (await PartsAsync(FileUpload.FromBytes(new byte[] { 1 }, name)))[2];

        Assert.Equal($"form-data; name=\"file\"; filename=\"{sent}\"", section.Headers["Content-Disposition"]);
        Assert.Equal(2, section.Headers.Count);
    }

    [Fact]
    public async Task U7_a_long_name_stays_whole() =>
        Assert.Contains(new string('x', 300), (await PartsAsync(FileUpload.FromBytes(new byte[1], new string('x', 300))))[2].Headers["Content-Disposition"], StringComparison.Ordinal);

    /// <summary>Property 8.</summary>
    [Property(MaxTest = Support.Property.Cases)]
    public async Task U7_any_name_gives_three_parts_and_the_bytes_intact(string? name, byte[]? bytes)
    {
        bytes ??= [];

        var parts = await PartsAsync(FileUpload.FromBytes(bytes, name ?? ""));

        Assert.Equal(["kind", "purpose", "file"], parts.Select(static part => part.Name));
        Assert.Equal([1, 1, 2], parts.Select(static part => part.Headers.Count));
        Assert.Equal("image", Encoding.UTF8.GetString(parts[0].Bytes));
        Assert.Equal("reference", Encoding.UTF8.GetString(parts[1].Bytes));
        Assert.Equal(bytes, parts[2].Bytes);
    }

    [Theory]
    [InlineData("clip.mp4", "video/mp4")]
    [InlineData("photo.JPG", "image/jpeg")]
    [InlineData("thing.xyz", "application/octet-stream")]
    public async Task U8_without_a_signature_the_extension_tells_the_type(string name, string type) =>
        Assert.Equal(type, (await PartsAsync(FileUpload.FromBytes(new byte[] { 1, 2, 3 }, name)))[2].Headers["Content-Type"]);

    [Fact]
    public async Task U8_the_bytes_tell_more_than_the_name() =>
        Assert.Equal("image/png", (await PartsAsync(FileUpload.FromBytes(Samples.Png, "photo.jpg")))[2].Headers["Content-Type"]);

    [Fact]
    public async Task U1_a_stream_that_cannot_seek_is_sent_in_chunks()
    {
        await using var server = Answering(Answer(Stored));
        using var client = Clients.For(server.Address);

        await client.Files.UploadAsync(FileUpload.FromStream(new OneWayStream(Samples.Png), "demo.png"));

        var request = Assert.Single(server.Requests);
        Assert.Null(request.Header("Content-Length"));
        Assert.True(request.Body.AsSpan().IndexOf(Samples.Png) > 0);
    }

    [Fact]
    public async Task U1_a_stream_that_cannot_seek_is_sent_once()
    {
        await using var server = Start(static async connection => await connection.ReadRequestAsync());
        using var client = Clients.For(server.Address);

        var error = await Assert.ThrowsAsync<ImageApiConnectionException>(
            () => client.Files.UploadAsync(FileUpload.FromStream(new OneWayStream(Samples.Png), "demo.png")));

        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task U1_a_second_call_with_such_a_stream_is_refused()
    {
        await using var server = Answering(Answer(Stored));
        using var client = Clients.For(server.Address);
        var upload = FileUpload.FromStream(new OneWayStream(Samples.Png), "demo.png");
        await client.Files.UploadAsync(upload);

        await Assert.ThrowsAsync<InvalidOperationException>(() => client.Files.UploadAsync(upload));

        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task U2_every_attempt_and_every_call_begins_where_the_stream_stood()
    {
        await using var server = Answering([], Answer("{}", 500), Answer(Stored));
        using var client = Clients.For(server.Address);
        using var stream = new MemoryStream([.. "skipped"u8, .. Samples.Png]) { Position = 7 };
        var upload = FileUpload.FromStream(stream, "demo.png");

        await client.Files.UploadAsync(upload);
        await client.Files.UploadAsync(upload);

        Assert.Equal(4, server.Requests.Count);
        Assert.All(server.Requests, static request =>
        {
            Assert.True(request.Body.AsSpan().IndexOf(Samples.Png) > 0);
            Assert.True(request.Body.AsSpan().IndexOf("skipped"u8) < 0);
        });
    }

    [Fact]
    public async Task U5_the_stream_stays_open()
    {
        await using var server = Answering(Answer(Stored));
        using var client = Clients.For(server.Address);
        using var stream = new MemoryStream(Samples.Png);

        await client.Files.UploadAsync(FileUpload.FromStream(stream, "demo.png"));

        Assert.True(stream.CanRead);
    }

    [Theory]
    [InlineData(-10)]
    [InlineData(10)]
    public async Task U3_a_stream_of_another_length_than_it_says_fails_the_call(int difference)
    {
        await using var server = Start(static async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(Answer(Stored));
        });
        using var client = Clients.For(server.Address);

        await Assert.ThrowsAsync<IOException>(() => client.Files.UploadAsync(FileUpload.FromStream(new LyingStream(3_000_000, difference), "demo.bin")));

        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task U4_an_exception_of_the_stream_comes_out_as_it_is_and_ends_the_call()
    {
        await using var server = Start(static async connection => await connection.ReadRequestAsync());
        using var client = Clients.For(server.Address);

        var error = await Assert.ThrowsAsync<InvalidTimeZoneException>(
            () => client.Files.UploadAsync(FileUpload.FromStream(new LyingStream(1_000_000, 0) { FailsAt = 500_000 }, "demo.bin")));

        Assert.Equal("mine", error.Message);
        Assert.Equal(1, server.Connections);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_file_that_changes_between_attempts_fails_the_call()
    {
        var path = Path.Combine(_directory, "demo.png");
        await File.WriteAllBytesAsync(path, Samples.Png);
        await using var server = Start(async connection =>
        {
            await connection.ReadRequestAsync();
            File.SetLastWriteTimeUtc(path, new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
            await connection.WriteAsync(Answer("{}", 500));
        });
        using var client = Clients.For(server.Address);

        var error = await Assert.ThrowsAsync<IOException>(() => client.Files.UploadAsync(FileUpload.FromPath(path)));

        Assert.Contains("changed", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task U6_an_empty_file_is_uploaded()
    {
        await using var emulator = await ImageApiEmulator.StartAsync();
        using var client = Clients.For(emulator);

        var file = await client.Files.UploadAsync(FileUpload.FromBytes(ReadOnlyMemory<byte>.Empty, "empty.bin"));

        Assert.Equal(0, file.Bytes);
    }

    [Fact]
    public async Task U6_a_missing_file_is_told_before_anything_is_sent()
    {
        await using var server = Answering(Answer(Stored));
        using var client = Clients.For(server.Address);

        await Assert.ThrowsAsync<FileNotFoundException>(() => client.Files.UploadAsync(FileUpload.FromPath(Path.Combine(_directory, "missing.png"))));

        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task U6_a_directory_is_told_before_anything_is_sent()
    {
        await using var server = Answering(Answer(Stored));
        using var client = Clients.For(server.Address);

        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => client.Files.UploadAsync(FileUpload.FromPath(_directory)));

        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task U6_memory_does_not_grow_with_the_file()
    {
        const int Size = 128 * 1024 * 1024;
        await using var server = Start(static async connection =>
        {
            var head = await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray());
            await connection.SkipAsync(long.Parse(new RawRequest(head, []).Header("Content-Length")!, System.Globalization.CultureInfo.InvariantCulture));
            await connection.WriteAsync(Answer(Stored));
        });
        using var client = Clients.For(server.Address);
        var most = 0L;

        var before = GC.GetTotalMemory(forceFullCollection: true);
        var file = await client.Files.UploadAsync(
            FileUpload.FromStream(new LyingStream(Size, 0), "large.bin"),
            new TransferOptions { Progress = new Reports(_ => most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: false) - before)) });

        Assert.Equal("file_1", file.Id);
        Assert.InRange(most, 0, Size / 2);
    }

    [Fact]
    public async Task Large_uploads_wait_for_the_server_to_go_on()
    {
        await using var server = Start(static async connection =>
        {
            var head = await connection.ReadHeadAsync();
            await connection.WriteAsync(new RawRequest(head, []).Header("Expect") is null ? Answer("{}", 500) : Answer("""{"error":{"code":"invalid_api_key"}}""", 401));
        });
        using var client = Clients.For(server.Address);
        var stream = new LyingStream(2 * 1024 * 1024, 0);

        var error = await Assert.ThrowsAsync<ImageApiErrorException>(() => client.Files.UploadAsync(FileUpload.FromStream(stream, "large.bin")));

        Assert.Equal(HttpStatusCode.Unauthorized, error.StatusCode);
        Assert.InRange(stream.Position, 0, MediaSignature.HeadLength);
    }

    [Fact]
    public async Task Small_uploads_do_not_wait()
    {
        await using var server = Answering(Answer(Stored));
        using var client = Clients.For(server.Address);

        await client.Files.UploadAsync(FileUpload.FromBytes(Samples.Png, "demo.png"));

        Assert.Null(Assert.Single(server.Requests).Header("Expect"));
    }

    [Fact]
    public async Task Progress_ends_with_the_whole()
    {
        await using var server = Answering(Answer(Stored));
        using var client = Clients.For(server.Address);
        var reports = new List<TransferProgress>();

        await client.Files.UploadAsync(FileUpload.FromBytes(new byte[600_000], "demo.bin"), new TransferOptions { Progress = new Reports(reports.Add) });

        Assert.Equal(600_000, reports[^1].BytesTransferred);
        Assert.True(reports.Count > 1);
        Assert.All(reports, static report => Assert.Equal(600_000, report.TotalBytes));
    }

    [Fact]
    public async Task An_error_of_the_listener_comes_out_as_it_is()
    {
        await using var server = Answering(Answer(Stored));
        using var client = Clients.For(server.Address);
        var options = new TransferOptions { Progress = new Reports(static _ => throw new IOException("mine")) };

        var error = await Assert.ThrowsAsync<IOException>(() => client.Files.UploadAsync(FileUpload.FromBytes(new byte[600_000], "demo.bin"), options));

        Assert.Equal("mine", error.Message);
    }

    [Fact]
    public async Task A_file_without_a_link_cannot_become_a_reference()
    {
        await using var server = Answering(Answer("""{"id":"file_1"}"""));
        using var client = Clients.For(server.Address);

        var file = await client.Files.UploadAsync(FileUpload.FromBytes(Samples.Png, "demo.png"));

        Assert.Contains("file_1", Assert.Throws<InvalidOperationException>(file.ToReference).Message, StringComparison.Ordinal);
    }

    private static async Task<List<(string? Name, Dictionary<string, string> Headers, byte[] Bytes)>> PartsAsync(FileUpload upload)
    {
        using var body = new MultipartBody(upload, await upload.OpenAsync(default), progress: null, TimeProvider.System);
        var written = new MemoryStream();
        await body.PrepareAsync(default);
        await body.WriteAsync(written, default);
        Assert.Equal(body.Length, written.Length);
        written.Position = 0;

        var reader = new MultipartReader(body.MediaType.Parameters.Single().Value!, written) { HeadersLengthLimit = 64 * 1024 };
        var parts = new List<(string?, Dictionary<string, string>, byte[])>();
        while (await reader.ReadNextSectionAsync() is { } section)
        {
            var content = new MemoryStream();
            await section.Body.CopyToAsync(content);
            var name = ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) ? HeaderUtilities.RemoveQuotes(disposition.Name).Value : null;
            parts.Add((name, section.Headers!.ToDictionary(static header => header.Key, static header => header.Value.ToString()), content.ToArray()));
        }

        return parts;
    }

    private sealed class Reports(Action<TransferProgress> report) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value) => report(value);
    }
}
