using System.Diagnostics;
using System.Text.Json;
using Im.Hosting;
using Im.Hosting.Logs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Im.Telemetry.Tests.Logs;

public sealed class JsonLinesTests
{
    private static readonly NodeIdentity Self = new("gateway-1", "0011aabbccdd", ["gateway"], DateTimeOffset.UnixEpoch);

    [Fact]
    public void A_line_is_one_object_with_time_level_process_and_arguments()
    {
        var line = Write(LogLevel.Warning, null, "redis does not answer: 3 times,\nin \"two\" lines", ("Dependency", "redis"), ("Count", 3));
        Assert.Equal("1970-01-01T00:00:00.000Z", Text(line, "time"));
        Assert.Equal("warn", Text(line, "level"));
        Assert.Equal("im-gateway", Text(line, "service"));
        Assert.Equal("0011aabbccdd", Text(line, "instance"));
        Assert.Equal("Im.Some", Text(line, "category"));
        Assert.Equal("redis does not answer: 3 times,\nin \"two\" lines", Text(line, "message"));
        Assert.Equal("redis", Text(line.GetProperty("arguments"), "Dependency"));
        Assert.Equal(3, line.GetProperty("arguments").GetProperty("Count").GetInt32());
        Assert.False(line.TryGetProperty("trace_id", out _));
        Assert.False(line.TryGetProperty("exception", out _));
    }

    [Fact]
    public void A_line_names_the_trace_that_it_belongs_to_and_the_fault()
    {
        using var activity = new Activity("request").Start();
        var line = Write(LogLevel.Error, new InvalidOperationException("broken"), "it failed");
        Assert.Equal(activity.TraceId.ToHexString(), Text(line, "trace_id"));
        Assert.Equal(activity.SpanId.ToHexString(), Text(line, "span_id"));
        Assert.Contains("InvalidOperationException: broken", Text(line, "exception"), StringComparison.Ordinal);
        Assert.False(line.TryGetProperty("arguments", out _));
    }

    private static string? Text(JsonElement line, string name) => line.GetProperty(name).GetString();

    /// <summary>What the formatter makes of one entry: it has to be a single line.</summary>
    private static JsonElement Write(LogLevel level, Exception? fault, string message, params (string Name, object? Value)[] arguments)
    {
        IReadOnlyList<KeyValuePair<string, object?>> state =
            [.. arguments.Select(one => new KeyValuePair<string, object?>(one.Name, one.Value)), new("{OriginalFormat}", "as it was written")];
        using var output = new StringWriter();
        new JsonLines(Self, new StoppedTime()).Write(
            new LogEntry<IReadOnlyList<KeyValuePair<string, object?>>>(level, "Im.Some", 7, state, fault, (_, _) => message), null, output);
        var text = output.ToString();
        Assert.Equal(text.Length - 1, text.IndexOf('\n', StringComparison.Ordinal));
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    private sealed class StoppedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;
    }
}
