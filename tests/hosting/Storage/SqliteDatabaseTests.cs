using Im.Hosting.Storage;

namespace Im.Hosting.Tests.Storage;

public sealed class SqliteDatabaseTests : DatabaseSpec, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("im-sqlite-tests-").FullName;

    protected override Task<Database> OpenAsync() =>
        Task.FromResult<Database>(new SqliteDatabase($"Data Source={Path.Combine(_folder, "data", "im.db")}"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
