using ImageApi.Client.Http;

namespace ImageApi.Client.Tests.Http;

public sealed class HeaderTextTests
{
    [Theory]
    [InlineData("sk-0123456789")]
    [InlineData("a")]
    [InlineData("!#$%&'*+-.^_`|~/=:;,<>?@[]{}()\"\\")]
    public void A_key_of_visible_ascii_is_good(string key) => Assert.Null(HeaderText.FindKeyFault(key));

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
    public void A3_any_other_key_is_refused_without_being_shown(string? key)
    {
        var fault = HeaderText.FindKeyFault(key);

        Assert.NotNull(fault);
        Assert.DoesNotContain("ret", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A3_a_client_is_not_made_with_such_a_key()
    {
        var thrown = Assert.Throws<ArgumentException>(() => Clients.For(new Uri("https://backend"), static options => options.ApiKey = "topsecret\n"));

        Assert.DoesNotContain("topsecret", thrown.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\r\nb")]
    [InlineData("é")]
    public void D1_an_idempotency_key_that_cannot_be_sent_is_refused(string key) =>
        Assert.Throws<ArgumentException>(() => new CallOptions { IdempotencyKey = key });

    [Theory]
    [InlineData(1, true)]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public void An_idempotency_key_has_at_most_255_characters(int length, bool good)
    {
        var thrown = Record.Exception(() => new CallOptions { IdempotencyKey = new string('k', length) });

        Assert.Equal(good, thrown is null);
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
    public void D1_a_header_that_cannot_be_sent_is_refused(string name, string value) =>
        Assert.Throws<ArgumentException>(() => new CallOptions { Headers = new Dictionary<string, string> { [name] = value } });

    [Theory]
    [InlineData("X-Trace", "abc")]
    [InlineData("X-Trace", "two words")]
    [InlineData("X-Trace", "")]
    public void A_header_of_the_callers_own_is_good(string name, string value) =>
        Assert.Equal(value, new CallOptions { Headers = new Dictionary<string, string> { [name] = value } }.Headers![name]);
}
