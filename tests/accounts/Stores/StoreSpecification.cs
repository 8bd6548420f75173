using Dapper;
using Im.Accounts.Tests.Hosts;
using Im.Contracts.Accounts;
using Im.Login.Accounts;
using Im.Profile;
using Im.Session;
using Microsoft.Extensions.DependencyInjection;

namespace Im.Accounts.Tests.Stores;

/// <summary>What the specifications of the stores share: a host on the database under test, and users.</summary>
public abstract class StoreSpecification : IAsyncLifetime
{
    protected AccountsHost Host { get; private set; } = null!;

    protected AccountStore Accounts => Host.Services.GetRequiredService<AccountStore>();

    protected SessionStore Sessions => Host.Services.GetRequiredService<SessionStore>();

    protected ProfileStore Profiles => Host.Services.GetRequiredService<ProfileStore>();

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Null: SQLite.</summary>
    protected abstract Task<string?> DatabaseAsync();

    public async ValueTask InitializeAsync() => Host = await AccountsHost.StartAsync(database: await DatabaseAsync());

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected static Username Name(string typed) => Username.TryParse(typed, out var name, out var fault) ? name : throw new ArgumentException(fault);

    /// <summary>In waves of as many as there are connections to the database: whoever waits for one of those is refused after three seconds.</summary>
    protected static async Task<IReadOnlyList<T>> AtOnceAsync<T>(int count, Func<Task<T>> call)
    {
        var answers = new List<T>();
        foreach (var wave in Enumerable.Range(0, count).Chunk(10)) answers.AddRange(await Task.WhenAll(wave.Select(_ => Task.Run(call))));
        return answers;
    }

    protected async Task<long> UserAsync(string name) => (await Accounts.EnsureAsync([(Name(name), null)], Cancel))[0].UserId;

    protected Task<int> ExecuteAsync(string sql, object? values = null) =>
        Host.Database.WriteAsync(connection => connection.ExecuteAsync(sql, values), Cancel);

    protected async Task<T?> ReadAsync<T>(string sql, object? values = null)
    {
        await using var connection = await Host.Database.OpenAsync(Cancel);
        return await connection.ExecuteScalarAsync<T>(sql, values);
    }
}
