using System.Text;
using ImageApi.Client.Media.Formats;

namespace ImageApi.Client.Tests.Media;

public sealed class FileSignatureTests
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
    public void Detects_the_mime_type_from_the_first_bytes(string hex, string mimeType, string extension)
    {
        var detected = FileSignature.Detect(Convert.FromHexString(hex));

        Assert.Equal(mimeType, detected);
        Assert.Equal(extension, MediaTypes.ExtensionOf(detected));
        Assert.Equal(mimeType, MediaTypes.FromFileName("x" + extension));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("{\"error\":1}")]
    [InlineData("BMW is a car maker")]
    [InlineData("RIFF....AVI ")]
    public void Unknown_signature_returns_null(string text) => Assert.Null(FileSignature.Detect(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void UTF16_text_is_not_detected_as_audio() => Assert.Null(FileSignature.Detect([0xFF, 0xFE, 0x41, 0x00]));

    [Theory]
    [InlineData("image/png; charset=binary", ".png")]
    [InlineData("IMAGE/JPEG", ".jpg")]
    [InlineData("text/html", null)]
    [InlineData(null, null)]
    public void Extension_follows_the_mime_type(string? mimeType, string? extension) => Assert.Equal(extension, MediaTypes.ExtensionOf(mimeType));

    [Theory]
    [InlineData("photo.JPG", "image/jpeg")]
    [InlineData("photo.jpeg", "image/jpeg")]
    [InlineData("photo", null)]
    [InlineData("photo.exe", null)]
    public void Mime_type_follows_the_file_extension(string name, string? mimeType) => Assert.Equal(mimeType, MediaTypes.FromFileName(name));
}
