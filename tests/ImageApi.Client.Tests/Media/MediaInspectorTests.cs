using System.Text;
using ImageApi.Client.Http;
using ImageApi.Client.Media;

namespace ImageApi.Client.Tests.Media;

public sealed class MediaInspectorTests
{
    private const int Max = 5000;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1023)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(5000)]
    public void A_whole_picture_is_seen_in_pieces_of_any_size(int size)
    {
        foreach (var length in new[] { 70, 1023, 1024, 1025, 2100, Max })
        {
            var inspector = Inspect("text/html", length, Samples.PngOf(length), size);
            inspector.Complete();

            Assert.Equal((length, "image/png"), (inspector.Length, inspector.MimeType));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1024)]
    [InlineData(5000)]
    public void A_picture_without_its_end_is_truncated(int size)
    {
        foreach (var length in new[] { 70, 1024, 2100, Max })
        {
            var inspector = Inspect(null, null, Samples.PngOf(length + 12).AsSpan(0, length).ToArray(), size);

            Assert.Contains("truncated", Assert.Throws<AnswerException>(inspector.Complete).Message);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("application/octet-stream")]
    [InlineData("APPLICATION/OCTET-STREAM")]
    [InlineData("binary/octet-stream")]
    [InlineData("video/x-of-tomorrow")]
    public void Bytes_of_no_known_kind_are_taken_for_what_they_are_called(string? type)
    {
        var inspector = Inspect(type, null, [1, 2, 3], 3);
        inspector.Complete();

        Assert.Equal(type, inspector.MimeType);
    }

    [Theory]
    [InlineData("text/plain", "bytes", "text/plain")]
    [InlineData("text/html", "<html>", "text/html")]
    [InlineData("application/json", "[]", "application/json")]
    [InlineData(null, " \n<html>", "a text")]
    [InlineData(null, "{}", "a text")]
    [InlineData("image/png", "\t{}", "image/png")]
    [InlineData("application/octet-stream", "<html>", "application/octet-stream")]
    public void A_text_is_no_picture(string? type, string text, string shown)
    {
        var inspector = Inspect(type, null, Encoding.ASCII.GetBytes(text), 100);
        Assert.EndsWith($" but {shown}.", Assert.Throws<AnswerException>(inspector.Complete).Message);

        // a long one is noticed before it is there as a whole
        Assert.EndsWith($" but {shown}.", Assert.Throws<AnswerException>(() => Inspect(type, null, Encoding.ASCII.GetBytes(text.PadRight(64)), 10)).Message);
    }

    [Theory]
    [InlineData(Max, null)]
    [InlineData(Max + 1, "TooLarge")]
    public void E2_a_medium_may_be_as_large_as_the_limit(int length, string? end) =>
        Assert.Equal(end, (Record.Exception(() => Inspect(null, null, Samples.PngOf(length), 100)) as AnswerException)?.End.ToString());

    [Theory]
    [InlineData(71)]
    [InlineData(69)]
    public void Another_length_than_the_announced_one_is_an_error(long announced) =>
        Assert.Equal($"The file has 70 bytes, but {announced} were announced.", Assert.Throws<AnswerException>(Inspect(null, announced, Samples.PngOf(70), 70).Complete).Message);

    [Fact]
    public void Nothing_is_no_picture() => Assert.Equal("The link gave an empty file.", Assert.Throws<AnswerException>(Inspect("image/png", 0, [], 1).Complete).Message);

    private static MediaInspector Inspect(string? type, long? announced, byte[] bytes, int size)
    {
        var inspector = new MediaInspector(type, announced, Max);
        foreach (var piece in bytes.Chunk(size))
        {
            inspector.Feed(piece);
        }

        return inspector;
    }
}
