using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ImageApi.Client.Tests.Support;

/// <summary>Makes certificates that sign themselves.</summary>
internal static class Certificates
{
    public static X509Certificate2 SelfSigned(IPAddress address, bool expired = false) => CreateSelfSigned(names => names.AddIpAddress(address), expired);

    public static X509Certificate2 SelfSigned(string host, bool expired = false) => CreateSelfSigned(names => names.AddDnsName(host), expired);

    /// <summary>Trusts one certificate and no other.</summary>
    public static X509ChainPolicy Trusting(X509Certificate2 certificate)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificate(certificate.RawData));
        return policy;
    }

    private static X509Certificate2 CreateSelfSigned(Action<SubjectAlternativeNameBuilder> configureNames, bool expired)
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test", ecdsa, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        configureNames(names);
        request.CertificateExtensions.Add(names.Build());
        var notAfter = DateTimeOffset.UtcNow.AddDays(expired ? -1 : 1);
        using var certificate = request.CreateSelfSigned(notAfter.AddDays(-3), notAfter);
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), password: null);
    }
}
