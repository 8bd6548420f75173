using System.Text.Json;
using System.Text.RegularExpressions;

namespace Im.Hosting;

/// <summary>Says where a body is not what a call takes, and never what stood there: it may have been a password.</summary>
internal static partial class BadJson
{
    private const string Body = "the body is not the JSON that this call takes";

    public static string DetailOf(JsonException fault)
    {
        if (Missing().Match(fault.Message) is { Success: true } missing) return $"{Body}: {missing.Groups[1].Value} is missing";
        return fault.Path is { Length: > 2 } path && Plain().IsMatch(path) ? $"{Body}, at {path[2..]}" : Body;
    }

    /// <summary>The fields in this message are our own, told apart from what a client sent by nothing but the framework's words.</summary>
    [GeneratedRegex("missing required properties including: '([A-Za-z]{1,32})'")]
    private static partial Regex Missing();

    /// <summary>Names and places as our own bodies have them; what a client made up is not repeated.</summary>
    [GeneratedRegex(@"^\$(\.[A-Za-z]{1,32}|\[[0-9]{1,4}\])+$")]
    private static partial Regex Plain();
}
