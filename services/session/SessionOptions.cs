using System.ComponentModel.DataAnnotations;
using Im.Hosting.Settings;
using Microsoft.Extensions.Options;

namespace Im.Session;

/// <summary>How long sessions live and how many a user has; section <c>Im:Session</c>.</summary>
public sealed class SessionOptions
{
    public const string Section = "Im:Session";

    /// <summary>Days without use after which a session ends.</summary>
    [Range(1, 3650)]
    [Because("a session that nobody uses has to end some day")]
    public int IdleDays { get; init; } = 30;

    /// <summary>Days after which a session ends however much it is used.</summary>
    [Range(1, 3650)]
    [Because("every session has to end some day")]
    public int AbsoluteDays { get; init; } = 180;

    /// <summary>Live sessions of a user; the one idle longest makes room for another.</summary>
    [Range(1, 100)]
    [Because("each is a device that gets every message", Unit = "sessions")]
    public int MaxPerUser { get; init; } = 10;

    internal long IdleMs => (long)TimeSpan.FromDays(IdleDays).TotalMilliseconds;

    internal long AbsoluteMs => (long)TimeSpan.FromDays(AbsoluteDays).TotalMilliseconds;
}

internal sealed class SessionOptionsRules : IValidateOptions<SessionOptions>
{
    public ValidateOptionsResult Validate(string? name, SessionOptions options) => options.IdleDays <= options.AbsoluteDays
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail("Im:Session:IdleDays is above Im:Session:AbsoluteDays, so it would never count");
}
