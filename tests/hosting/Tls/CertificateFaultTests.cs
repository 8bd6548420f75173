using System.Formats.Asn1;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Im.Hosting.Tls;

namespace Im.Hosting.Tests.Tls;

/// <summary>The words for what is wrong with a certificate, of which the authority's handshakes show only the usual ones.</summary>
public sealed class CertificateFaultTests
{
    private const SslPolicyErrors Chain = SslPolicyErrors.RemoteCertificateChainErrors, Name = SslPolicyErrors.RemoteCertificateNameMismatch;
    private static readonly DateTimeOffset From = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), To = From.AddDays(90);

    [Theory]
    [InlineData(SslPolicyErrors.None, X509ChainStatusFlags.UntrustedRoot)]
    [InlineData(Chain, X509ChainStatusFlags.UntrustedRoot, "signed by itself")]
    [InlineData(Chain, X509ChainStatusFlags.PartialChain, "signed by itself")]
    [InlineData(Chain, X509ChainStatusFlags.NotTimeValid, "another one of its chain has expired")]
    [InlineData(Chain, X509ChainStatusFlags.Revoked, "its chain is faulty (Revoked)")]
    [InlineData(Chain, X509ChainStatusFlags.NoError, "its chain is faulty (NoError)")]
    [InlineData(Name, X509ChainStatusFlags.NoError, "it is for a.example and not for host")]
    [InlineData(Name, X509ChainStatusFlags.UntrustedRoot, "it is for a.example and not for host")]
    [InlineData(SslPolicyErrors.RemoteCertificateNotAvailable, X509ChainStatusFlags.NoError, "it is refused (RemoteCertificateNotAvailable)")]
    [InlineData(
        Chain | Name, X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.NotTimeValid | X509ChainStatusFlags.NotValidForUsage,
        "signed by itself", "another one of its chain has expired", "its chain is faulty (NotValidForUsage)", "it is for a.example and not for host")]
    public void Everything_that_is_wrong_is_named(SslPolicyErrors errors, X509ChainStatusFlags chain, params string[] expected)
    {
        using var shown = Certificate("a.example");
        var faults = CertificateFault.Of(errors, chain, shown, "host", "Im:Bus", "Im:TrustedRoots", From.AddDays(1));
        Assert.Equal(expected.Length, faults.Count);
        Assert.All(faults.Zip(expected), pair => Assert.Contains(pair.Second, pair.First.What, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(-1, "it is not valid before 2026-01-01 00:00Z")]
    [InlineData(91, "it expired on 2026-04-01 00:00Z")]
    public void The_day_is_told_from_which_or_to_which_it_is_valid(int day, string expected)
    {
        using var shown = Certificate("a.example");
        var faults = CertificateFault.Of(Chain, X509ChainStatusFlags.NotTimeValid, shown, "host", "Im:Bus", "Im:TrustedRoots", From.AddDays(day));
        Assert.Equal(expected, Assert.Single(faults).What);
    }

    [Fact]
    public void A_server_without_a_certificate_is_told_from_one_with_a_wrong_one() => Assert.Equal(
        "it shows none", Assert.Single(CertificateFault.Of(SslPolicyErrors.RemoteCertificateNotAvailable, default, null, "host", "Im:Bus", "Im:TrustedRoots", From)).What);

    [Theory]
    [InlineData("it is for no name at all and not for host")]
    [InlineData("it is for a, b, c, d and not for host", "a", "b", "c", "d")]
    [InlineData("it is for a, b, c, d … and not for host", "a", "b", "c", "d", "e", "f")]
    [InlineData("it is for a?ERROR b and not for host", "a\nERROR b")]
    public void Names_are_few_and_cannot_begin_a_line_of_their_own(string expected, params string[] names)
    {
        using var shown = Certificate(names);
        var faults = CertificateFault.Of(Name, X509ChainStatusFlags.NoError, shown, "host", "Im:Bus", "Im:TrustedRoots", From);
        Assert.Equal(expected, Assert.Single(faults).What);
    }

    private static X509Certificate2 Certificate(params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256);
        if (names.Length > 0) request.CertificateExtensions.Add(NamesOf(names));
        return request.CreateSelfSigned(From, To);
    }

    /// <summary>Written by hand, since the framework's builder takes real names only.</summary>
    private static X509SubjectAlternativeNameExtension NamesOf(string[] names)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
            foreach (var name in names) writer.WriteCharacterString(UniversalTagNumber.IA5String, name, new Asn1Tag(TagClass.ContextSpecific, 2));
        return new X509SubjectAlternativeNameExtension(writer.Encode());
    }
}
