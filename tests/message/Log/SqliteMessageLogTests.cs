using Im.Hosting.Storage;
using Im.Message.Log;

namespace Im.Message.Tests.Log;

public sealed class SqliteMessageLogTests : MessageLogSpec
{
    private readonly string _folder = Directory.CreateTempSubdirectory("im-sqlite-log-").FullName;

    protected override Task<Database> OpenAsync() => Task.FromResult<Database>(new SqliteDatabase($"Data Source={Path.Combine(_folder, "im.db")}"));

    protected override IMessageLog LogOf(Database database) => new SqliteMessageLog((SqliteDatabase)database);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
