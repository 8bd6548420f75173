using System.Data.Common;
using Im.Hosting.Bus;
using Im.Hosting.Docs;
using Im.Hosting.Health;
using Im.Hosting.Lanes;
using Im.Hosting.Logs;
using Im.Hosting.Nodes;
using Im.Hosting.Routes;
using Im.Hosting.Settings;
using Im.Hosting.Storage;
using Im.Hosting.Telemetry;
using Im.Hosting.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Im.Hosting;

/// <summary>
/// Makes a process of modules: defaults, bus, storage and routes by configuration, a port per door. <c>standalone</c> is the same host with all modules.
/// </summary>
public static class ImHost
{
    /// <summary>Runs until the process is told to stop; with <c>migrate</c> as first argument until the database is at this version. A setting that cannot be is one line and exit status 1, not a stack trace.</summary>
    public static async Task RunAsync(string[] args, params IImModule[] modules)
    {
        try
        {
            if (args is [Migration.Verb, ..])
            {
                await Migration.RunAsync(args);
                return;
            }

            if (StrayWord(args) is { } word) throw new SettingException($"'{word}' is neither the verb {Migration.Verb}, which comes first, nor a setting (--Im:Shards=16)");
            await using var app = Create(args, modules);
            RequireBroker(app, modules);
            // Here, since the host would log what it throws with a stack, and only after it has made all services.
            app.Services.GetRequiredService<IStartupValidator>().Validate();
            await app.RunAsync();
        }
        catch (Exception fault) when (FaultsOf(fault).All(one => one is OptionsValidationException or SettingException))
        {
            foreach (var one in FaultsOf(fault)) await Console.Error.WriteLineAsync($"cannot start: {one.Message}");
            Environment.ExitCode = 1;
        }
        catch (IOException fault) when (fault.InnerException is AddressInUseException)
        {
            await Console.Error.WriteLineAsync($"cannot start: {fault.Message}");
            Environment.ExitCode = 1;
        }
    }

