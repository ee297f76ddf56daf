using System.Net;
using System.Text;
using FsCheck.Xunit;
using ImageApi.Client.Files.Internal;
using ImageApi.Client.Media.Formats;
using ImageApi.Emulator;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using static ImageApi.Client.Tests.Support.RawServer;

namespace ImageApi.Client.Tests.Files;

/// <summary>Uploads: U1 to U8 of the fault matrix, over real sockets.</summary>
public sealed class FilesClientTests : IDisposable
{
    private const string UploadResponseJson = """{"id":"file_1","url":"https://cdn.example/file_1.png"}""";
    private readonly string _directory = Directory.CreateTempSubdirectory("imageapi-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Multipart_body_matches_curl()
    {
        await using var server = RespondingWith(CreateResponse(UploadResponseJson));
        using var client = TestClients.Create(server.Address);
        var path = Path.Combine(_directory, "demo.png");
        await File.WriteAllBytesAsync(path, SampleFiles.Png);

        await client.Files.UploadAsync(FileUpload.FromFile(path));

        // recorded from curl -F "kind=image" -F "purpose=reference" -F "file=@demo.png"
        const string CurlBody = """
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
            .Replace(type.Split('=')[1], "BOUNDARY", StringComparison.Ordinal).Replace(Encoding.Latin1.GetString(SampleFiles.Png), "CONTENT", StringComparison.Ordinal);
        Assert.Equal(CurlBody.ReplaceLineEndings("\r\n"), body);
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
    public async Task U7_file_name_is_escaped_in_one_header(string name, string expected)
    {
        var section = (await ReadPartsAsync(FileUpload.FromBytes(new byte[] { 1 }, name)))[2];

        Assert.Equal($"form-data; name=\"file\"; filename=\"{expected}\"", section.Headers["Content-Disposition"]);
        Assert.Equal(2, section.Headers.Count);
    }

    [Fact]
    public async Task U7_long_file_name_is_not_truncated() =>
        Assert.Contains(new string('x', 300), (await ReadPartsAsync(FileUpload.FromBytes(new byte[1], new string('x', 300))))[2].Headers["Content-Disposition"], StringComparison.Ordinal);

    /// <summary>Property 8.</summary>
    [Property(MaxTest = Support.Property.DefaultCases)]
    public async Task U7_any_file_name_gives_three_parts_with_intact_content(string? name, byte[]? bytes)
    {
        bytes ??= [];

        var parts = await ReadPartsAsync(FileUpload.FromBytes(bytes, name ?? ""));

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
    public async Task U8_extension_sets_the_content_type_without_a_signature(string name, string type) =>
        Assert.Equal(type, (await ReadPartsAsync(FileUpload.FromBytes(new byte[] { 1, 2, 3 }, name)))[2].Headers["Content-Type"]);

    [Fact]
    public async Task U8_file_signature_takes_precedence_over_the_extension() =>
        Assert.Equal("image/png", (await ReadPartsAsync(FileUpload.FromBytes(SampleFiles.Png, "photo.jpg")))[2].Headers["Content-Type"]);

    [Fact]
    public async Task U1_non_seekable_stream_is_sent_chunked()
    {
        await using var server = RespondingWith(CreateResponse(UploadResponseJson));
        using var client = TestClients.Create(server.Address);

        await client.Files.UploadAsync(FileUpload.FromStream(new NonSeekableStream(SampleFiles.Png), "demo.png"));

        var request = Assert.Single(server.Requests);
        Assert.Null(request.Header("Content-Length"));
        Assert.True(request.Body.AsSpan().IndexOf(SampleFiles.Png) > 0);
    }

    [Fact]
    public async Task U1_non_seekable_stream_is_not_retried()
    {
        await using var server = Start(static async connection => await connection.ReadRequestAsync());
        using var client = TestClients.Create(server.Address);

        var error = await FailureAssert.ThrowsAsync(
            ImageApiFailureReason.Connection, () => client.Files.UploadAsync(FileUpload.FromStream(new NonSeekableStream(SampleFiles.Png), "demo.png")));

        Assert.Equal(RequestOutcome.Unknown, error.Outcome);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task U1_second_call_with_a_non_seekable_stream_throws()
    {
        await using var server = RespondingWith(CreateResponse(UploadResponseJson));
        using var client = TestClients.Create(server.Address);
        var upload = FileUpload.FromStream(new NonSeekableStream(SampleFiles.Png), "demo.png");
        await client.Files.UploadAsync(upload);

        await Assert.ThrowsAsync<InvalidOperationException>(() => client.Files.UploadAsync(upload));

        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task U2_every_attempt_starts_at_the_initial_stream_position()
    {
        await using var server = RespondingWith([], CreateResponse("{}", 500), CreateResponse(UploadResponseJson));
        using var client = TestClients.Create(server.Address);
        using var stream = new MemoryStream([.. "skipped"u8, .. SampleFiles.Png]) { Position = 7 };
        var upload = FileUpload.FromStream(stream, "demo.png");

        await client.Files.UploadAsync(upload);
        await client.Files.UploadAsync(upload);

        Assert.Equal(4, server.Requests.Count);
        Assert.All(server.Requests, static request =>
        {
            Assert.True(request.Body.AsSpan().IndexOf(SampleFiles.Png) > 0);
            Assert.True(request.Body.AsSpan().IndexOf("skipped"u8) < 0);
        });
    }

    [Fact]
    public async Task U5_upload_leaves_the_stream_open()
    {
        await using var server = RespondingWith(CreateResponse(UploadResponseJson));
        using var client = TestClients.Create(server.Address);
        using var stream = new MemoryStream(SampleFiles.Png);

        await client.Files.UploadAsync(FileUpload.FromStream(stream, "demo.png"));

        Assert.True(stream.CanRead);
    }

    [Theory]
    [InlineData(-10)]
    [InlineData(10)]
    public async Task U3_stream_with_a_wrong_length_throws_IOException(int difference)
    {
        await using var server = Start(static async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(CreateResponse(UploadResponseJson));
        });
        using var client = TestClients.Create(server.Address);

        await Assert.ThrowsAsync<IOException>(() => client.Files.UploadAsync(FileUpload.FromStream(new WrongLengthStream(3_000_000, difference), "demo.bin")));

        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task U4_stream_exception_is_rethrown_without_a_retry()
    {
        await using var server = Start(static async connection => await connection.ReadRequestAsync());
        using var client = TestClients.Create(server.Address);

        var error = await Assert.ThrowsAsync<InvalidTimeZoneException>(
            () => client.Files.UploadAsync(FileUpload.FromStream(new WrongLengthStream(1_000_000, 0) { ThrowsAtPosition = 500_000 }, "demo.bin")));

        Assert.Equal("mine", error.Message);
        Assert.Equal(1, server.Connections);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task File_modified_between_attempts_throws_IOException()
    {
        var path = Path.Combine(_directory, "demo.png");
        await File.WriteAllBytesAsync(path, SampleFiles.Png);
        await using var server = Start(async connection =>
        {
            await connection.ReadRequestAsync();
            File.SetLastWriteTimeUtc(path, new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
            await connection.WriteAsync(CreateResponse("{}", 500));
        });
        using var client = TestClients.Create(server.Address);

        var error = await Assert.ThrowsAsync<IOException>(() => client.Files.UploadAsync(FileUpload.FromFile(path)));

        Assert.Contains("changed", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task U6_empty_file_is_uploaded()
    {
        await using var emulator = await ImageApiEmulator.StartAsync();
        using var client = TestClients.Create(emulator);

        var file = await client.Files.UploadAsync(FileUpload.FromBytes(ReadOnlyMemory<byte>.Empty, "empty.bin"));

        Assert.Equal(0, file.SizeInBytes);
    }

    [Fact]
    public async Task U6_missing_file_throws_before_sending()
    {
        await using var server = RespondingWith(CreateResponse(UploadResponseJson));
        using var client = TestClients.Create(server.Address);

        await Assert.ThrowsAsync<FileNotFoundException>(() => client.Files.UploadAsync(FileUpload.FromFile(Path.Combine(_directory, "missing.png"))));

        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task U6_directory_path_throws_before_sending()
    {
        await using var server = RespondingWith(CreateResponse(UploadResponseJson));
        using var client = TestClients.Create(server.Address);

        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => client.Files.UploadAsync(FileUpload.FromFile(_directory)));

        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task U6_memory_does_not_grow_with_the_file_size()
    {
        const int Size = 128 * 1024 * 1024;
        await using var server = Start(static async connection =>
        {
            var head = await connection.ReadHeadAsync();
            await connection.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray());
            await connection.SkipAsync(long.Parse(new RawRequest(head, []).Header("Content-Length")!, System.Globalization.CultureInfo.InvariantCulture));
            await connection.WriteAsync(CreateResponse(UploadResponseJson));
        });
        using var client = TestClients.Create(server.Address);
        var maxGrowth = 0L;

        var baseline = GC.GetTotalMemory(forceFullCollection: true);
        var file = await client.Files.UploadAsync(
            FileUpload.FromStream(new WrongLengthStream(Size, 0), "large.bin"),
            new TransferOptions { Progress = new SynchronousProgress(_ => maxGrowth = Math.Max(maxGrowth, GC.GetTotalMemory(forceFullCollection: false) - baseline)) });

        Assert.Equal("file_1", file.Id);
        Assert.InRange(maxGrowth, 0, Size / 2);
    }

    [Fact]
    public async Task Large_uploads_wait_for_100_Continue()
    {
        await using var server = Start(static async connection =>
        {
            var head = await connection.ReadHeadAsync();
            await connection.WriteAsync(new RawRequest(head, []).Header("Expect") is null ? CreateResponse("{}", 500) : CreateResponse("""{"error":{"code":"invalid_api_key"}}""", 401));
        });
        using var client = TestClients.Create(server.Address);
        var stream = new WrongLengthStream(2 * 1024 * 1024, 0);

        var error = await Assert.ThrowsAsync<ImageApiResponseException>(() => client.Files.UploadAsync(FileUpload.FromStream(stream, "large.bin")));

        Assert.Equal(HttpStatusCode.Unauthorized, error.StatusCode);
        Assert.InRange(stream.Position, 0, FileSignature.HeadLength);
    }

    [Fact]
    public async Task Small_uploads_send_no_Expect_header()
    {
        await using var server = RespondingWith(CreateResponse(UploadResponseJson));
        using var client = TestClients.Create(server.Address);

        await client.Files.UploadAsync(FileUpload.FromBytes(SampleFiles.Png, "demo.png"));

        Assert.Null(Assert.Single(server.Requests).Header("Expect"));
    }

    [Fact]
    public async Task Progress_ends_at_the_total_length()
    {
        await using var server = RespondingWith(CreateResponse(UploadResponseJson));
        using var client = TestClients.Create(server.Address);
        var reports = new List<TransferProgress>();

        await client.Files.UploadAsync(FileUpload.FromBytes(new byte[600_000], "demo.bin"), new TransferOptions { Progress = new SynchronousProgress(reports.Add) });

        Assert.Equal(600_000, reports[^1].BytesTransferred);
        Assert.True(reports.Count > 1);
        Assert.All(reports, static report => Assert.Equal(600_000, report.TotalBytes));
    }

    [Fact]
    public async Task Progress_exception_is_rethrown()
    {
        await using var server = RespondingWith(CreateResponse(UploadResponseJson));
        using var client = TestClients.Create(server.Address);
        var options = new TransferOptions { Progress = new SynchronousProgress(static _ => throw new IOException("mine")) };

        var error = await Assert.ThrowsAsync<IOException>(() => client.Files.UploadAsync(FileUpload.FromBytes(new byte[600_000], "demo.bin"), options));

        Assert.Equal("mine", error.Message);
    }

    [Fact]
    public async Task Headers_of_RequestOptions_are_sent()
    {
        await using var server = RespondingWith(CreateResponse("""{"id":"file_1"}"""));
        using var client = TestClients.Create(server.Address);
        var options = new TransferOptions { RequestOptions = new RequestOptions { Headers = new Dictionary<string, string> { ["X-Tag"] = "upload" } } };

        await client.Files.UploadAsync(FileUpload.FromBytes(SampleFiles.Png, "demo.png"), options);

        Assert.Equal("upload", Assert.Single(server.Requests).Header("X-Tag"));
    }

    [Fact]
    public async Task ToReference_of_a_file_without_a_url_throws()
    {
        await using var server = RespondingWith(CreateResponse("""{"id":"file_1"}"""));
        using var client = TestClients.Create(server.Address);

        var file = await client.Files.UploadAsync(FileUpload.FromBytes(SampleFiles.Png, "demo.png"));

        Assert.Contains("file_1", Assert.Throws<InvalidOperationException>(file.ToReference).Message, StringComparison.Ordinal);
    }

    private static async Task<List<(string? Name, Dictionary<string, string> Headers, byte[] Bytes)>> ReadPartsAsync(FileUpload upload)
    {
        using var body = new MultipartUploadContent(upload, await upload.OpenAsync(default), progress: null, TimeProvider.System);
        var output = new MemoryStream();
        await body.PrepareAsync(default);
        await body.WriteAsync(output, default);
        Assert.Equal(body.Length, output.Length);
        output.Position = 0;

        var reader = new MultipartReader(body.MediaType.Parameters.Single().Value!, output) { HeadersLengthLimit = 64 * 1024 };
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

    private sealed class SynchronousProgress(Action<TransferProgress> callback) : IProgress<TransferProgress>
    {
        public void Report(TransferProgress value) => callback(value);
    }
}
