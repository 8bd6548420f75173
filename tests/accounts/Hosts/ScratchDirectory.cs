namespace Im.Accounts.Tests.Hosts;

/// <summary>A directory for one test, deleted with it. Declared before what writes into it, it outlives that.</summary>
public sealed class ScratchDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("im-accounts-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
