namespace Im.Client.Tests;

/// <summary>Tests wait for signals; this is only where a wait turns into a failure instead of a hang.</summary>
internal static class Soon
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
}
