using System.ComponentModel.DataAnnotations;

namespace Im.Hosting.Logs;

/// <summary>Section <c>Im:Logs</c>.</summary>
public sealed class LogOptions
{
    public const string Section = "Im:Logs";
    public const string Text = "text";
    public const string Json = "json";

    /// <summary><c>text</c> for people, <c>json</c> for machines: one object per line. Empty: text in development, json otherwise.</summary>
    [RegularExpression("text|json", ErrorMessage = "Im:Logs:Format is text or json")]
    public string? Format { get; init; }
}
