using System.Text;
using FsCheck.Fluent;
using ImageApi.Client.Http;

namespace ImageApi.Client.Tests.Http;

public sealed class RedactorTests
{
    private const string Key = "sk-abc/DEF+123=456789";

    [Theory]
    [InlineData("wrong key sk-abc/DEF+123=456789!", "wrong key ***!")]
    [InlineData("?key=sk-abc%2FDEF%2B123%3D456789", "?key=***")]
    [InlineData("?key=sk-abc%2fDEF%2b123%3d456789", "?key=***")]
    [InlineData("""{"key":"sk-abc\/DEF+123=456789"}""", """{"key":"***"}""")]
    [InlineData("""{"key":"sk-abc/DEF\u002b123\u003D456789"}""", """{"key":"***"}""")]
    [InlineData("""{"key":"\u0073k\u002Dabc\u002fDEF\u002B123=456789"}""", """{"key":"***"}""")]
    [InlineData("""sk-abc\u00""", """sk-abc\u00""")]
    [InlineData("""a\nb\\c\u002""", """a\nb\\c\u002""")]
    [InlineData("nothing", "nothing")]
    [InlineData("", "")]
    [InlineData(null, null)]
    public void A2_the_key_is_masked_in_every_form(string? text, string? clean) => Assert.Equal(clean, Redactor.Clean(text, Key));

    [Fact]
    public void A2_the_key_in_base64_is_masked() =>
        Assert.Equal("Basic ***", Redactor.Clean("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(Key)), Key));

    [Theory]
    [InlineData("a\r\nFAKE LOG LINE", "a\\u000d\\u000aFAKE LOG LINE")]
    [InlineData("\u001b[31mred", "\\u001b[31mred")]
    [InlineData("a\u202Eb", "a\\u202eb")]
    [InlineData("a\u2028b\u2029c", "a\\u2028b\\u2029c")]
    [InlineData("a\0b", "a\\u0000b")]
    [InlineData("生成 é 🦊", "生成 é 🦊")]
    public void D4_what_steers_terminals_and_forges_logs_is_escaped(string text, string clean) => Assert.Equal(clean, Redactor.Clean(text, Key));

    [Fact]
    public void An_excerpt_is_bounded() => Assert.Equal(Redactor.ExcerptLength, Redactor.Clean(new string('\n', 100_000), Key)!.Length);

    [Fact]
    public void A_key_at_the_bound_is_not_cut_in_half_before_it_is_masked() =>
        Assert.DoesNotContain("sk-", Redactor.Clean(new string('x', Redactor.ExcerptLength - 8) + Key, Key), StringComparison.Ordinal);

    [Theory]
    [InlineData(4096)]
    [InlineData(100)]
    public void A_key_is_not_cut_in_half_when_masks_before_it_make_the_text_shorter(int maxLength)
    {
        var text = string.Concat(Enumerable.Repeat(Key, 1000));

        for (var cut = 4096 + 1024; cut < 4096 + 1024 + Key.Length; cut++)
        {
            Assert.DoesNotContain("sk-", Redactor.Clean(text.Substring(0, cut), Key, maxLength), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void P13_a_clean_text_is_clean_and_a_text_without_the_key_and_control_characters_stays_as_it_is() => Property.Holds(
        Property.AnyText,
        static text =>
        {
            var clean = Redactor.Clean(text, Key);
            Assert.Equal(clean, Redactor.Clean(clean, Key));
            var harmless = new string([.. text.Where(static c => char.IsLetterOrDigit(c) || c is ' ' or '\\' or '"')]);
            Assert.Equal(harmless, Redactor.Clean(harmless, Key));
        });

    [Fact]
    public void P13_the_key_never_comes_through() => Property.Holds(
        from before in Property.AnyText
        from after in Property.AnyText
        select before + Key + after + Uri.EscapeDataString(Key) + before,
        static text =>
        {
            var clean = Redactor.Clean(text, Key)!;
            Assert.DoesNotContain(Key, clean, StringComparison.Ordinal);
            Assert.DoesNotContain(Uri.EscapeDataString(Key), clean, StringComparison.Ordinal);
        });
}
