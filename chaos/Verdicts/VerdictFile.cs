using System.Text.Json;
using System.Text.Json.Serialization;

namespace Im.Chaos.Verdicts;

/// <summary>A verdict as JSON. Times are in seconds.</summary>
public static class VerdictFile
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter<ViolationKind>(), new Seconds() },
    };

    public static string Write(Verdict verdict) => JsonSerializer.Serialize(verdict, Options);

    public static Verdict Read(string json) => JsonSerializer.Deserialize<Verdict>(json, Options) ?? throw new JsonException("a verdict is an object");

    private sealed class Seconds : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => TimeSpan.FromSeconds(reader.GetDouble());

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(Math.Round(value.TotalSeconds, 3));
    }
}
