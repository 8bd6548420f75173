namespace Im.Local;

/// <summary>Where the processes of one instance keep their files: all below one directory of the caller's choice.</summary>
public sealed class InstancePaths(string directory)
{
    public string Root { get; } = Path.GetFullPath(directory);

    public string Log(string name) => Path.Combine(Root, "logs", name + ".log");

    public string Data(string name) => Path.Combine(Root, name);

    internal string Pid(string name) => Path.Combine(Root, "run", name + ".pid");
}
