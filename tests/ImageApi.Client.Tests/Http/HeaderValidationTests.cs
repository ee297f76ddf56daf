using ImageApi.Client.Validation;

namespace ImageApi.Client.Tests.Http;

public sealed class HeaderValidationTests
{
    [Theory]
    [InlineData("sk-0123456789")]
    [InlineData("a")]
    [InlineData("!#$%&'*+-.^_`|~/=:;,<>?@[]{}()\"\\")]
    public void Api_key_of_visible_ascii_is_valid(string apiKey) => Assert.Null(HeaderValidation.FindApiKeyError(apiKey));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\n")]
    [InlineData("secret\n")]
    [InlineData("secret\r\nX-Injected: 1")]
    [InlineData("sec ret")]
    [InlineData("sec\tret")]
    [InlineData("secret\0")]
    [InlineData("secret\u007f")]
    [InlineData("sécret")]
    [InlineData("\ufeffsecret")]
    public void A3_invalid_api_key_is_rejected_without_being_shown(string? apiKey)
    {
        var error = HeaderValidation.FindApiKeyError(apiKey);

        Assert.NotNull(error);
        Assert.DoesNotContain("ret", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A3_client_with_an_invalid_api_key_is_not_created()
    {
        var thrown = Assert.Throws<ArgumentException>(() => TestClients.Create(new Uri("https://backend"), static options => options.ApiKey = "topsecret\n"));

        Assert.DoesNotContain("topsecret", thrown.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\r\nb")]
    [InlineData("é")]
    public void D1_invalid_idempotency_key_is_rejected(string idempotencyKey) =>
        Assert.Throws<ArgumentException>(() => new RequestOptions { IdempotencyKey = idempotencyKey });

    [Theory]
    [InlineData(1, true)]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public void Idempotency_key_is_limited_to_255_characters(int length, bool isValid)
    {
        var thrown = Record.Exception(() => new RequestOptions { IdempotencyKey = new string('k', length) });

        Assert.Equal(isValid, thrown is null);
    }

    [Theory]
    [InlineData("Authorization", "x")]
    [InlineData("host", "x")]
    [InlineData("IDEMPOTENCY-KEY", "x")]
    [InlineData("Content-Length", "1")]
    [InlineData("content-type", "x/y")]
    [InlineData("Accept-Encoding", "gzip")]
    [InlineData("Transfer-Encoding", "chunked")]
    [InlineData("", "x")]
    [InlineData("a b", "x")]
    [InlineData("a:b", "x")]
    [InlineData("a\r\nb", "x")]
    [InlineData("é", "x")]
    [InlineData("X-Own", "a\r\nX-Injected: 1")]
    [InlineData("X-Own", "a\0")]
    [InlineData("X-Own", "é")]
    public void D1_invalid_or_reserved_header_is_rejected(string name, string value) =>
        Assert.Throws<ArgumentException>(() => new RequestOptions { Headers = new Dictionary<string, string> { [name] = value } });

    [Theory]
    [InlineData("X-Trace", "abc")]
    [InlineData("X-Trace", "two words")]
    [InlineData("X-Trace", "")]
    public void Custom_header_is_accepted(string name, string value) =>
        Assert.Equal(value, new RequestOptions { Headers = new Dictionary<string, string> { [name] = value } }.Headers![name]);
}
