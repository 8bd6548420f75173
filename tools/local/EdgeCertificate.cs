using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Im.Local;

/// <summary>A certificate for the edge that signs itself, for trying it out: browsers warn of it, programs have to be told to trust it.</summary>
public sealed class EdgeCertificate
{
    /// <summary>Browsers take none that lives longer.</summary>
    private const int Days = 397;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode ReadByAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private EdgeCertificate(string directory) =>
        (CertificatePath, KeyPath) = (Path.Combine(directory, "edge.crt"), Path.Combine(directory, "edge.key"));

    /// <summary>PEM.</summary>
    public string CertificatePath { get; }

    /// <inheritdoc cref="CertificatePath"/>
    public string KeyPath { get; }

    /// <summary>The pair in the directory, whoever has put it there; one for the host and for loopback is made if there is none.</summary>
    /// <param name="directory">Closed to everybody but its owner.</param>
    /// <param name="host">A name or an address.</param>
    public static EdgeCertificate ReadOrCreate(string directory, string host)
    {
        var pair = new EdgeCertificate(directory);
        if (!File.Exists(pair.CertificatePath) || !File.Exists(pair.KeyPath)) pair.Create(directory, host);
        return pair;
    }

    /// <summary>Without its key.</summary>
    public X509Certificate2 Load() => X509CertificateLoader.LoadCertificateFromFile(CertificatePath);

    private void Create(string directory, string host)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(host);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(NamesOf(host));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1", "server authentication")], critical: false));
        // A clock that is a little behind takes it too.
        var from = TimeProvider.System.GetUtcNow().AddHours(-1);
        using var certificate = request.CreateSelfSigned(from, from.AddDays(Days));

        Directory.CreateDirectory(directory);
        File.SetUnixFileMode(directory, OwnerOnly);
        Write(KeyPath, key.ExportPkcs8PrivateKeyPem());
        Write(CertificatePath, certificate.ExportCertificatePem());
    }

    private static X509Extension NamesOf(string host)
    {
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out var address)) names.AddIpAddress(address);
        else names.AddDnsName(new IdnMapping().GetAscii(host));
        if (host != "localhost") names.AddDnsName("localhost");
        foreach (var loopback in (IPAddress[])[IPAddress.Loopback, IPAddress.IPv6Loopback])
            if (!loopback.Equals(address)) names.AddIpAddress(loopback);
        return names.Build();
    }

    /// <summary>The directory keeps others out. In a container the file alone is there, and the account that reads it is not its owner.</summary>
    private static void Write(string path, string pem)
    {
        File.WriteAllText(path, pem + "\n");
        File.SetUnixFileMode(path, ReadByAll);
    }
}
