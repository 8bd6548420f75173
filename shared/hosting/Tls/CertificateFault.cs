using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Im.Hosting.Tls;

/// <summary>What is wrong with a server's certificate, and what to do about it.</summary>
internal sealed record CertificateFault(string What, string Remedy)
{
    private const X509ChainStatusFlags UnknownRoot = X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain;

    /// <summary>A certificate may be for a hundred names; these are enough to see the mistake.</summary>
    private const int ShownNames = 4;

    /// <summary>Everything that is wrong; empty for a certificate that is as it should be.</summary>
    /// <param name="errors">What the TLS layer found.</param>
    /// <param name="chain">All that is wrong with the chain.</param>
    /// <param name="shown">The server's certificate.</param>
    /// <param name="host">The name that it was asked by.</param>
    /// <param name="setting">The setting that has this name.</param>
    /// <param name="roots">The setting that has the roots.</param>
    /// <param name="now">The time of this machine.</param>
    public static IReadOnlyList<CertificateFault> Of(
        SslPolicyErrors errors, X509ChainStatusFlags chain, X509Certificate2? shown, string host, string setting, string roots, DateTimeOffset now)
    {
        if (errors == SslPolicyErrors.None) return [];
        if (shown is null) return [new("it shows none", "Give the server one")];
        var faults = new List<CertificateFault>();
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors)) faults.AddRange(OfChain(chain, shown, roots, now));
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            faults.Add(new($"it is for {NamesOf(shown)} and not for {host}", $"Name the server in {setting} as its certificate does, or give it one for {host}"));
        return faults.Count > 0 ? faults : [new($"it is refused ({errors})", "Give the server another one")];
    }

    private static IEnumerable<CertificateFault> OfChain(X509ChainStatusFlags chain, X509Certificate2 shown, string roots, DateTimeOffset now)
    {
        if ((chain & UnknownRoot) != 0)
        {
            var isOwn = shown.SubjectName.RawData.AsSpan().SequenceEqual(shown.IssuerName.RawData);
            var signer = isOwn ? "itself" : Printable(shown.GetNameInfo(X509NameType.SimpleName, forIssuer: true));
            yield return new(
                $"it is signed by {signer}, and no root that is trusted here stands behind that",
                $"Name a PEM file with the root in {roots}");
        }

        if (chain.HasFlag(X509ChainStatusFlags.NotTimeValid)) yield return OfTime(shown, now);
        var others = chain & ~(UnknownRoot | X509ChainStatusFlags.NotTimeValid);
        if (others != 0 || chain == 0) yield return new($"its chain is faulty ({others})", "Give the server another one");
    }

    private static CertificateFault OfTime(X509Certificate2 shown, DateTimeOffset now)
    {
        if (now > shown.NotAfter) return new($"it expired on {Day(shown.NotAfter)}", "Renew it");
        return now < shown.NotBefore
            ? new($"it is not valid before {Day(shown.NotBefore)}", "Look at the clocks of both machines")
            : new("another one of its chain has expired or is not valid yet", "Renew that one");
    }

    private static string NamesOf(X509Certificate2 shown)
    {
        var names = shown.Extensions.OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(names => names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(address => address.ToString())))
            .Take(ShownNames + 1).ToList();
        if (names.Count == 0) return "no name at all";
        return string.Join(", ", names.Take(ShownNames).Select(Printable)) + (names.Count > ShownNames ? " …" : "");
    }

    private static string Day(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);

    /// <summary>Whoever made the certificate chose these words, and they go into a log.</summary>
    private static string Printable(string text) => string.Concat(text.Take(100).Select(one => char.IsControl(one) ? '?' : one));
}
