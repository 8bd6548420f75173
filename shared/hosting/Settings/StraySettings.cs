using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Im.Hosting.Settings;

/// <summary>
/// Settings below <c>Im</c> that nothing reads: misspelt, or of another version. Each is told at the start, with what its section knows. None is refused: a version that is
/// taken back has to start with the settings of the newer one.
/// </summary>
internal sealed partial class StraySettings(IConfiguration configuration, IEnumerable<SettingSection> sections, ILogger<StraySettings> log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var (key, section) in Find(configuration, [.. sections]))
            LogStray(key, section.Path, string.Join(", ", section.Names.Order(StringComparer.Ordinal)));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Their keys, each with the section that does not know it.</summary>
    public static IEnumerable<(string Key, SettingSection Section)> Find(IConfiguration configuration, IReadOnlyCollection<SettingSection> sections)
    {
        // Some sections are read in several places.
        var whole = sections.GroupBy(section => section.Path, StringComparer.OrdinalIgnoreCase)
            .Select(parts => new SettingSection(parts.Key, [.. parts.SelectMany(part => part.Names).Distinct(StringComparer.OrdinalIgnoreCase)])).ToList();
        var paths = whole.Select(section => section.Path).Concat(SettingSection.OfServices).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return from section in whole
               from setting in configuration.GetSection(section.Path).GetChildren()
               where !section.Knows(setting.Key) && !paths.Contains(setting.Path)
               select (setting.Path, section);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "{Key} is no setting of this version and changes nothing: {Section} knows {Names}")]
    private partial void LogStray(string key, string section, string names);
}
