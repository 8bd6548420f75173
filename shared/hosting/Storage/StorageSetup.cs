using Im.Hosting.Tls;
using Microsoft.Extensions.DependencyInjection;

namespace Im.Hosting.Storage;

/// <summary>The database that the settings name.</summary>
internal static class StorageSetup
{
    public static void AddDatabase(this IServiceCollection services, ImOptions options)
    {
        ConversationIdColumn.Register();
        if (options.IsPostgres)
        {
            services.AddSingleton(provider => new PostgresDatabase(options.Database, provider.GetRequiredService<ServerTrust>()));
            services.AddSingleton<Database>(provider => provider.GetRequiredService<PostgresDatabase>());
        }
        else
        {
            services.AddSingleton(_ => new SqliteDatabase(options.Database));
            services.AddSingleton<Database>(provider => provider.GetRequiredService<SqliteDatabase>());
        }
    }
}
