using System.Data.Common;
using System.Security.Cryptography.X509Certificates;
using Dapper;
using Im.Hosting.Health;
using Im.Hosting.Tls;
using Npgsql;

namespace Im.Hosting.Storage;

/// <summary>PostgreSQL: several processes, one truth.</summary>
public sealed class PostgresDatabase : Database, IAsyncDisposable
{
    // Any number; only this system's migrations take it.
    private const long MigrationLock = 0x496D_4D69_6772;

    private readonly NpgsqlDataSource _source;
    private readonly PostgresConnections _connections;

    /// <param name="connectionString">For Npgsql.</param>
    /// <param name="trust">Checks the server's certificate where the string has <c>SSL Mode=VerifyFull</c>; null leaves that to Npgsql.</param>
    public PostgresDatabase(string connectionString, ServerTrust? trust = null)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            MaxPoolSize = PostgresConnections.Limit,
            // Of an attempt, which goes on when its caller has left. 14 processes that ask for ten each cost a server of two cores 4 s where a start takes 60 ms, as was
            // seen. A greeting that was lost is repeated after 1, 3 and 7 s; one to a machine that is gone for good holds its place until then.
            Timeout = 10,
            CommandTimeout = 5,
            KeepAlive = 10,
            // Statements repeat for ever with other values: parse once per connection.
            MaxAutoPrepare = 50,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
            IncludeErrorDetail = false,
        };
        // Named, since traces and metrics would otherwise call it by its connection string.
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = "im" };
        if (trust is not null && settings.SslMode == SslMode.VerifyFull) LetCheck(builder, trust);
        _source = builder.Build();
        _connections = new PostgresConnections(_source);
    }

    /// <summary>Npgsql takes a judge of ours in the modes alone in which it does not judge itself.</summary>
    private static void LetCheck(NpgsqlDataSourceBuilder builder, ServerTrust trust)
    {
        var settings = builder.ConnectionStringBuilder;
        var judge = trust.Of(Dependency.Database, "Im:Database", settings.RootCertificate);
        var revocation = settings.CheckCertificateRevocation ? X509RevocationMode.Online : X509RevocationMode.NoCheck;
        settings.SslMode = SslMode.Require;
        settings.RootCertificate = null;
        builder.UseSslClientAuthenticationOptionsCallback(
            tls => (tls.RemoteCertificateValidationCallback, tls.CertificateRevocationCheckMode) = (judge, revocation));
    }

    public override string Now => "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

    public override string AnyOf(string column, string parameter) => $"{column} = ANY({parameter})";

    public override object List(IEnumerable<long> values) => values.ToArray();

    public override object List(IEnumerable<string> values) => values.ToArray();

    public override string Rows =>
        "(SELECT nr - 1 AS place, id, first, second FROM unnest(@asked_ids, @asked_firsts, @asked_seconds) WITH ORDINALITY AS row(id, first, second, nr)) AS asked";

    public override void AddRows(DbCommand command, IReadOnlyList<(Guid Id, long First, long Second)> rows)
    {
        Add(command, "asked_ids", rows.Select(row => row.Id).ToArray());
        Add(command, "asked_firsts", rows.Select(row => row.First).ToArray());
        Add(command, "asked_seconds", rows.Select(row => row.Second).ToArray());
    }

    public override string ForUpdate => "FOR UPDATE";

    public override string ForUpdateSkippingHeld => "FOR UPDATE SKIP LOCKED";

    public override async Task<long> NextEpochAsync(CancellationToken cancel)
    {
        await using var connection = await OpenAsync(cancel);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition("SELECT nextval('connection_epochs')", cancellationToken: cancel));
    }

    public override async Task<DbConnection> OpenAsync(CancellationToken cancel) => await ConnectAsync(cancel);

    /// <inheritdoc cref="PostgresConnections.OpenAsync"/>
    public ValueTask<NpgsqlConnection> ConnectAsync(CancellationToken cancel) => _connections.OpenAsync(cancel);

    public override async Task<T> WriteAsync<T>(Func<DbConnection, Task<T>> work, CancellationToken cancel)
    {
        await using var connection = await OpenAsync(cancel);
        return await work(connection);
    }

    public override bool IsUniqueViolation(DbException fault) => fault is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    internal override async Task MigrateAsync(IReadOnlyList<(string Name, string Sql)> scripts, string? rights, CancellationToken cancel)
    {
        await using var connection = await ConnectAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await connection.ExecuteAsync("SELECT pg_advisory_xact_lock(@MigrationLock)", new { MigrationLock }, transaction);
        await connection.ExecuteAsync(
            """
            CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY);
            CREATE SEQUENCE IF NOT EXISTS connection_epochs;
            """,
            transaction: transaction);
        var done = (await connection.RowsAsync<string>(new CommandDefinition("SELECT name FROM migrations", transaction: transaction, cancellationToken: cancel))).ToHashSet();
        foreach (var (name, sql) in scripts.Where(script => !done.Contains(script.Name)))
        {
            // As long as it takes: where the tables are large it may be minutes.
            await connection.ExecuteAsync(sql, transaction: transaction, commandTimeout: 0);
            await connection.ExecuteAsync("INSERT INTO migrations (name) VALUES (@name)", new { name }, transaction);
        }

        if (rights is not null) await connection.ExecuteAsync(rights, transaction: transaction);
        await transaction.CommitAsync(cancel);
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
