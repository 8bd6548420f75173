using System.Net;
using Im.Bench.Scenarios;
using Im.Bench.Xmpp;
using Im.Local;
using Npgsql;

namespace Im.Bench.Subjects;

/// <summary>The peer: ejabberd of Debian's packages, set up as well as it goes on this machine (bench/Ejabberd).</summary>
internal static class EjabberdSubject
{
    public static Subject Archive { get; } = new(
        "ejabberd archive", "ejabberd, one message archive for each user (mod_mam) in PostgreSQL, empty before each round; XMPP over TCP", "ejabberd-archive", StartArchiveAsync)
    {
        Wire = Wire.Xmpp,
        SeenPerSecond = 3_400,
        Missing = () => PrivateEjabberd.Missing(withPostgres: true),
    };

    public static Subject WithoutStorage { get; } = new("ejabberd without storage", "ejabberd, which keeps no message; XMPP over TCP", "ejabberd-without-storage", StartAsync)
    {
        Wire = Wire.Xmpp,
        SeenPerSecond = 28_300,
        Missing = () => PrivateEjabberd.Missing(withPostgres: false),
    };

    private static async Task<RunningSubject> StartAsync(string directory, CancellationToken cancel)
    {
        var port = FreePort.Next();
        var server = new PrivateEjabberd(new InstancePaths(directory), port) { Configuration = await EjabberdConfiguration.WithoutStorageAsync(port, cancel) };
        return await StartedAsync(server, null, [], cancel);
    }

    private static async Task<RunningSubject> StartArchiveAsync(string directory, CancellationToken cancel)
    {
        var paths = new InstancePaths(directory);
        var postgres = new PrivatePostgres(paths);
        try
        {
            await postgres.StartAsync(cancel);
            var facts = await EmptyArchiveAsync(postgres.ConnectionString, cancel);
            var database = new NpgsqlConnectionStringBuilder(postgres.ConnectionString);
            var port = FreePort.Next();
            var server = new PrivateEjabberd(paths, port)
            {
                Configuration = await EjabberdConfiguration.WithArchiveAsync(port, postgres.Port, database.Database!, database.Username!, database.Password!, cancel),
            };
            return await StartedAsync(server, postgres, facts, cancel);
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    private static async Task<RunningSubject> StartedAsync(PrivateEjabberd server, PrivatePostgres? postgres, IReadOnlyList<string> facts, CancellationToken cancel)
    {
        try
        {
            await server.StartAsync(cancel);
            facts = [.. await PackageFacts.ReadAsync(["ejabberd", "erlang-base"], cancel), .. facts];
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        List<ManagedProcess> processes = postgres is null ? [server] : [server, postgres];
        var address = new IPEndPoint(IPAddress.Loopback, server.Port);
        return new RunningSubject([(new Uri($"xmpp://{address}"), server.Identity!)], new Uri("none:"), "none", [.. processes.Select(process => process.Identity!)], facts, StopAsync)
        {
            NewCrowd = (options, tally) => new XmppCrowd(options, tally, address),
        };

        async ValueTask StopAsync()
        {
            foreach (var process in processes)
            {
                await process.StopAsync(CancellationToken.None);
                await process.DisposeAsync();
            }
        }
    }

    /// <summary>Makes the tables of the package where they are not there yet. What an earlier round left is deleted: it would grow from run to run.</summary>
    private static async Task<IReadOnlyList<string>> EmptyArchiveAsync(string connectionString, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(cancel);
        await using var look = new NpgsqlCommand("SELECT to_regclass('archive') IS NOT NULL", connection);
        var sql = await look.ExecuteScalarAsync(cancel) is true ? "TRUNCATE archive" : await PrivateEjabberd.ReadSchemaAsync(cancel);
        await using var prepare = new NpgsqlCommand(sql, connection);
        await prepare.ExecuteNonQueryAsync(cancel);
        return await PostgresFacts.ReadAsync(connection, cancel);
    }
}
