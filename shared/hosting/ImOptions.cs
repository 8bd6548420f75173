using System.ComponentModel.DataAnnotations;
using Im.Hosting.Settings;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Im.Hosting;

/// <summary>What every process needs to know; section <c>Im</c>.</summary>
public sealed class ImOptions
{
    public const string Section = "Im";

    /// <summary>
    /// AMQP address of RabbitMQ, <c>amqp://user:password@host:port/vhost</c>, <c>amqps://</c> over TLS; of a cluster without a balancer before it all nodes,
    /// <c>host:port,host:port</c>. Empty: the bus lives inside the process.
    /// </summary>
    public string? Bus { get; init; }

    /// <summary>Redis as <c>host:port,password=…</c>, with <c>ssl=true</c> over TLS. Empty: routes live inside the process.</summary>
    public string? Redis { get; init; }

    /// <summary>Npgsql connection string, or <c>Data Source=file</c> for SQLite.</summary>
    [Required]
    [Because("nothing can be kept without one")]
    public string Database { get; init; } = "Data Source=.im/im.db";

    /// <summary>
    /// PEM file with roots that are trusted besides those of the system where RabbitMQ, Redis or PostgreSQL is reached over TLS. Read at each connection: a new root needs
    /// no restart.
    /// </summary>
    public string? TrustedRoots { get; init; }

    /// <summary>How many shards order the conversations. Written to the database at the first start and fixed for life.</summary>
    [Range(1, 1024)]
    [Because("each is a queue of the broker")]
    public int Shards { get; init; } = 16;

    /// <summary>
    /// Brings the tables to this version at the start. False: waits until <c>migrate</c> has, so that the process needs no right to change tables. PostgreSQL only.
    /// </summary>
    public bool MigrateAtStart { get; init; } = true;

    /// <summary>The broker has three nodes or more: the shards' queues are replicated, and those of requests are not durable. On one node it only costs.</summary>
    public bool QuorumQueues { get; init; }

    /// <summary>Door of a process that has no other: its health pages.</summary>
    public string HealthListen { get; init; } = "http://127.0.0.1:8090";

    /// <summary>
    /// Plain HTTP beyond this machine is meant: a proxy that ends TLS, or a private network, stands between the doors and everybody else. Without it
    /// production listens in plain HTTP on loopback only.
    /// </summary>
    public bool PlainHttp { get; init; }

    public bool IsPostgres => Database.Contains("Host=", StringComparison.OrdinalIgnoreCase);
}

/// <summary>Refuses at start what could only fail later, or lose data in silence.</summary>
internal sealed class ImOptionsRules(IHostEnvironment environment) : IValidateOptions<ImOptions>
{
    public ValidateOptionsResult Validate(string? name, ImOptions options)
    {
        var faults = new List<string>();
        if (options.Bus is { Length: > 0 } && !options.IsPostgres)
            faults.Add("Im:Database names SQLite while Im:Bus names a broker: several processes need PostgreSQL (Host=…)");
        if (options.Bus is { Length: > 0 } && string.IsNullOrEmpty(options.Redis))
            faults.Add("Im:Redis is empty while Im:Bus names a broker: several processes share their routes in Redis");
        if (!options.MigrateAtStart && !options.IsPostgres)
            faults.Add("Im:MigrateAtStart is false while Im:Database names SQLite: nobody else makes its tables");
        if (!environment.IsDevelopment()) faults.AddRange([.. ProductionRules.CredentialFaults(options), .. ProductionRules.EncryptionFaults(options)]);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
