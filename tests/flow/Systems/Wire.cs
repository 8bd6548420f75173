using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Im.Flow.Tests.Systems;

/// <summary>What the tests' clients connect with: what the SDK takes by itself, and besides it trusts the certificates of our own edges, for their own names.</summary>
public static class Wire
{
    private static readonly ConcurrentDictionary<string, byte> Trusted = new();

    /// <summary>For sockets, and calls that may share their connections.</summary>
    public static SocketsHttpHandler Shared { get; } = NewHandler();

    public static void Trust(X509Certificate2 certificate) => Trusted[certificate.GetCertHashString(HashAlgorithmName.SHA256)] = 0;

    /// <summary>With connections of its own.</summary>
    public static HttpClient NewClient(Uri door) => new(NewHandler()) { BaseAddress = door, Timeout = TimeSpan.FromSeconds(30) };

    private static SocketsHttpHandler NewHandler() => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, _, faults) =>
                faults == SslPolicyErrors.None || (faults == SslPolicyErrors.RemoteCertificateChainErrors && IsTrusted(certificate)),
        },
    };

    private static bool IsTrusted(X509Certificate? certificate) =>
        certificate is not null && Trusted.ContainsKey(certificate.GetCertHashString(HashAlgorithmName.SHA256));
}
