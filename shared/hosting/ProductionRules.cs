using System.Data.Common;
using System.Net;

namespace Im.Hosting;

/// <summary>What production refuses to start with: credentials that anybody tries first, and plain HTTP beyond this machine that nobody asked for.</summary>
internal static class ProductionRules
{
    private static readonly string[] UsualPasswords = ["guest", "admin", "password", "postgres", "redis", "rabbitmq", "changeme", "secret"];

    public static IEnumerable<string> CredentialFaults(ImOptions options)
    {
        if (options.Bus is { Length: > 0 } bus && Uri.TryCreate(bus, UriKind.Absolute, out var broker) && IsUsual(PasswordOf(broker)))
            yield return "Im:Bus has no password or one that anybody tries first (guest): give the broker an account of its own";
        if (options.Redis is { Length: > 0 } redis && IsUsual(ValueOf(redis.Split(','), "password")))
            yield return "Im:Redis has no password or one that anybody tries first: set requirepass and password=";
        if (options.IsPostgres && !HasDatabaseLogin(options.Database))
            yield return "Im:Database has no password or one that anybody tries first: give the role a password (Password= or Passfile=) or a client certificate";
    }

    /// <summary>True where the address is reached without leaving this machine, or only over TLS.</summary>
    public static bool IsPrivate(string listen)
    {
        var address = Microsoft.AspNetCore.Http.BindingAddress.Parse(listen);
        return string.Equals(address.Scheme, Uri.UriSchemeHttps, StringComparison.OrdinalIgnoreCase)
            || string.Equals(address.Host, "localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip));
    }

    private static string? PasswordOf(Uri broker) =>
        broker.UserInfo.Split(':', 2) is [_, var password] ? Uri.UnescapeDataString(password) : null;

    private static bool HasDatabaseLogin(string connection)
    {
        var settings = new DbConnectionStringBuilder { ConnectionString = connection };
        if (settings.ContainsKey("Passfile") || settings.ContainsKey("SSL Certificate")) return true;
        // A directory is a Unix socket: the kernel says who asks.
        if (settings.TryGetValue("Host", out var host) && host is string and ['/', ..]) return true;
        return !IsUsual(settings.TryGetValue("Password", out var password) ? password as string : null);
    }

    private static string? ValueOf(IEnumerable<string> parts, string key) => parts
        .Select(part => part.Split('=', 2))
        .Where(pair => pair.Length == 2 && string.Equals(pair[0].Trim(), key, StringComparison.OrdinalIgnoreCase))
        .Select(pair => pair[1])
        .FirstOrDefault();

    private static bool IsUsual(string? password) =>
        string.IsNullOrWhiteSpace(password) || UsualPasswords.Contains(password.Trim(), StringComparer.OrdinalIgnoreCase);
}
