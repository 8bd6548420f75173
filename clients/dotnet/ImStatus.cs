namespace Im.Client;

/// <summary>The words of <see cref="ImClient.SetStatusAsync"/>. Others see the first three and <c>offline</c>.</summary>
public static class ImStatus
{
    /// <summary>Here.</summary>
    public const string Online = "online";

    /// <summary>Connected, the user is not at the device.</summary>
    public const string Away = "away";

    /// <summary>Does not want to be disturbed.</summary>
    public const string Busy = "busy";

    /// <summary>Connected, and others see <c>offline</c>.</summary>
    public const string Invisible = "invisible";

    internal static bool IsOne(string status) => status is Online or Away or Busy or Invisible;
}
