using ImageApi.Client.Http;

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
    public void C1_https_and_loopback_are_allowed(string address) => Assert.Null(BaseAddress.FindFault(new Uri(address), allowInsecureHttp: false));

    [Theory]
    [InlineData("http://backend:8000")]
    [InlineData("http://127.0.0.1.nip.io")]
    [InlineData("http://0.0.0.0")]
    [InlineData("http://localhost.example.com")]
    [InlineData("http://10.0.0.1")]
    [InlineData("http://[::]")]
    [InlineData("http://[fe80::1]")]
    [InlineData("http://128.0.0.1")]
    public void C1_clear_text_elsewhere_has_to_be_permitted(string address)
    {
        Assert.Contains("https", BaseAddress.FindFault(new Uri(address), allowInsecureHttp: false), StringComparison.Ordinal);
        Assert.Null(BaseAddress.FindFault(new Uri(address), allowInsecureHttp: true));
    }

    [Theory]
    [InlineData("https://user@backend")]
    [InlineData("https://user:password@backend")]
    [InlineData("https://backend?x=1")]
    [InlineData("https://backend#x")]
    [InlineData("ftp://backend")]
    [InlineData("file:///etc")]
    [InlineData("ws://backend")]
    public void C1_other_addresses_are_refused(string address) => Assert.NotNull(BaseAddress.FindFault(new Uri(address), allowInsecureHttp: true));

    [Fact]
    public void C1_a_password_is_not_repeated() =>
        Assert.DoesNotContain("secret", BaseAddress.FindFault(new Uri("https://user:secret@backend"), allowInsecureHttp: true), StringComparison.Ordinal);

    [Fact]
    public void A_relative_address_is_refused() => Assert.NotNull(BaseAddress.FindFault(new Uri("/v1", UriKind.Relative), allowInsecureHttp: true));

    [Fact]
    public void No_address_is_refused() => Assert.Contains("required", BaseAddress.FindFault(null, allowInsecureHttp: true), StringComparison.Ordinal);

    [Theory]
    [InlineData("https://backend:8000", "https://backend:8000/")]
    [InlineData("https://backend:8000/", "https://backend:8000/")]
    [InlineData("https://backend:8000/v1", "https://backend:8000/")]
    [InlineData("https://backend:8000/v1/", "https://backend:8000/")]
    [InlineData("https://backend:8000/V1//", "https://backend:8000/")]
    [InlineData("https://backend/api", "https://backend/api/")]
    [InlineData("https://backend/api/v1", "https://backend/api/")]
    [InlineData("https://backend/apiv1", "https://backend/apiv1/")]
    public void Paths_can_be_appended(string address, string normal) => Assert.Equal(normal, BaseAddress.Normalize(new Uri(address)).AbsoluteUri);

    [Theory]
    [InlineData("https://backend", "https://BACKEND:443/x", true)]
    [InlineData("https://backend", "http://backend", false)]
    [InlineData("https://backend", "https://backend:8443", false)]
    [InlineData("https://backend", "https://backend.example.com", false)]
    [InlineData("https://bücher.example", "https://xn--bcher-kva.example", true)]
    public void B1_an_origin_is_scheme_host_and_port(string one, string other, bool same) =>
        Assert.Equal(same, BaseAddress.IsSameOrigin(new Uri(one), new Uri(other)));
}
