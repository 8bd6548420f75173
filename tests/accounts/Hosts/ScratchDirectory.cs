using Im.Local;

namespace Im.Accounts.Tests.Hosts;

/// <summary>A directory for one test, deleted with it, with the PostgreSQL data that belong to it. Declared before what writes into it, it outlives that.</summary>
public sealed class ScratchDirectory : IDisposable
{
    public string Path { get; } = TestInstances.Create("accounts");

    public InstancePaths Paths => new(Path);

    public void Dispose()
    {
        new PrivatePostgres(Paths).DeleteData();
        Directory.Delete(Path, recursive: true);
    }
}
