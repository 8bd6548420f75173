using System.Net;
using Im.Hosting.Bus;
using Npgsql;

namespace Im.Hosting;

/// <summary>
/// What production refuses to start with: credentials that anybody tries first, encryption for whoever answers, and plain HTTP beyond this machine that
/// nobody asked for. Plain connections to the servers are taken: a network of their own, or a mesh, may protect them, and no process can see it.
/// </summary>
internal static class ProductionRules
{
    private static readonly string[] UsualPasswords = ["guest", "admin", "password", "postgres", "redis", "rabbitmq", "changeme", "secret"];

    public static IEnumerable<string> CredentialFaults(ImOptions options)
    {
        if (options.Bus is { Length: > 0 } bus && BrokerAddress.Parse(bus) is { } broker && IsUsual(broker.Password))
            yield return "Im:Bus has no password or one that anybody tries first (guest): give the broker an account of its own";
        if (options.Redis is { Length: > 0 } redis && IsUsual(ValueOf(redis.Split(','), "password")))
            yield return "Im:Redis has no password or one that anybody tries first: set requirepass and password=";
        if (options.IsPostgres && ServerAddresses.Postgres(options.Database) is { } database && !HasLogin(database))
            yield return "Im:Database has no password or one that anybody tries first: give the role a password (Password= or Passfile=) or a client certificate";
    }

    /// <summary>Encrypted, and yet anybody between could be the database: worse than plain, for it looks safe.</summary>
    public static IEnumerable<string> EncryptionFaults(ImOptions options)
    {
        if (!options.IsPostgres || ServerAddresses.Postgres(options.Database) is not { } database) yield break;
        const string Remedy = "say SSL Mode=VerifyFull, and name a root of your own in Im:TrustedRoots";
        if (database.SslMode == SslMode.Require)
            yield return $"Im:Database has SSL Mode=Require, which encrypts for whoever answers and looks at no certificate: {Remedy}";
        if (database.SslMode == SslMode.VerifyCA)
            yield return $"Im:Database has SSL Mode=VerifyCA, which does not look at the name in the certificate: {Remedy}";
        // Npgsql has it no more and does as if it were not there; who wrote it means that nothing is checked.
        if (database.TryGetValue("Trust Server Certificate", out var trust) && trust is true)
            yield return $"Im:Database has Trust Server Certificate=true, which takes the certificate of anybody: leave it out, {Remedy}";
    }

    /// <summary>True where the address is reached without leaving this machine, or only over TLS.</summary>
    public static bool IsPrivate(string listen)
    {
        var address = Microsoft.AspNetCore.Http.BindingAddress.Parse(listen);
        return string.Equals(address.Scheme, Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase)
            || string.Equals(address.Host, "localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip));
    }

    /// <summary>A directory as host is a Unix socket: the kernel says who asks.</summary>
    private static bool HasLogin(NpgsqlConnectionStringBuilder database) =>
        database.Passfile is { Length: > 0 } || database.SslCertificate is { Length: > 0 } || database.Host is ['/', ..] || !IsUsual(database.Password);

    private static string? ValueOf(IEnumerable<string> parts, string key) => parts
        .Select(part => part.Split('=', 2))
        .Where(pair => pair.Length == 2 && string.Equals(pair[0].Trim(), key, StringComparison.OrdinalIgnoreCase))
        .Select(pair => pair[1])
        .FirstOrDefault();

    private static bool IsUsual(string? password) =>
        string.IsNullOrWhiteSpace(password) || UsualPasswords.Contains(password.Trim(), StringComparer.OrdinalIgnoreCase);
}
