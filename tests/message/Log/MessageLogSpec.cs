using System.Text;
using Dapper;
using Im.Contracts;
using Im.Hosting;
using Im.Hosting.Health;
using Im.Hosting.Storage;
using Im.Message.Commit;
using Im.Message.Log;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using static Im.Message.Tests.Asked;

namespace Im.Message.Tests.Log;

/// <summary>What both logs do alike. The plans are made as the service makes them, from what the log itself tells.</summary>
public abstract partial class MessageLogSpec : IAsyncLifetime
{
    protected const long Now = 1_800_000_000_000;
    protected const int Shards = 16;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected Database Store { get; private set; } = null!;

    protected IMessageLog Messages { get; private set; } = null!;

    protected abstract Task<Database> OpenAsync();

    protected abstract IMessageLog LogOf(Database database);

    public async ValueTask InitializeAsync()
    {
        ConversationIdColumn.Register();
        Store = await OpenAsync();
        Messages = LogOf(Store);
        using var lifetime = new Lifetime();
        using var storage = new StorageState(
            Store, Options.Create(new ImOptions()), new Dependencies(NullLogger<Dependencies>.Instance), lifetime, TimeProvider.System, NullLogger<StorageState>.Instance);
        await storage.StartAsync(Cancel);
        await storage.Ready.WaitAsync(Cancel);
        foreach (var user in new[] { Ann, Bob, Cem, Dora })
        {
            await RunAsync(
                "INSERT INTO accounts (user_id, username, username_key, disabled, created_at) VALUES (@user, @name, @name, @no, 0)", new { user, name = $"u{user}", no = false });
        }
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Store is IAsyncDisposable asynchronous) await asynchronous.DisposeAsync();
        else (Store as IDisposable)?.Dispose();
    }

    protected async Task<CommitPlan> PlanAsync(params Pending[] pile)
    {
        ConversationId[] conversations = [.. pile.Select(one => one.Submission.Conversation).Distinct()];
        var loaded = await Messages.LoadAsync(conversations, conversations.Select(ShardOf).ToHashSet(), Cancel);
        var states = loaded.States.ToDictionary(state => state.Id);
        var blocks = await Messages.CountBlocksAsync([.. pile.Select(one => one.Submission.Sender).Distinct()], Cancel);
        var users = await Messages.ExistingUsersAsync([.. pile.SelectMany(one => CommitPlan.UsersToCheck(one.Submission)).Distinct()], Cancel);
        var known = await Messages.FindAsync([.. pile.Select(one => one.Key).Distinct()], Cancel);
        return CommitPlan.Of(
            pile,
            new CommitPlan.Facts(
                id => states[id],
                users.Contains,
                key => known.TryGetValue(key, out var placed) ? placed : null,
                Now,
                MaxGroupMembers: 100,
                Shards,
                shard => loaded.Revisions[shard],
                user => blocks.GetValueOrDefault(user)));
    }

    /// <summary>Plans and stores; every submission is expected to be taken.</summary>
    protected async Task<CommitPlan> StoreAsync(params Pending[] pile)
    {
        var plan = await PlanAsync(pile);
        Assert.All(plan.Outcomes, outcome => Assert.Null(outcome.Code));
        Assert.True(await Messages.AppendAsync(plan, Cancel));
        return plan;
    }

    protected async Task<ConversationState> LoadAsync(ConversationId id) => Assert.Single((await Messages.LoadAsync([id], [], Cancel)).States);

    protected static int ShardOf(ConversationId id) => id.Shard(Shards);

    protected Task<long> CountAsync(string table) => OneAsync<long>($"SELECT count(*) FROM {table}");

    protected async Task<T> OneAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await Store.OpenAsync(Cancel);
        return await connection.QuerySingleAsync<T>(sql, parameters);
    }

    protected async Task<List<T>> AllAsync<T>(string sql, object? parameters = null)
    {
        await using var connection = await Store.OpenAsync(Cancel);
        return [.. await connection.QueryAsync<T>(sql, parameters)];
    }

    protected Task<int> RunAsync(string sql, object? parameters = null) => Store.WriteAsync(connection => connection.ExecuteAsync(sql, parameters), Cancel);

    protected static string TextOf(LogRow row) => Encoding.UTF8.GetString(row.Body.Span);

    private sealed class Lifetime() : ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance), IDisposable
    {
        public void Dispose() => StopApplication();
    }
}
