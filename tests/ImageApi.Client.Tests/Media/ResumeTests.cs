using System.Text;

namespace ImageApi.Client.Tests.Media;

/// <summary>Downloads that are cut: what is there is not fetched again where a strong entity tag says that the rest belongs to it.</summary>
public sealed class ResumeTests : IDisposable
{
    private const string Tag = "ETag: \"v1\"";
    private static readonly byte[] Picture = Samples.PngOf(600_000);
    private static readonly byte[] Other = Samples.PngOf(500_000, fill: 9);

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
    public async Task A_cut_anywhere_is_mended_by_the_rest_alone(int percent)
    {
        var sent = Picture.Length * percent / 100;
        await using var server = ScriptServer.Start(Cut(Picture, sent, Tag), Rest(Picture));
        using var client = Clients.For(server.BaseAddress);

        await client.Media.SaveAsync(Link(server), Target);

        Assert.Equal(Picture, await File.ReadAllBytesAsync(Target));
        Assert.Single(Directory.GetFileSystemEntries(_directory));
        var second = server.Requests[1];
        Assert.Equal(sent == 0 ? null : $"bytes={sent}-", second.Header("Range"));
        Assert.Equal(sent == 0 ? null : "\"v1\"", second.Header("If-Range"));
    }

    [Theory]
    [InlineData("X-Nothing: 1")]
    [InlineData("ETag: W/\"v1\"")]
    public async Task Without_a_strong_tag_the_download_begins_anew(string header)
    {
        await using var server = ScriptServer.Start(Cut(Picture, 300_000, header), Reply.With(200, Picture, "image/png"));
        using var client = Clients.For(server.BaseAddress);

        await client.Media.SaveAsync(Link(server), Target);

        Assert.Equal(Picture, await File.ReadAllBytesAsync(Target));
        Assert.Null(server.Requests[1].Header("Range"));
    }

    [Fact]
    public async Task What_changed_meanwhile_is_fetched_from_its_beginning()
    {
        await using var server = ScriptServer.Start(Cut(Picture, 300_000, Tag), Reply.With(200, Other, "image/png", "ETag: \"v2\""));
        using var client = Clients.For(server.BaseAddress);

        var saved = await client.Media.SaveAsync(Link(server), Target);

        Assert.Equal(Other, await File.ReadAllBytesAsync(Target));
        Assert.Equal(Other.Length, saved.Bytes);
    }

    [Theory]
    [InlineData("Content-Range: bytes 300001-599999/600000")]
    [InlineData("Content-Range: bytes 0-599999/600000")]
    [InlineData("Content-Range: bytes 300000-599999/700000")]
    [InlineData("Content-Range: bytes 300000-599998/600000")]
    [InlineData("Content-Range: chars 300000-599999/600000")]
    [InlineData("Content-Range: bytes */600000")]
    [InlineData("X-Nothing: 1")]
    public async Task Another_part_than_the_one_asked_for_is_not_put_behind_what_is_there(string range)
    {
        await using var server = ScriptServer.Start(Cut(Picture, 300_000, Tag), Reply.With(206, Picture[300_000..], "image/png", range));
        using var client = Clients.For(server.BaseAddress);

        await Assert.ThrowsAnyAsync<ImageApiException>(() => client.Media.SaveAsync(Link(server), Target));

        Assert.Empty(Directory.GetFileSystemEntries(_directory));
    }

    [Fact]
    public async Task A_part_of_something_else_is_not_put_behind_what_is_there()
    {
        await using var server = ScriptServer.Start(
            Cut(Picture, 300_000, Tag), Reply.With(206, Samples.PngOf(600_000, fill: 9)[300_000..], "image/png", "Content-Range: bytes 300000-599999/600000", "ETag: \"v2\""));
        using var client = Clients.For(server.BaseAddress);

        await Assert.ThrowsAsync<MediaDownloadException>(() => client.Media.SaveAsync(Link(server), Target));

        Assert.Empty(Directory.GetFileSystemEntries(_directory));
    }

    [Fact]
    public async Task The_length_of_the_whole_need_not_be_told_with_the_rest()
    {
        await using var server = ScriptServer.Start(Cut(Picture, 300_000, Tag), Reply.With(206, Picture[300_000..], "image/png", "Content-Range: bytes 300000-599999/*"));
        using var client = Clients.For(server.BaseAddress);

        await client.Media.SaveAsync(Link(server), Target);

        Assert.Equal(Picture, await File.ReadAllBytesAsync(Target));
    }

