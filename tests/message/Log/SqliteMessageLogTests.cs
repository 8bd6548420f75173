using Im.Hosting.Storage;
using Im.Message.Log;
using static Im.Message.Tests.Asked;

namespace Im.Message.Tests.Log;

public sealed class SqliteMessageLogTests : MessageLogSpec
{
    private readonly string _folder = Directory.CreateTempSubdirectory("im-sqlite-log-").FullName;

    protected override Task<Database> OpenAsync() => Task.FromResult<Database>(new SqliteDatabase($"Data Source={Path.Combine(_folder, "im.db")}"));

    protected override IMessageLog LogOf(Database database) => new SqliteMessageLog((SqliteDatabase)database);

    [Fact]
    public async Task A_zero_in_a_body_is_stored_like_any_other_character()
    {
        var pending = Send(Ann, AnnAndBob, "zero", "before \0 behind");
        await StoreAsync(pending);
        Assert.Equal(Convert.ToHexString("before \0 behind"u8), await OneAsync<string>("SELECT hex(body) FROM messages"));
        Assert.Equal(pending.Content, (await Messages.FindAsync([pending.Key], Cancel))[pending.Key].Content);
    }

    [Fact]
    public async Task What_is_no_text_is_stored_as_the_text_that_readers_make_of_it()
    {
        var plan = await PlanAsync(Send(Ann, AnnAndBob, "half", "x"));
        plan.Rows[0] = plan.Rows[0] with { Body = new byte[] { (byte)'a', 0xED, 0xA0, 0xBD, (byte)'b' } };
        Assert.True(await Messages.AppendAsync(plan, Cancel));
        Assert.Equal("a\ufffd\ufffd\ufffdb", await OneAsync<string>("SELECT body FROM messages"));
    }

    [Fact]
    public async Task What_others_write_meanwhile_is_seen_by_the_next_plan()
    {
        await StoreAsync(Send(Ann, AnnAndBob, "a"));
        using (var other = new SqliteDatabase($"Data Source={Path.Combine(_folder, "im.db")}"))
        {
            var log = LogOf(other);
            var plan = await PlanAsync(Send(Bob, AnnAndBob, "b"));
            Assert.True(await log.AppendAsync(plan, Cancel));
        }

        Assert.Equal(2, (await LoadAsync(AnnAndBob)).Head);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
