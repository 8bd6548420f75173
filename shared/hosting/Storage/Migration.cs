using System.Data.Common;
using System.Net.Sockets;
using Im.Hosting.Health;
using Im.Hosting.Settings;
using Im.Hosting.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Im.Hosting.Storage;

/// <summary>
/// The verb <c>migrate</c> of every service's program: brings the database of the settings to this version and ends. Deployments run it before the services, as the role
/// that owns the tables, and give the services roles that may not change any (<see cref="ImOptions.MigrateAtStart"/>).
/// </summary>
internal static class Migration
{
    public const string Verb = "migrate";

    private const string Roles = "--roles";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// <c>migrate [--roles] [--Key=value …]</c>. Waits for a database that is away. Exit status 1, with a line that says why, where this cannot help: the role may not, a service's role is not
    /// there (42704), the number of shards is another one.
    /// </summary>
    public static async Task RunAsync(string[] args)
    {
        var withRights = args.Contains(Roles);
        if (Array.Find(args, arg => arg is not Verb and not Roles && !(arg.StartsWith("--", StringComparison.Ordinal) && arg.Contains('='))) is { } unknown)
            throw new SettingException($"'{unknown}' is unknown, or lacks its value: {Verb} [{Roles}] [--Im:Database=… and other settings]");
        await using var app = Create([.. args.Where(arg => arg is not Verb and not Roles)]);
        app.Services.GetRequiredService<IStartupValidator>().Validate();
        var schema = new StorageSchema(app.Services.GetRequiredService<Database>(), app.Services.GetRequiredService<IOptions<ImOptions>>().Value.Shards);
        try
        {
            await InstallAsync(schema, withRights, app.Services.GetRequiredService<TimeProvider>(), app.Lifetime.ApplicationStopping);
            Console.WriteLine(withRights ? "the database is at this version, and each service's role has its rights" : "the database is at this version");
        }
        catch (Exception fault) when (fault is DbException or WrongShardsException or NotSupportedException)
        {
            var owner = fault is DbException { SqlState: "42501" } ? " (the role that owns the tables may; those of the services may not)" : "";
            await Console.Error.WriteLineAsync($"cannot migrate: {fault.Message}{owner}");
            Environment.ExitCode = 1;
        }
    }

    private static WebApplication Create(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        if (string.IsNullOrEmpty(builder.Configuration["Im:Database"]))
            throw new SettingException("Im:Database is not set: a new file beside this program would be at this version, and nobody would use it");
        var options = SettingRules.Read<ImOptions>(builder.Configuration, ImOptions.Section);
        ServerAddresses.Check(options);
        builder.Services.AddSettings<ImOptions>(ImOptions.Section);
        builder.Services.AddSingleton<IValidateOptions<ImOptions>, ImOptionsRules>();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<Dependencies>();
        builder.Services.AddSingleton<ServerTrust>();
        builder.Services.AddDatabase(options);
        return builder.Build();
    }

    private static async Task InstallAsync(StorageSchema schema, bool withRights, TimeProvider time, CancellationToken cancel)
    {
        string? said = null;
        while (true)
        {
            try
            {
                await schema.InstallAsync(withRights, cancel);
                return;
            }
            catch (Exception fault) when (fault is SocketException or DbException { IsTransient: true })
            {
                if (said != fault.Message) await Console.Error.WriteLineAsync($"{said = fault.Message}. Trying on until the database answers");
                await Task.Delay(Pause, time, cancel);
            }
        }
    }
}
