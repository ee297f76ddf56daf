using System.Text;
using FsCheck.Xunit;
using ImageApi.Client.Media.Saving;

namespace ImageApi.Client.Tests.Media;

/// <summary>D7 of saving: names that a server chose.</summary>
public sealed class FileNameSanitizerTests
{
    private static readonly string[] ReservedNames = ["CON", "PRN", "AUX", "NUL", "COM1", "LPT9"];

    [Theory]
    [InlineData("https://x/../../etc/passwd", "passwd")]
    [InlineData("https://x/..%2f..%2fetc%2fpasswd", "passwd")]
    [InlineData("https://x/..%5C..%5Cboot.ini", "boot")]
    [InlineData("https://x/CON.png", "image")]
    [InlineData("https://x/con", "image")]
    [InlineData("https://x/NUL.tar.png", "image")]
    [InlineData("https://x/CON%20.png", "image")]
    [InlineData("https://x/a:b.png", "ab")]
    [InlineData("https://x/a%00b.png", "a_b")]
    [InlineData("https://x/a%E2%80%AEgnp.exe.png", "agnp.exe")]
    [InlineData("https://x/.bashrc", "image")]
    [InlineData("https://x/..", "image")]
    [InlineData("https://x/-rf.png", "rf")]
    [InlineData("https://x/a.png?name=b.exe#c", "a")]
    [InlineData("https://x/", "image")]
    [InlineData("data:image/png;base64,AAAA", "image")]
    [InlineData("https://x/生成.png", "生成")]
    public void D7_sanitizes_the_file_name_of_a_url(string url, string name) => Assert.Equal(name, FileNameSanitizer.FromMedia(new GeneratedMedia { Url = url }));

    [Theory]
    [InlineData(MediaKind.Image, "image")]
    [InlineData(MediaKind.Video, "video")]
    [InlineData(MediaKind.Audio, "audio")]
    public void Inline_data_gets_a_file_name_by_its_media_kind(MediaKind kind, string name) =>
        Assert.Equal(name, FileNameSanitizer.FromMedia(new GeneratedMedia { Kind = kind, Data = new byte[1] }));

    /// <summary>Property 9.</summary>
    [Property(MaxTest = Support.Property.ManyCases)]
    public void D7_any_url_gives_a_file_name_inside_the_directory(string? suffix)
    {
        var directory = Path.GetFullPath("out");
        foreach (var url in new[] { "https://x/" + suffix, "https://x/" + Uri.EscapeDataString(ToValidUnicode(suffix)), "https://x/" + suffix + new string('长', 300), suffix })
        {
            var name = FileNameSanitizer.FromMedia(new GeneratedMedia { Url = url });
            var path = Path.GetFullPath(Path.Combine(directory, $"{name}-9999.png"));

            Assert.StartsWith(directory + Path.DirectorySeparatorChar, path, StringComparison.Ordinal);
            Assert.Equal(directory, Path.GetDirectoryName(path));
            Assert.InRange(Encoding.UTF8.GetByteCount(Path.GetFileName(path)), 1, 255);
            Assert.DoesNotContain(name.Split('.')[0].Trim(), ReservedNames, StringComparer.OrdinalIgnoreCase);
            Assert.DoesNotContain(name, static c => char.IsControl(c) || c is '/' or '\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|');
        }
    }

    private static string ToValidUnicode(string? text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text ?? ""));

    [Fact]
    public void Replaces_reserved_Windows_device_names()
    {
        string[] names = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$", .. Enumerable.Range(0, 10).SelectMany(static i => new[] { $"COM{i}", $"LPT{i}" })];

        Assert.All(names.Where(static name => !name.EndsWith('$')), static name => Assert.Equal(["image", "image", "image"], new[] { name, name.ToLowerInvariant(), name + ".a" }.Select(static text => FileNameSanitizer.Sanitize(text, "image"))));
        Assert.Equal(["COM", "LPT10"], new[] { "COM", "LPT10" }.Select(static text => FileNameSanitizer.Sanitize(text, "image")));
    }

    [Theory]
    [InlineData('x', 120)]
    [InlineData('\u00E9', 40)]
    [InlineData('\u0080', 0)]
    [InlineData('\u4E2D', 40)]
    public void Truncates_file_names_to_120_UTF8_bytes(char character, int length) =>
        Assert.Equal(length == 0 ? "image" : new string(character, length), FileNameSanitizer.Sanitize(new string(character, 200), "image"));
}