    [Fact]
    public async Task A_download_may_be_cut_as_often_as_retries_are_allowed()
    {
        await using var server = ScriptServer.Start(Cut(Picture, 200_000, Tag), CutRest(Picture, 200_000), CutRest(Picture, 200_000));
        using var client = Clients.For(server.BaseAddress, static options => options.Retry.MaxRetries = 2);

        await client.Media.SaveAsync(Link(server), Target);

        Assert.Equal(Picture, await File.ReadAllBytesAsync(Target));
        Assert.Equal([null, "bytes=200000-", "bytes=400000-"], server.Requests.Select(static request => request.Header("Range")));
    }

    [Fact]
    public async Task A_download_that_is_cut_more_often_fails_and_leaves_nothing()
    {
        await using var server = ScriptServer.Start(Cut(Picture, 200_000, Tag), CutRest(Picture, 100_000));
        using var client = Clients.For(server.BaseAddress, static options => options.Retry.MaxRetries = 2);

        var error = await Assert.ThrowsAnyAsync<ImageApiException>(() => client.Media.SaveAsync(Link(server), Target));

        Assert.Equal(3, error.Attempts);
        Assert.Empty(Directory.GetFileSystemEntries(_directory));
    }

    [Fact]
    public async Task Progress_goes_on_where_it_was()
    {
        await using var server = ScriptServer.Start(Cut(Picture, 300_000, Tag), Rest(Picture));
        using var client = Clients.For(server.BaseAddress);
        var told = new Telling();

        await client.Media.SaveAsync(Link(server), Target, new SaveOptions { Progress = told });

        Assert.Equal(told.Bytes.Order(), told.Bytes);
        Assert.Equal(Picture.Length, told.Bytes[^1]);
    }

    [Fact]
    public async Task A_stream_of_the_caller_gets_every_byte_once()
    {
        await using var server = ScriptServer.Start(Cut(Picture, 300_000, Tag), Rest(Picture));
        using var client = Clients.For(server.BaseAddress);
        using var stream = new MemoryStream();

        await client.Media.CopyToAsync(Link(server), stream);

        Assert.Equal(Picture, stream.ToArray());
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_stream_from_which_nothing_can_be_taken_back_is_not_begun_anew()
    {
        await using var server = ScriptServer.Start(Cut(Picture, 300_000, "X-Nothing: 1"), Reply.With(200, Picture, "image/png"));
        using var client = Clients.For(server.BaseAddress);
        using var stream = new MemoryStream();

        await Assert.ThrowsAnyAsync<ImageApiException>(() => client.Media.CopyToAsync(Link(server), stream));

        Assert.Equal(Picture[..300_000], stream.ToArray());
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_stream_gets_nothing_of_what_changed_meanwhile()
    {
        await using var server = ScriptServer.Start(Cut(Picture, 300_000, Tag), Reply.With(200, Other, "image/png"));
        using var client = Clients.For(server.BaseAddress);
        using var stream = new MemoryStream();

        await Assert.ThrowsAnyAsync<ImageApiException>(() => client.Media.CopyToAsync(Link(server), stream));

        Assert.Equal(Picture[..300_000], stream.ToArray());
    }

    [Fact]
    public async Task A_stream_that_got_nothing_yet_is_tried_again()
    {
        await using var server = ScriptServer.Start(Cut(Picture, 0, "X-Nothing: 1"), Reply.With(200, Picture, "image/png"));
        using var client = Clients.For(server.BaseAddress);
        using var stream = new MemoryStream();

        await client.Media.CopyToAsync(Link(server), stream);

        Assert.Equal(Picture, stream.ToArray());
    }

    private static GeneratedMedia Link(ScriptServer server) => new() { Url = new Uri(server.BaseAddress, "files/a.png").AbsoluteUri };

    private static Exchange Cut(byte[] whole, int sent, string header) => Reply.Raw(
        [.. Encoding.ASCII.GetBytes(Reply.Head(200, "Content-Type: image/png", $"Content-Length: {whole.Length}", header)), .. whole.AsSpan(0, sent)]);

    private static Exchange Rest(byte[] whole) => CutRest(whole, whole.Length);

    /// <summary>Gives what is asked for, and no more than this many bytes of it.</summary>
    private static Exchange CutRest(byte[] whole, int most) => async connection =>
    {
        var from = int.Parse((await connection.ReadRequestAsync()).Header("Range")?["bytes=".Length..^1] ?? "0");
        var sent = whole.AsMemory(from, Math.Min(most, whole.Length - from));
        await connection.SendAsync(Reply.Head(
            from == 0 ? 200 : 206, "Content-Type: image/png", $"Content-Length: {whole.Length - from}", $"Content-Range: bytes {from}-{whole.Length - 1}/{whole.Length}", Tag));
        await connection.SendAsync(sent);
        connection.Close();
    };

    private sealed class Telling : IProgress<TransferProgress>
    {
        public List<long> Bytes { get; } = [];

        public void Report(TransferProgress value) => Bytes.Add(value.BytesTransferred);
    }
}
