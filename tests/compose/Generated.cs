using Im.Local;
using Im.Tool.Deploy;

namespace Im.Compose.Tests;

/// <summary>What './im secrets' writes into an empty directory, and the compose file with it.</summary>
public sealed class Generated : IDisposable
{
    public Generated()
    {
        Directory = TestInstances.Create("compose");
        Assert.Equal(0, Secrets.Run(null, Directory));
        Variables = File.ReadAllText(Path.Combine(Directory, ".env"));
        Compose = new ComposeFile(name => EnvironmentFile.ValueOf(Variables, name));
    }

    public string Directory { get; }

    /// <summary>The text of .env.</summary>
    public string Variables { get; }

    internal ComposeFile Compose { get; }

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);
}
