using System.Text;

namespace ImageApi.Client.Tests.Media;

/// <summary>Downloads that are cut: what is there is not fetched again where a strong entity tag says that the rest belongs to it.</summary>
public sealed class DownloadResumeTests : IDisposable
{
    private const string ETagHeader = "ETag: \"v1\"";
    private static readonly byte[] ImageBytes = SampleFiles.PngOf(600_000);
    private static readonly byte[] OtherImageBytes = SampleFiles.PngOf(500_000, fill: 9);

    private readonly string _directory = Directory.CreateTempSubdirectory("resume-").FullName;

    private string Target => Path.Combine(_directory, "a.png");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(20)]
    [InlineData(30)]
    [InlineData(40)]
    [InlineData(50)]
    [InlineData(60)]
    [InlineData(70)]
    [InlineData(80)]
    [InlineData(90)]
    [InlineData(99)]
    public async Task Resume_requests_only_the_missing_bytes(int percent)
    {
        var sent = ImageBytes.Length * percent / 100;
        await using var server = ScriptedServer.Start(TruncatedResponse(ImageBytes, sent, ETagHeader), RangeResponse(ImageBytes));
        using var client = TestClients.Create(server.BaseAddress);

        await client.Media.SaveAsync(MediaAt(server), Target);

        Assert.Equal(ImageBytes, await File.ReadAllBytesAsync(Target));
        Assert.Single(Directory.GetFileSystemEntries(_directory));
        var second = server.Requests[1];
        Assert.Equal(sent == 0 ? null : $"bytes={sent}-", second.Header("Range"));
        Assert.Equal(sent == 0 ? null : "\"v1\"", second.Header("If-Range"));
    }

    [Theory]
    [InlineData("X-Nothing: 1")]
    [InlineData("ETag: W/\"v1\"")]
    public async Task Download_restarts_without_a_strong_etag(string header)
    {
        await using var server = ScriptedServer.Start(TruncatedResponse(ImageBytes, 300_000, header), ScriptedResponse.With(200, ImageBytes, "image/png"));
        using var client = TestClients.Create(server.BaseAddress);

        await client.Media.SaveAsync(MediaAt(server), Target);

        Assert.Equal(ImageBytes, await File.ReadAllBytesAsync(Target));
        Assert.Null(server.Requests[1].Header("Range"));
    }

    [Fact]
    public async Task Changed_file_is_downloaded_from_the_start()
    {
        await using var server = ScriptedServer.Start(TruncatedResponse(ImageBytes, 300_000, ETagHeader), ScriptedResponse.With(200, OtherImageBytes, "image/png", "ETag: \"v2\""));
        using var client = TestClients.Create(server.BaseAddress);

        var saved = await client.Media.SaveAsync(MediaAt(server), Target);

        Assert.Equal(OtherImageBytes, await File.ReadAllBytesAsync(Target));
        Assert.Equal(OtherImageBytes.Length, saved.SizeInBytes);
    }

    [Theory]
    [InlineData("Content-Range: bytes 300001-599999/600000")]
    [InlineData("Content-Range: bytes 0-599999/600000")]
    [InlineData("Content-Range: bytes 300000-599999/700000")]
    [InlineData("Content-Range: bytes 300000-599998/600000")]
    [InlineData("Content-Range: chars 300000-599999/600000")]
    [InlineData("Content-Range: bytes */600000")]
    [InlineData("X-Nothing: 1")]
    public async Task Resume_rejects_a_content_range_it_did_not_request(string range)
    {
        await using var server = ScriptedServer.Start(TruncatedResponse(ImageBytes, 300_000, ETagHeader), ScriptedResponse.With(206, ImageBytes[300_000..], "image/png", range));
        using var client = TestClients.Create(server.BaseAddress);

        await Assert.ThrowsAnyAsync<ImageApiException>(() => client.Media.SaveAsync(MediaAt(server), Target));

        Assert.Empty(Directory.GetFileSystemEntries(_directory));
    }

    [Fact]
    public async Task Resume_rejects_partial_content_with_a_different_etag()
    {
        await using var server = ScriptedServer.Start(
            TruncatedResponse(ImageBytes, 300_000, ETagHeader), ScriptedResponse.With(206, SampleFiles.PngOf(600_000, fill: 9)[300_000..], "image/png", "Content-Range: bytes 300000-599999/600000", "ETag: \"v2\""));
        using var client = TestClients.Create(server.BaseAddress);

        await FailureAssert.ThrowsAsync(ImageApiFailureReason.Download, () => client.Media.SaveAsync(MediaAt(server), Target));

        Assert.Empty(Directory.GetFileSystemEntries(_directory));
    }

    [Fact]
    public async Task Resume_accepts_a_content_range_without_total_length()
    {
        await using var server = ScriptedServer.Start(TruncatedResponse(ImageBytes, 300_000, ETagHeader), ScriptedResponse.With(206, ImageBytes[300_000..], "image/png", "Content-Range: bytes 300000-599999/*"));
        using var client = TestClients.Create(server.BaseAddress);

        await client.Media.SaveAsync(MediaAt(server), Target);

        Assert.Equal(ImageBytes, await File.ReadAllBytesAsync(Target));
    }

    [Fact]
    public async Task Download_resumes_up_to_the_maximum_number_of_retries()
    {
        await using var server = ScriptedServer.Start(TruncatedResponse(ImageBytes, 200_000, ETagHeader), TruncatedRangeResponse(ImageBytes, 200_000), TruncatedRangeResponse(ImageBytes, 200_000));
        using var client = TestClients.Create(server.BaseAddress, static options => options.Retry.MaxRetries = 2);

        await client.Media.SaveAsync(MediaAt(server), Target);

        Assert.Equal(ImageBytes, await File.ReadAllBytesAsync(Target));
        Assert.Equal([null, "bytes=200000-", "bytes=400000-"], server.Requests.Select(static request => request.Header("Range")));
    }

    [Fact]
    public async Task Download_throws_and_leaves_no_file_after_the_last_retry()
    {
        await using var server = ScriptedServer.Start(TruncatedResponse(ImageBytes, 200_000, ETagHeader), TruncatedRangeResponse(ImageBytes, 100_000));
        using var client = TestClients.Create(server.BaseAddress, static options => options.Retry.MaxRetries = 2);

        var error = await Assert.ThrowsAnyAsync<ImageApiException>(() => client.Media.SaveAsync(MediaAt(server), Target));

        Assert.Equal(3, error.Info.Attempts);
        Assert.Empty(Directory.GetFileSystemEntries(_directory));
    }

    [Fact]
    public async Task Progress_continues_after_a_resume()
    {
        await using var server = ScriptedServer.Start(TruncatedResponse(ImageBytes, 300_000, ETagHeader), RangeResponse(ImageBytes));
        using var client = TestClients.Create(server.BaseAddress);
        var progress = new RecordingProgress();

        await client.Media.SaveAsync(MediaAt(server), Target, new SaveOptions { Progress = progress });

        Assert.Equal(progress.BytesTransferred.Order(), progress.BytesTransferred);
        Assert.Equal(ImageBytes.Length, progress.BytesTransferred[^1]);
    }

    [Fact]
    public async Task Resumed_copy_writes_every_byte_once()
    {
        await using var server = ScriptedServer.Start(TruncatedResponse(ImageBytes, 300_000, ETagHeader), RangeResponse(ImageBytes));
        using var client = TestClients.Create(server.BaseAddress);
        using var stream = new MemoryStream();

        await client.Media.CopyToAsync(MediaAt(server), stream);

        Assert.Equal(ImageBytes, stream.ToArray());
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task Partially_written_stream_is_not_retried_without_an_etag()
    {
        await using var server = ScriptedServer.Start(TruncatedResponse(ImageBytes, 300_000, "X-Nothing: 1"), ScriptedResponse.With(200, ImageBytes, "image/png"));
        using var client = TestClients.Create(server.BaseAddress);
        using var stream = new MemoryStream();

        await Assert.ThrowsAnyAsync<ImageApiException>(() => client.Media.CopyToAsync(MediaAt(server), stream));

        Assert.Equal(ImageBytes[..300_000], stream.ToArray());
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Partially_written_stream_receives_no_changed_content()
    {
        await using var server = ScriptedServer.Start(TruncatedResponse(ImageBytes, 300_000, ETagHeader), ScriptedResponse.With(200, OtherImageBytes, "image/png"));
        using var client = TestClients.Create(server.BaseAddress);
        using var stream = new MemoryStream();

        await Assert.ThrowsAnyAsync<ImageApiException>(() => client.Media.CopyToAsync(MediaAt(server), stream));

        Assert.Equal(ImageBytes[..300_000], stream.ToArray());
    }

    [Fact]
    public async Task Copy_is_retried_while_the_stream_is_still_empty()
    {
        await using var server = ScriptedServer.Start(TruncatedResponse(ImageBytes, 0, "X-Nothing: 1"), ScriptedResponse.With(200, ImageBytes, "image/png"));
        using var client = TestClients.Create(server.BaseAddress);
        using var stream = new MemoryStream();

        await client.Media.CopyToAsync(MediaAt(server), stream);

        Assert.Equal(ImageBytes, stream.ToArray());
    }

    private static GeneratedMedia MediaAt(ScriptedServer server) => new() { Url = new Uri(server.BaseAddress, "files/a.png").AbsoluteUri };

    private static Exchange TruncatedResponse(byte[] content, int sent, string header) => ScriptedResponse.Raw(
        [.. Encoding.ASCII.GetBytes(ScriptedResponse.Head(200, "Content-Type: image/png", $"Content-Length: {content.Length}", header)), .. content.AsSpan(0, sent)]);

    private static Exchange RangeResponse(byte[] content) => TruncatedRangeResponse(content, content.Length);

    /// <summary>Gives what is asked for, and no more than this many bytes of it.</summary>
    private static Exchange TruncatedRangeResponse(byte[] content, int maxBytes) => async connection =>
    {
        var start = int.Parse((await connection.ReadRequestAsync()).Header("Range")?["bytes=".Length..^1] ?? "0");
        var sent = content.AsMemory(start, Math.Min(maxBytes, content.Length - start));
        await connection.SendAsync(ScriptedResponse.Head(
            start == 0 ? 200 : 206, "Content-Type: image/png", $"Content-Length: {content.Length - start}", $"Content-Range: bytes {start}-{content.Length - 1}/{content.Length}", ETagHeader));
        await connection.SendAsync(sent);
        connection.Close();
    };

    private sealed class RecordingProgress : IProgress<TransferProgress>
    {
        public List<long> BytesTransferred { get; } = [];

        public void Report(TransferProgress value) => BytesTransferred.Add(value.BytesTransferred);
    }
}
