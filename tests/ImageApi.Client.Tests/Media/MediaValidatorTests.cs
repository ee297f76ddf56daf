using System.Text;
using ImageApi.Client.Http.Errors;
using ImageApi.Client.Media.Formats;

namespace ImageApi.Client.Tests.Media;

public sealed class MediaValidatorTests
{
    private const int MaxBytes = 5000;

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
    public void Accepts_a_complete_image_in_chunks_of_any_size(int chunkSize)
    {
        foreach (var length in new[] { 70, 1023, 1024, 1025, 2100, MaxBytes })
        {
            var validator = CreateValidator("text/html", length, SampleFiles.PngOf(length), chunkSize);
            validator.Complete();

            Assert.Equal((length, "image/png"), (validator.Length, validator.MimeType));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1024)]
    [InlineData(5000)]
    public void Image_without_its_end_marker_is_truncated(int chunkSize)
    {
        foreach (var length in new[] { 70, 1024, 2100, MaxBytes })
        {
            var validator = CreateValidator(null, null, SampleFiles.PngOf(length + 12).AsSpan(0, length).ToArray(), chunkSize);

            Assert.Contains("truncated", Assert.Throws<InvalidResponseException>(validator.Complete).Message);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("application/octet-stream")]
    [InlineData("APPLICATION/OCTET-STREAM")]
    [InlineData("binary/octet-stream")]
    [InlineData("video/x-of-tomorrow")]
    public void Unknown_signature_keeps_the_declared_content_type(string? contentType)
    {
        var validator = CreateValidator(contentType, null, [1, 2, 3], 3);
        validator.Complete();

        Assert.Equal(contentType, validator.MimeType);
    }

    [Theory]
    [InlineData("text/plain", "bytes", "text/plain")]
    [InlineData("text/html", "<html>", "text/html")]
    [InlineData("application/json", "[]", "application/json")]
    [InlineData(null, " \n<html>", "a text")]
    [InlineData(null, "{}", "a text")]
    [InlineData("image/png", "\t{}", "image/png")]
    [InlineData("application/octet-stream", "<html>", "application/octet-stream")]
    public void Rejects_text_content_instead_of_an_image(string? contentType, string text, string expectedType)
    {
        var validator = CreateValidator(contentType, null, Encoding.ASCII.GetBytes(text), 100);
        Assert.EndsWith($" but {expectedType}.", Assert.Throws<InvalidResponseException>(validator.Complete).Message);

        // a long one is noticed before it is there as a whole
        Assert.EndsWith($" but {expectedType}.", Assert.Throws<InvalidResponseException>(() => CreateValidator(contentType, null, Encoding.ASCII.GetBytes(text.PadRight(64)), 10)).Message);
    }

    [Theory]
    [InlineData(MaxBytes, null)]
    [InlineData(MaxBytes + 1, "LimitExceeded")]
    public void E2_accepts_media_up_to_the_size_limit(int length, string? expectedReason) =>
        Assert.Equal(expectedReason, ResponseParsing.ReasonOf(Record.Exception(() => CreateValidator(null, null, SampleFiles.PngOf(length), 100))));

    [Theory]
    [InlineData(71)]
    [InlineData(69)]
    public void Rejects_a_length_different_from_the_content_length(long contentLength) =>
        Assert.Equal($"The file has 70 bytes, but {contentLength} were announced.", Assert.Throws<InvalidResponseException>(CreateValidator(null, contentLength, SampleFiles.PngOf(70), 70).Complete).Message);

    [Fact]
    public void Rejects_an_empty_file() => Assert.Equal("The link gave an empty file.", Assert.Throws<InvalidResponseException>(CreateValidator("image/png", 0, [], 1).Complete).Message);

    private static MediaValidator CreateValidator(string? contentType, long? contentLength, byte[] bytes, int chunkSize)
    {
        var validator = new MediaValidator(contentType, contentLength, MaxBytes);
        foreach (var chunk in bytes.Chunk(chunkSize))
        {
            validator.Append(chunk);
        }

        return validator;
    }
}
