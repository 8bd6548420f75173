namespace Im.Hosting.Settings;

/// <summary>A section of the settings and the names that this process knows in it.</summary>
internal sealed record SettingSection(string Path, IReadOnlyCollection<string> Names)
{
    /// <summary>Sections of services, which may run elsewhere: processes share one set of variables.</summary>
    public static readonly IReadOnlyCollection<string> OfServices = ["Im:Gateway", "Im:Message", "Im:Login", "Im:Session", "Im:Admin"];

    public bool Knows(string name) => Names.Contains(name, StringComparer.OrdinalIgnoreCase);
}
