using System.Data.Common;
using Dapper;
using Im.Contracts;
using Im.Hosting.Storage;
using Im.Message.Log;
using Npgsql;
using static Im.Message.Tests.Asked;

namespace Im.Message.Tests.Log;

public sealed class PostgresMessageLogTests(Servers servers) : MessageLogSpec
{
    private static readonly ConversationId AnnAndCem = ConversationId.Direct(Ann, Cem);
    private static readonly ConversationId AnnAndDora = ConversationId.Direct(Ann, Dora);

    protected override async Task<Database> OpenAsync()
    {
        var server = await servers.PostgresAsync();
        var name = "test_" + Guid.NewGuid().ToString("N");
        var database = await server.CreateDatabaseAsync(name, Cancel);
        await using var administrator = new NpgsqlConnection(server.AdministratorConnectionString);
        // Far below the limit of a command (5 s), so that who is undone is told in time on the slowest machine.
        await administrator.ExecuteAsync($"ALTER DATABASE {name} SET deadlock_timeout = '50ms'");
        return new PostgresDatabase(database);
    }

    protected override IMessageLog LogOf(Database database) => new PostgresMessageLog((PostgresDatabase)database);

    [Fact]
    public async Task A_value_that_the_database_refuses_is_unstorable_and_takes_the_plan_with_it()
    {
        var plan = await PlanAsync(Send(Ann, AnnAndBob, "good"), Send(Ann, AnnAndBob, "bad", "zero \0 inside"));
        await Assert.ThrowsAsync<UnstorableException>(() => Messages.AppendAsync(plan, Cancel));
        Assert.Equal((0, 0), (await CountAsync("messages"), await CountAsync("conversations")));
        await StoreAsync(Send(Ann, AnnAndBob, "good"));
    }

    [Fact]
    public async Task A_title_that_the_database_refuses_is_unstorable()
    {
        var plan = await PlanAsync(Create(Ann, Team, "zero \0 inside"));
        await Assert.ThrowsAsync<UnstorableException>(() => Messages.AppendAsync(plan, Cancel));
    }

    [Fact]
    public async Task A_plan_waits_for_another_writer_at_the_first_place_that_both_want()
    {
        await StoreAsync(Send(Ann, AnnAndBob, "b1"), Send(Ann, AnnAndCem, "c1"));
        var plan = await PlanAsync(Send(Ann, AnnAndCem, "c2"), Send(Ann, AnnAndBob, "b2"));
        await using var other = await WriterAsync(AnnAndBob);
        var append = Messages.AppendAsync(plan, Cancel);
        await WaitingAsync(1);
        // Were the plan's rows in the order in which they were sent, it would hold this place.
        await other.ExecuteAsync("SET LOCAL lock_timeout = '100ms'");
        await TakePlaceAsync(other, AnnAndCem);
        await other.ExecuteAsync("COMMIT TRANSACTION");
        Assert.False(await append);
    }

    [Fact]
    public async Task A_plan_that_is_undone_since_two_writers_wait_for_each_other_is_to_be_decided_again()
    {
        await StoreAsync(Send(Ann, AnnAndBob, "b1"), Send(Ann, AnnAndCem, "c1"), Send(Ann, AnnAndDora, "d1"));
        var plan = await PlanAsync(Send(Ann, AnnAndBob, "b2"), Send(Ann, AnnAndCem, "c2"), Send(Ann, AnnAndDora, "d2"));
        await using var third = await WriterAsync(AnnAndCem);
        await using var other = await WriterAsync(AnnAndDora);
        var append = Messages.AppendAsync(plan, Cancel);
        await WaitingAsync(1);
        // Who waits looks for a circle once, after the deadlock_timeout, and is undone if he finds one: the other one is to be through with that.
        var crossing = TakePlaceAsync(other, AnnAndBob);
        await WaitingAsync(2, milliseconds: 500);
        await third.ExecuteAsync("ROLLBACK TRANSACTION");
        Assert.False(await append);
        await crossing;
        await other.ExecuteAsync("ROLLBACK TRANSACTION");
        Assert.True(await Messages.AppendAsync(plan, Cancel));
    }

    /// <summary>Another service in the middle of a commit, with the next place of this conversation.</summary>
    private async Task<DbConnection> WriterAsync(ConversationId id)
    {
        var connection = await Store.OpenAsync(Cancel);
        await connection.ExecuteAsync("BEGIN TRANSACTION");
        await TakePlaceAsync(connection, id);
        return connection;
    }

    private static Task<int> TakePlaceAsync(DbConnection connection, ConversationId id) => connection.ExecuteAsync(
        "INSERT INTO messages (conversation, seq, sender, client_key, client_id, body, time) VALUES (@id, 2, @Bob, @key, 'another', 'hello', 0)",
        new { id = id.ToGuid(), Bob, key = Guid.NewGuid() });

    private async Task WaitingAsync(int writers, int milliseconds = 0)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        const string Waiting =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query_start <= clock_timestamp() - @milliseconds * interval '1 ms'";
        while (await OneAsync<long>(Waiting, new { milliseconds }) < writers) await timer.WaitForNextTickAsync(Cancel);
    }
}
