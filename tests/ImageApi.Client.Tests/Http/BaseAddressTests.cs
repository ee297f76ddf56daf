using ImageApi.Client.Validation;

namespace ImageApi.Client.Tests.Http;

public sealed class BaseAddressTests
{
    [Theory]
    [InlineData("https://backend:8000")]
    [InlineData("https://backend/prefix/")]
    [InlineData("https://127.0.0.1.nip.io")]
    [InlineData("https://0.0.0.0")]
    [InlineData("http://localhost:5000")]
    [InlineData("http://127.0.0.1:5000")]
    [InlineData("http://127.1")]
    [InlineData("http://2130706433")]
    [InlineData("http://0x7f.1")]
    [InlineData("http://[::1]:5000")]
    public void C1_https_and_loopback_are_allowed(string address) => Assert.Null(BaseAddressValidation.FindError(new Uri(address), allowInsecureHttp: false));

    [Theory]
    [InlineData("http://backend:8000")]
    [InlineData("http://127.0.0.1.nip.io")]
    [InlineData("http://0.0.0.0")]
    [InlineData("http://localhost.example.com")]
    [InlineData("http://10.0.0.1")]
    [InlineData("http://[::]")]
    [InlineData("http://[fe80::1]")]
    [InlineData("http://128.0.0.1")]
    public void C1_plain_http_requires_AllowInsecureHttp(string address)
    {
        Assert.Contains("https", BaseAddressValidation.FindError(new Uri(address), allowInsecureHttp: false), StringComparison.Ordinal);
        Assert.Null(BaseAddressValidation.FindError(new Uri(address), allowInsecureHttp: true));
    }

    [Theory]
    [InlineData("https://user@backend")]
    [InlineData("https://user:password@backend")]
    [InlineData("https://backend?x=1")]
    [InlineData("https://backend#x")]
    [InlineData("ftp://backend")]
    [InlineData("file:///etc")]
    [InlineData("ws://backend")]
    public void C1_invalid_base_addresses_are_rejected(string address) => Assert.NotNull(BaseAddressValidation.FindError(new Uri(address), allowInsecureHttp: true));

    [Fact]
    public void C1_error_message_does_not_include_the_password() =>
        Assert.DoesNotContain("secret", BaseAddressValidation.FindError(new Uri("https://user:secret@backend"), allowInsecureHttp: true), StringComparison.Ordinal);

    [Fact]
    public void Relative_base_address_is_rejected() => Assert.NotNull(BaseAddressValidation.FindError(new Uri("/v1", UriKind.Relative), allowInsecureHttp: true));

    [Fact]
    public void Missing_base_address_is_rejected() => Assert.Contains("required", BaseAddressValidation.FindError(null, allowInsecureHttp: true), StringComparison.Ordinal);

    [Theory]
    [InlineData("https://backend:8000", "https://backend:8000/")]
    [InlineData("https://backend:8000/", "https://backend:8000/")]
    [InlineData("https://backend:8000/v1", "https://backend:8000/")]
    [InlineData("https://backend:8000/v1/", "https://backend:8000/")]
    [InlineData("https://backend:8000/V1//", "https://backend:8000/")]
    [InlineData("https://backend/api", "https://backend/api/")]
    [InlineData("https://backend/api/v1", "https://backend/api/")]
    [InlineData("https://backend/apiv1", "https://backend/apiv1/")]
    public void Normalize_removes_v1_and_adds_a_trailing_slash(string address, string normalized) => Assert.Equal(normalized, BaseAddressValidation.Normalize(new Uri(address)).AbsoluteUri);

    [Theory]
    [InlineData("https://backend", "https://BACKEND:443/x", true)]
    [InlineData("https://backend", "http://backend", false)]
    [InlineData("https://backend", "https://backend:8443", false)]
    [InlineData("https://backend", "https://backend.example.com", false)]
    [InlineData("https://bücher.example", "https://xn--bcher-kva.example", true)]
    public void B1_same_origin_compares_scheme_host_and_port(string one, string other, bool same) =>
        Assert.Equal(same, BaseAddressValidation.IsSameOrigin(new Uri(one), new Uri(other)));
}
