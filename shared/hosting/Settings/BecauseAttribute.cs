namespace Im.Hosting.Settings;

/// <summary>Why a setting has its limits, for the message of one that is refused: continues "since".</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BecauseAttribute(string reason) : Attribute
{
    public string Reason { get; } = reason;

    /// <summary>What the number counts; without it the last word of the setting's name, as <c>seconds</c> of <c>HeartbeatSeconds</c>.</summary>
    public string? Unit { get; init; }
}
