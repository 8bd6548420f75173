using Im.Hosting.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Im.Hosting.Logs;

/// <summary>Logs go to standard output alone, for people or for machines; whoever runs the process keeps them.</summary>
internal static class LogSetup
{
    public static void AddLogs(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<LogOptions>(LogOptions.Section);
        var format = builder.Configuration[$"{LogOptions.Section}:Format"] is { Length: > 0 } chosen
            ? chosen
            : builder.Environment.IsDevelopment() ? LogOptions.Text : LogOptions.Json;
        builder.Logging.ClearProviders();
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("MassTransit", LogLevel.Error);
        if (format == LogOptions.Json)
        {
            builder.Logging.AddConsole(console => console.FormatterName = JsonLines.FormatterName);
            builder.Logging.AddConsoleFormatter<JsonLines, ConsoleFormatterOptions>();
            return;
        }

        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
        });
    }
}
