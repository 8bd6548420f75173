using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Im.Hosting.Docs;

/// <summary>Section <c>Im:Docs</c>.</summary>
internal static class DocsOptions
{
    private const string Enabled = "Im:Docs:Enabled";

    /// <summary>Development shows the documents always; production only where it is told to, since nobody needs a map of a door that is not his.</summary>
    public static bool AreShown(IConfiguration configuration, IHostEnvironment environment)
    {
        if (configuration[Enabled] is not { Length: > 0 } text) return environment.IsDevelopment();
        return bool.TryParse(text, out var enabled) ? enabled || environment.IsDevelopment() : throw new SettingException($"{Enabled} is true or false");
    }
}
