using System.Text;
using ImageApi.Client.Media;

namespace ImageApi.Client.Tests.Media;

public sealed class MediaSignatureTests
{
    [Theory]
    [InlineData("89504E470D0A1A0A0000000D49484452", "image/png", ".png")]
    [InlineData("89504E470D0A1A0A0000000D494844520000000100000001080600000000000000000000086163544C", "image/apng", ".apng")]
    [InlineData("FFD8FFE000104A464946", "image/jpeg", ".jpg")]
    [InlineData("52494646000000005745425056503820", "image/webp", ".webp")]
    [InlineData("474946383961", "image/gif", ".gif")]
    [InlineData("424D3600000000000000360000002800", "image/bmp", ".bmp")]
    [InlineData("0000002066747970617669660000", "image/avif", ".avif")]
    [InlineData("0000002066747970617669730000", "image/avif", ".avif")]
    [InlineData("0000002066747970686569630000", "image/heic", ".heic")]
    [InlineData("00000020667479706D6966310000", "image/heic", ".heic")]
    [InlineData("000000206674797069736F6D0000", "video/mp4", ".mp4")]
    [InlineData("00000020667479706D7034320000", "video/mp4", ".mp4")]
    [InlineData("0000002066747970717420200000", "video/quicktime", ".mov")]
    [InlineData("1A45DFA3", "video/webm", ".webm")]
    [InlineData("524946460000000057415645666D7420", "audio/wav", ".wav")]
    [InlineData("49443303000000", "audio/mpeg", ".mp3")]
    [InlineData("FFFB9064", "audio/mpeg", ".mp3")]
    [InlineData("4F676753", "audio/ogg", ".ogg")]
    [InlineData("664C6143", "audio/flac", ".flac")]
    [InlineData("00000020667479704D3441200000", "audio/mp4", ".m4a")]
    public void The_first_bytes_tell_the_type(string hex, string mimeType, string extension)
    {
        var detected = MediaSignature.Detect(Convert.FromHexString(hex));

        Assert.Equal(mimeType, detected);
        Assert.Equal(extension, MimeTypes.ExtensionOf(detected));
        Assert.Equal(mimeType, MimeTypes.FromFileName("x" + extension));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("{\"error\":1}")]
    [InlineData("BMW is a car maker")]
    [InlineData("RIFF....AVI ")]
    public void Anything_else_is_not_guessed_at(string text) => Assert.Null(MediaSignature.Detect(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Text_in_UTF16_is_not_taken_for_sound() => Assert.Null(MediaSignature.Detect([0xFF, 0xFE, 0x41, 0x00]));

    [Theory]
    [InlineData("image/png; charset=binary", ".png")]
    [InlineData("IMAGE/JPEG", ".jpg")]
    [InlineData("text/html", null)]
    [InlineData(null, null)]
    public void Extensions_come_from_the_type_alone(string? mimeType, string? extension) => Assert.Equal(extension, MimeTypes.ExtensionOf(mimeType));

    [Theory]
    [InlineData("photo.JPG", "image/jpeg")]
    [InlineData("photo.jpeg", "image/jpeg")]
    [InlineData("photo", null)]
    [InlineData("photo.exe", null)]
    public void Names_tell_a_type_by_their_extension(string name, string? mimeType) => Assert.Equal(mimeType, MimeTypes.FromFileName(name));
}
