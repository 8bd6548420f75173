using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Im.Hosting.Logs;

/// <summary>
/// One JSON object per line, times in UTC, with the trace that the line belongs to and the process that wrote it. The framework's own formatter knows
/// neither, and hides the trace in a list of scopes that also holds the request's path.
/// </summary>
internal sealed class JsonLines(NodeIdentity self, TimeProvider time) : ConsoleFormatter(FormatterName)
{
    /// <summary>Its own: of two with one name the framework takes its own, which it calls json.</summary>
    public const string FormatterName = "im-json";

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var bytes = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(bytes, Writing))
        {
            json.WriteStartObject();
            json.WriteString("time", time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteString("level", NameOf(logEntry.LogLevel));
            json.WriteString("service", self.ServiceName);
            json.WriteString("instance", self.Boot);
            json.WriteString("category", logEntry.Category);
            json.WriteNumber("event", logEntry.EventId.Id);
            json.WriteString("message", logEntry.Formatter(logEntry.State, logEntry.Exception));
            WriteTrace(json);
            WriteArguments(json, logEntry.State);
            if (logEntry.Exception is { } fault) json.WriteString("exception", fault.ToString());
            json.WriteEndObject();
        }

        textWriter.WriteLine(Encoding.UTF8.GetString(bytes.WrittenSpan));
    }

    private static void WriteTrace(Utf8JsonWriter json)
    {
        if (Activity.Current is not { } current) return;
        json.WriteString("trace_id", current.TraceId.ToHexString());
        json.WriteString("span_id", current.SpanId.ToHexString());
    }

    /// <summary>What the message's words were filled with, to be searched by. Numbers stay numbers, all else is text.</summary>
    private static void WriteArguments<TState>(Utf8JsonWriter json, TState state)
    {
        if (state is not IReadOnlyList<KeyValuePair<string, object?>> { Count: > 1 } arguments) return;
        json.WriteStartObject("arguments");
        foreach (var (name, value) in arguments)
        {
            if (name == "{OriginalFormat}") continue;
            json.WritePropertyName(name);
            switch (value)
            {
                case null: json.WriteNullValue(); break;
                case int number: json.WriteNumberValue(number); break;
                case long number: json.WriteNumberValue(number); break;
                case bool flag: json.WriteBooleanValue(flag); break;
                default: json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture)); break;
            }
        }

        json.WriteEndObject();
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Error => "error",
        _ => "critical",
    };
}
