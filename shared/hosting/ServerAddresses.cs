using Im.Hosting.Bus;
using Im.Hosting.Tls;
using Microsoft.Extensions.Options;
using Npgsql;
using StackExchange.Redis;

namespace Im.Hosting;

/// <summary>The three settings that say where the servers are, as their clients read them. What is wrong is told without their text: passwords stand in it.</summary>
internal static class ServerAddresses
{
    /// <summary>Before the process is wired, which takes them apart.</summary>
    /// <exception cref="OptionsValidationException">One of them cannot be.</exception>
    public static void Check(ImOptions options)
    {
        var faults = Faults(options).ToList();
        if (faults.Count > 0) throw new OptionsValidationException(ImOptions.Section, typeof(ImOptions), faults);
    }

    private static IEnumerable<string> Faults(ImOptions options)
    {
        if (options.Bus is { Length: > 0 } bus)
        {
            var broker = BrokerAddress.Parse(bus);
            if (broker is null)
                yield return "Im:Bus is an AMQP address: amqp://user:password@host:port/vhost, or amqps:// over TLS; of a cluster host:port,host:port";
            else if (broker.IsPlainAtTlsPort)
                yield return "Im:Bus is amqp:// with 5671, the port of TLS: say amqps://";
        }

        if (options.Redis is { Length: > 0 } redis && !IsRedis(redis))
            yield return "Im:Redis is no address of Redis: host:port,password=…, and ,ssl=true over TLS (rediss:// has no meaning here)";
        if (options.IsPostgres && Postgres(options.Database) is null)
            yield return "Im:Database is no connection string of Npgsql: look for a keyword that is misspelt or a value that is out of range";
        if (RootsFault("Im:TrustedRoots", options.TrustedRoots) is { } roots) yield return roots;
        if (options.IsPostgres && RootsFault("Root Certificate of Im:Database", Postgres(options.Database)?.RootCertificate) is { } own) yield return own;
    }

    /// <summary>Null for what Npgsql does not understand.</summary>
    public static NpgsqlConnectionStringBuilder? Postgres(string connection)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connection);
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            return null;
        }
    }

    private static bool IsRedis(string address)
    {
        if (address.Contains("://", StringComparison.Ordinal)) return false;
        try
        {
            return ConfigurationOptions.Parse(address).EndPoints.Count > 0;
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException or OverflowException)
        {
            return false;
        }
    }

    private static string? RootsFault(string setting, string? path)
    {
        if (path is not { Length: > 0 }) return null;
        try
        {
            foreach (var root in TrustedRoots.Read(setting, path)) root.Dispose();
            return null;
        }
        catch (SettingException fault)
        {
            return fault.Message;
        }
    }
}
