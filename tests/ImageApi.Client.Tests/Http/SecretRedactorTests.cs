using System.Text;
using FsCheck.Fluent;
using ImageApi.Client.Redaction;

namespace ImageApi.Client.Tests.Http;

public sealed class SecretRedactorTests
{
    private const string ApiKey = "sk-abc/DEF+123=456789";

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
    public void A2_api_key_is_redacted_in_every_encoding(string? text, string? redacted) => Assert.Equal(redacted, SecretRedactor.Redact(text, ApiKey));

    [Fact]
    public void A2_base64_api_key_is_redacted() =>
        Assert.Equal("Basic ***", SecretRedactor.Redact("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(ApiKey)), ApiKey));

    [Theory]
    [InlineData("a\r\nFAKE LOG LINE", "a\\u000d\\u000aFAKE LOG LINE")]
    [InlineData("\u001b[31mred", "\\u001b[31mred")]
    [InlineData("a\u202Eb", "a\\u202eb")]
    [InlineData("a\u2028b\u2029c", "a\\u2028b\\u2029c")]
    [InlineData("a\0b", "a\\u0000b")]
    [InlineData("生成 é 🦊", "生成 é 🦊")]
    public void D4_control_characters_are_escaped(string text, string redacted) => Assert.Equal(redacted, SecretRedactor.Redact(text, ApiKey));

    [Fact]
    public void Excerpt_length_is_limited() => Assert.Equal(SecretRedactor.ExcerptLength, SecretRedactor.Redact(new string('\n', 100_000), ApiKey)!.Length);

    [Fact]
    public void Api_key_at_the_excerpt_limit_is_fully_redacted() =>
        Assert.DoesNotContain("sk-", SecretRedactor.Redact(new string('x', SecretRedactor.ExcerptLength - 8) + ApiKey, ApiKey), StringComparison.Ordinal);

    [Theory]
    [InlineData(4096)]
    [InlineData(100)]
    public void Api_key_after_earlier_redactions_is_fully_redacted(int maxLength)
    {
        var text = string.Concat(Enumerable.Repeat(ApiKey, 1000));

        for (var length = 4096 + 1024; length < 4096 + 1024 + ApiKey.Length; length++)
        {
            Assert.DoesNotContain("sk-", SecretRedactor.Redact(text.Substring(0, length), ApiKey, maxLength), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void P13_redaction_is_idempotent_and_keeps_harmless_text() => Property.Holds(
        Property.AnyText,
        static text =>
        {
            var redacted = SecretRedactor.Redact(text, ApiKey);
            Assert.Equal(redacted, SecretRedactor.Redact(redacted, ApiKey));
            var harmless = new string([.. text.Where(static c => char.IsLetterOrDigit(c) || c is ' ' or '\\' or '"')]);
            Assert.Equal(harmless, SecretRedactor.Redact(harmless, ApiKey));
        });

    [Fact]
    public void P13_redacted_text_never_contains_the_api_key() => Property.Holds(
        from before in Property.AnyText
        from after in Property.AnyText
        select before + ApiKey + after + Uri.EscapeDataString(ApiKey) + before,
        static text =>
        {
            var redacted = SecretRedactor.Redact(text, ApiKey)!;
            Assert.DoesNotContain(ApiKey, redacted, StringComparison.Ordinal);
            Assert.DoesNotContain(Uri.EscapeDataString(ApiKey), redacted, StringComparison.Ordinal);
        });
}
