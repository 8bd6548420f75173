using Im.Hosting.Bus;
using Im.Hosting.Health;
using Im.Hosting.Lanes;
using Im.Hosting.Nodes;
using Im.Hosting.Routes;
using Im.Hosting.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
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
    public static WebApplication Create(string[] args, params IImModule[] modules)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
        });
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("MassTransit", LogLevel.Error);

        var options = builder.Configuration.GetSection(ImOptions.Section).Get<ImOptions>() ?? new ImOptions();
        builder.Services.AddOptions<ImOptions>().BindConfiguration(ImOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<ImOptions>, ImOptionsRules>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(20));

        var name = builder.Configuration["Im:Node:Name"] ?? string.Join('+', modules.Select(module => module.Name));
        var node = NodeIdentity.Create(name, [.. modules.Select(module => module.Name)], TimeProvider.System);
        AddDefaults(builder.Services, options, node);
        builder.Services.AddImBus(options, [.. modules.SelectMany(module => module.Endpoints(node))]);
        foreach (var module in modules) module.AddServices(builder);

        var doors = Doors(builder.Configuration, options, modules);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1024 * 1024;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(5);
            kestrel.Limits.MaxRequestHeaderCount = 100;
        });
        builder.WebHost.UseUrls([.. doors.Keys]);
        var app = builder.Build();
        foreach (var (address, behind) in doors) Open(app, new Uri(address).Port, behind);
        return app;
    }

    private static void AddDefaults(IServiceCollection services, ImOptions options, NodeIdentity node)
    {
        ConversationIdColumn.Register();
        services.AddSingleton(node);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<Dependencies>();
        services.AddSingleton<BusCalls>();
        services.AddProblemDetails();
        // A faulty request is the client's affair: no exception, no stack in the log, in development neither.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = false);
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow;
            json.SerializerOptions.AllowDuplicateProperties = false;
            json.SerializerOptions.PropertyNameCaseInsensitive = false;
            json.SerializerOptions.NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict;
            json.SerializerOptions.DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull;
            json.SerializerOptions.Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        });

        if (options.IsPostgres)
        {
            services.AddSingleton(_ => new PostgresDatabase(options.Database));
            services.AddSingleton<Database>(provider => provider.GetRequiredService<PostgresDatabase>());
        }
        else
        {
            services.AddSingleton(_ => new SqliteDatabase(options.Database));
            services.AddSingleton<Database>(provider => provider.GetRequiredService<SqliteDatabase>());
        }

        services.AddSingleton<StorageState>();
        services.AddHostedService(provider => provider.GetRequiredService<StorageState>());
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
            services.AddSingleton<IMessageLanes>(_ => new InProcessLanes(options.Shards));
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

    /// <summary>Which modules answer on which address.</summary>
    private static Dictionary<string, List<IImModule>> Doors(ConfigurationManager configuration, ImOptions options, IImModule[] modules)
    {
        var doors = new Dictionary<string, List<IImModule>>(StringComparer.OrdinalIgnoreCase);
        foreach (var module in modules.Where(module => module.Door != Door.None))
        {
            var address = module.Door == Door.Clients
                ? configuration["Im:Gateway:Listen"] ?? "http://127.0.0.1:8080"
                : configuration["Im:Admin:Listen"] ?? "http://127.0.0.1:8081";
            if (!doors.TryGetValue(address, out var behind)) doors[address] = behind = [];
            behind.Add(module);
        }

        if (doors.Count == 0) doors[configuration["Im:Health:Listen"] ?? options.HealthListen] = [];
        return doors;
    }

    private static void Open(WebApplication app, int port, List<IImModule> behind) => app.MapWhen(
        context => context.Connection.LocalPort == port,
        branch =>
        {
            branch.UseExceptionHandler(Problems.OnException);
            branch.UseStatusCodePages(Problems.OnStatusAsync);
            branch.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.Zero });
            branch.UseRouting();
            branch.UseEndpoints(routes =>
            {
                routes.MapHealth();
                foreach (var module in behind) module.Map(routes);
            });
        });
}
