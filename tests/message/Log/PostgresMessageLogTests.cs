using Im.Hosting.Storage;
using Im.Message.Log;
using static Im.Message.Tests.Asked;

namespace Im.Message.Tests.Log;

public sealed class PostgresMessageLogTests(Servers servers) : MessageLogSpec
{
    protected override async Task<Database> OpenAsync()
    {
        var server = await servers.PostgresAsync();
        return new PostgresDatabase(await server.CreateDatabaseAsync("test_" + Guid.NewGuid().ToString("N"), TestContext.Current.CancellationToken));
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
}