    /// <summary>What is no setting, in the ways in which .NET takes them: <c>--key=value</c>, <c>--key value</c> and <c>key=value</c>. Null: all of them are.</summary>
    private static string? StrayWord(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i].Contains('=')) continue;
            if (args[i] is not ['-' or '/', ..]) return args[i];
            i++;
        }

        return null;
    }

    private static Exception[] FaultsOf(Exception fault) => fault is AggregateException many ? [.. many.InnerExceptions] : [fault];

    public static WebApplication Create(string[] args, params IImModule[] modules)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.AddLogs();
        var options = SettingRules.Read<ImOptions>(builder.Configuration, ImOptions.Section);
        ServerAddresses.Check(options);
        builder.Services.AddSettings<ImOptions>(ImOptions.Section);
        builder.Services.AddSingleton<IValidateOptions<ImOptions>, ImOptionsRules>();
        // These are read before there are services, each by itself.
        foreach (var (section, setting) in new[] { ("Im:Node", "Name"), ("Im:Gateway", "Listen"), ("Im:Admin", "Listen"), ("Im:Health", "Listen"), ("Im:Docs", "Enabled") })
            builder.Services.AddSingleton(new SettingSection(section, [setting]));
        builder.Services.AddHostedService<StraySettings>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));

        var name = builder.Configuration["Im:Node:Name"] ?? string.Join('+', modules.Select(module => module.Name));
        var node = NodeIdentity.Create(name, [.. modules.Select(module => module.Name)], TimeProvider.System);
        // First, so that it starts before and stops after all that it exports.
        builder.Services.AddTelemetry(builder.Configuration);
        AddDefaults(builder.Services, options, node);
        builder.Services.AddImBus(options, [.. modules.SelectMany(module => module.Endpoints(node))]);
        foreach (var module in modules) module.AddServices(builder);
        if (modules.Any(module => module.Door != Door.None)) AddInbox(builder.Services);

        var doors = Doors(builder.Configuration, options, modules);
        if (!builder.Environment.IsDevelopment()) RequireTlsOrLoopback(doors, options, builder.Configuration);
        // Lines end with CR LF (RFC 9112): a lone LF is where proxies and servers differ about what one request is.
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true);
        var apis = DocsOptions.AreShown(builder.Configuration, builder.Environment) ? Apis(modules) : [];
        foreach (var (own, api) in apis) builder.Services.AddDocument(own, api);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1024 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
            kestrel.Limits.MaxRequestHeaderCount = 100;
        });
        builder.WebHost.UseUrls([.. doors.Keys]);
        var app = builder.Build();
        var dependencies = app.Services.GetRequiredService<Dependencies>();
        // Known before anything starts: ready is only who has seen all of them.
        foreach (var needed in Needs(options)) dependencies.Expect(needed);
        app.Lifetime.ApplicationStopping.Register(() => dependencies.Draining = true);
        if (app.Services.GetService<OtlpTarget>() is not null) app.Use(HttpSpan.DescribeAsync);
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = Problems.OnExceptionAsync,
            // A faulty request is the client's affair and no line of ours; of a database that is away one line tells, not one for each call.
            SuppressDiagnosticsCallback = fault => fault.Exception is BadHttpRequestException or TimeoutException or DbException { IsTransient: true },
        });
        app.UseStatusCodePages(Problems.OnStatusAsync);
        app.Use(RequestRules.CheckAsync);
        // Clients beat by themselves; a gateway that pings as well would only wake phones.
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.Zero });
        app.UseRouting();
        app.Use(KeepDoorsApart);
        if (apis.Count > 0) app.UseDocsPage();
        app.MapHealth([.. doors.Where(door => door.Value.Any(module => module.Door == Door.Clients)).Select(door => BindingAddress.Parse(door.Key).Port)]);
        foreach (var (address, behind) in doors)
        {
            if (behind.Count == 0) continue;
            var door = app.MapGroup("").WithMetadata(new DoorPort(BindingAddress.Parse(address).Port, behind[0].Door));
            foreach (var module in behind) module.Map(door);
        }

        app.MapDocuments(doors.Where(door => door.Value.Count > 0 && apis.ContainsKey(door.Value[0].Door))
            .ToDictionary(door => BindingAddress.Parse(door.Key).Port, door => apis[door.Value[0].Door]));

        return app;
    }

    private static void AddDefaults(IServiceCollection services, ImOptions options, NodeIdentity node)
    {
        services.AddSingleton(node);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<Dependencies>();
        services.AddGauge<Dependencies>(ImMetrics.Ready, null, dependencies => dependencies.Ready ? 1 : 0);
        services.AddSingleton<ServerTrust>();
        foreach (var name in Needs(options))
            services.AddGauge<Dependencies>(ImMetrics.DependencyUp, name, dependencies => dependencies.IsUp(name) ? 1 : 0);
        services.AddSingleton<BusCalls>();
        services.AddProblemDetails();
        // Only the exception knows which field of a body was faulty.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow;
            json.SerializerOptions.AllowDuplicateProperties = false;
            json.SerializerOptions.PropertyNameCaseInsensitive = false;
            json.SerializerOptions.RespectNullableAnnotations = true;
            json.SerializerOptions.RespectRequiredConstructorParameters = true;
            json.SerializerOptions.NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict;
            json.SerializerOptions.DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull;
            json.SerializerOptions.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        });

        services.AddDatabase(options);
        services.AddSingleton<StorageState>();
        services.AddHostedService(provider => provider.GetRequiredService<StorageState>());
        services.AddSingleton<NodeLedger>();
        services.AddSingleton<INodeDetails>(provider => provider.GetRequiredService<NodeLedger>());
        services.AddSingleton<NodeBoard>();
        services.AddHostedService(provider => provider.GetRequiredService<NodeBoard>());

        if (options.Bus is { Length: > 0 })
        {
            services.AddSingleton<RabbitLanes>();
            services.AddSingleton<IMessageLanes>(provider => provider.GetRequiredService<RabbitLanes>());
            services.AddHostedService(provider => provider.GetRequiredService<RabbitLanes>());
        }
        else
        {
            services.AddSingleton(provider => new InProcessLanes(options.Shards, provider.GetRequiredService<ILogger<InProcessLanes>>()));
            services.AddSingleton<IMessageLanes>(provider => provider.GetRequiredService<InProcessLanes>());
            services.AddQueueGauge<InProcessLanes>("lane_batches", lanes => lanes.WaitingBatches);
            services.AddQueueGauge<InProcessLanes>("lane_envelopes", lanes => lanes.WaitingEnvelopes);
        }

        if (options.Redis is { Length: > 0 })
        {
            services.AddSingleton<RedisConnection>();
            services.AddHostedService(provider => provider.GetRequiredService<RedisConnection>());
            services.AddSingleton<IRouteTable, RedisRouteTable>();
        }
        else
        {
            services.AddSingleton<IRouteTable, MemoryRouteTable>();
        }
    }

    private static IEnumerable<string> Needs(ImOptions options)
    {
        yield return Dependency.Database;
        yield return Dependency.Bus;
        if (options.Bus is { Length: > 0 }) yield return Dependency.Broker;
        if (options.Redis is { Length: > 0 }) yield return Dependency.Redis;
    }

    /// <summary>Who has a door asks shards for things, and waits for what they answer.</summary>
    private static void AddInbox(IServiceCollection services)
    {
        services.AddSingleton<CommandClient>();
        services.AddSingleton<IEnvelopeHandler>(provider => provider.GetRequiredService<CommandClient>());
        services.AddHostedService<NodeInbox>();
    }

    /// <summary>Which modules answer on which address.</summary>
    private static Dictionary<string, List<IImModule>> Doors(ConfigurationManager configuration, ImOptions options, IImModule[] modules)
    {
        var doors = new Dictionary<string, List<IImModule>>(StringComparer.OrdinalIgnoreCase);
        foreach (var module in modules.Where(module => module.Door != Door.None))
        {
            var address = module.Door == Door.Clients
                ? Address("Im:Gateway:Listen", configuration["Im:Gateway:Listen"] ?? "http://127.0.0.1:8080")
                : Address("Im:Admin:Listen", configuration["Im:Admin:Listen"] ?? "http://127.0.0.1:8081");
            if (!doors.TryGetValue(address, out var behind)) doors[address] = behind = [];
            behind.Add(module);
        }

        // Doors are told apart by their ports, so two of them on one would be one.
        if (doors.Keys.Select(address => BindingAddress.Parse(address).Port).Distinct().Count() < doors.Count || doors.Values.Any(behind => behind.Select(module => module.Door).Distinct().Count() > 1))
            throw new SettingException("Im:Gateway:Listen and Im:Admin:Listen need ports of their own");
        if (doors.Count == 0) doors[Address("Im:Health:Listen", configuration["Im:Health:Listen"] ?? options.HealthListen)] = [];
        return doors;
    }

    private static string Address(string setting, string listen)
    {
        try
        {
            _ = BindingAddress.Parse(listen);
            return listen;
        }
        catch (FormatException)
        {
            throw new SettingException($"{setting} is an address to listen on, as http://127.0.0.1:8080 or http://*:8080");
        }
    }

    /// <summary>Ready on a bus of its own it would order shards that another process orders, and nobody would hear it.</summary>
    private static void RequireBroker(WebApplication app, IImModule[] modules)
    {
        if (!app.Environment.IsDevelopment() && modules.Length == 1 && string.IsNullOrEmpty(app.Configuration["Im:Bus"]))
            throw new SettingException($"Im:Bus is empty: {modules[0].Name} talks to the other services over a broker (amqp://user:password@host:5672/vhost); all of them in one process are Im.Standalone");
    }

    /// <summary>Passwords and sessions travel through these doors; where they leave the machine in the clear, somebody has to have said so.</summary>
    private static void RequireTlsOrLoopback(Dictionary<string, List<IImModule>> doors, ImOptions options, ConfigurationManager configuration)
    {
        if (doors.Keys.FirstOrDefault(address => address.StartsWith("https:", StringComparison.OrdinalIgnoreCase)) is { } encrypted
            && !configuration.GetSection("Kestrel:Certificates:Default").GetChildren().Any())
            throw new SettingException($"{encrypted} needs a certificate: name its PEM files in Kestrel:Certificates:Default:Path and Kestrel:Certificates:Default:KeyPath");
        foreach (var (address, behind) in doors.Where(door => door.Value.Count > 0 && !ProductionRules.IsPrivate(door.Key)))
        {
            if (!options.PlainHttp)
                throw new SettingException($"{address} is plain HTTP beyond this machine: listen on https:// or loopback, or set Im:PlainHttp where a proxy ends TLS");
            // Behind one that is not named all clients have its address, and count as one.
            if (behind.Any(module => module.Door == Door.Clients) && !configuration.GetSection("Im:Gateway:TrustedProxies").GetChildren().Any())
                throw new SettingException($"{address} is plain HTTP beyond this machine: name the proxy that ends TLS before it in Im:Gateway:TrustedProxies");
        }
    }

    /// <summary>What each door of this process says of itself.</summary>
    private static Dictionary<Door, ApiDocument> Apis(IImModule[] modules) =>
        modules.Where(module => module.Api is not null).ToDictionary(module => module.Door, module => module.Api!);

    /// <summary>What belongs behind another door does not exist behind this one, whatever the request calls its host.</summary>
    private static Task KeepDoorsApart(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<DoorPort>() is { } door && door.Port != context.Connection.LocalPort)
        {
            context.SetEndpoint(null);
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        return next(context);
    }
}

/// <summary>The door that an endpoint is behind, and its port.</summary>
internal sealed record DoorPort(int Port, Door Door);

/// <summary>A setting that cannot be, or settings that contradict each other.</summary>
internal sealed class SettingException(string message) : Exception(message);
