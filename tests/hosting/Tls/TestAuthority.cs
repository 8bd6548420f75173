using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Im.Local;

namespace Im.Hosting.Tests.Tls;

/// <summary>What a server shows.</summary>
public enum Shown
{
    Good,
    Expired,
    NotYetValid,
    SignedByItself,
    OfAnotherRoot,
    ForAnotherName,

    /// <summary>Good, but made for clients.</summary>
    OfAClient,
}

/// <summary>A root of the test's own, an authority below it, and what that one signs: for 127.0.0.1 and localhost, right or wrong in one thing.</summary>
public sealed class TestAuthority : IDisposable
{
    private const string ForServers = "1.3.6.1.5.5.7.3.1", ForClients = "1.3.6.1.5.5.7.3.2";
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;
    private readonly ECDsa _rootKey = NewKey(), _authorityKey = NewKey();
    private readonly X509Certificate2 _root, _authority;
    private long _serial = 1;

    public TestAuthority(string name = "Test")
    {
        _root = Authority($"{name} root", _rootKey).CreateSelfSigned(Now.AddDays(-30), Now.AddDays(30));
        _authority = Sign(Authority($"{name} authority", _authorityKey), _root, _rootKey, -20, 20);
    }

    /// <summary>PEM, as <c>Im:TrustedRoots</c> has it.</summary>
    public string Root => _root.ExportCertificatePem();

    /// <summary>Certificate and chain, and the key.</summary>
    public (string Certificate, string Key) Make(Shown shown)
    {
        using var key = NewKey();
        var request = new CertificateRequest("CN=server of the test", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(NamesFor(shown));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(shown == Shown.OfAClient ? ForClients : ForServers)], critical: false));
        var (from, to) = shown switch { Shown.Expired => (-10, -1), Shown.NotYetValid => (1, 10), _ => (-10, 10) };
        using var other = shown == Shown.OfAnotherRoot ? new TestAuthority("Other") : null;
        var signer = other ?? this;
        using var certificate = shown == Shown.SignedByItself
            ? request.CreateSelfSigned(Now.AddDays(from), Now.AddDays(to))
            : signer.Sign(request, signer._authority, signer._authorityKey, from, to);
        var chain = shown == Shown.SignedByItself ? "" : signer._authority.ExportCertificatePem() + "\n";
        return ($"{certificate.ExportCertificatePem()}\n{chain}", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    public void Write(Shown shown, ServerCertificate files)
    {
        var (certificate, key) = Make(shown);
        File.WriteAllText(files.CertificatePath, certificate);
        File.WriteAllText(files.KeyPath, key);
    }

    public void Dispose()
    {
        _root.Dispose();
        _authority.Dispose();
        _rootKey.Dispose();
        _authorityKey.Dispose();
    }

    private static ECDsa NewKey() => ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private static CertificateRequest Authority(string name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        return request;
    }

    private static X509Extension NamesFor(Shown shown)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(shown == Shown.ForAnotherName ? "elsewhere.example" : "localhost");
        if (shown != Shown.ForAnotherName) names.AddIpAddress(IPAddress.Loopback);
        return names.Build();
    }

    private X509Certificate2 Sign(CertificateRequest request, X509Certificate2 signer, ECDsa key, int from, int to) =>
        request.Create(signer.SubjectName, X509SignatureGenerator.CreateForECDsa(key), Now.AddDays(from), Now.AddDays(to), BitConverter.GetBytes(_serial++));
}
