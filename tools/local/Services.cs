namespace Im.Local;

/// <summary>The services of Im by name, as folders, programs, users and roles have it.</summary>
public static class Services
{
    public static readonly IReadOnlyList<string> All = ["gateway", "admin", "login", "session", "presence", "message", "profile"];
}
