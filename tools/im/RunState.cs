using System.Text.Json;
using Im.Local;

namespace Im.Tool;

/// <summary>
/// What is running, for the other commands to read: written by the one process that runs it, replaced in one step, readable by its owner
/// only since it names keys. It counts only while that process lives.
/// </summary>
internal sealed record RunState(string Mode, bool Ready, ProcessIdentity Owner, IReadOnlyList<RunningProcess> Processes,
    IReadOnlyList<Uri> GatewayUrls, Uri? AdminUrl, string AdminKey, string RedisPassword)
{
    /// <summary>Where the edge is, for clients and for operators; empty where there is none.</summary>
    public IReadOnlyList<Uri> EdgeUrls { get; init; } = [];

    /// <summary>Whom clients of the edge have to trust.</summary>
    public string EdgeCertificate { get; init; } = "";

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private static string FilePath => Path.Combine(Instance.RunDirectory, "state.json");

    /// <summary>The state of a run that has only begun: nothing to list yet.</summary>
    public static RunState Starting(string mode) => new(mode, false, ProcessIdentity.Of(Environment.ProcessId)!, [], [], null, "", "");

    /// <summary>What the last run wrote, whether it still lives or not.</summary>
    public static RunState? LoadAny()
    {
        try
        {
            return JsonSerializer.Deserialize<RunState>(File.ReadAllBytes(FilePath), Format);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException error)
        {
            throw new LocalStartException($"{FilePath} cannot be read ({error.Message}); delete it");
        }
    }

    /// <summary>What is running now, or null.</summary>
    public static RunState? Load() => LoadAny() is { Owner.IsAlive: true } state ? state : null;

    public void Save() => SecretFile.Write(FilePath, ToJson());

    public string ToJson() => JsonSerializer.Serialize(this, Format);

    public static void Delete() => File.Delete(FilePath);
}

internal sealed record RunningProcess(string Name, string Service, ProcessIdentity Identity, int Port)
{
    public static IReadOnlyList<RunningProcess> From(IEnumerable<ManagedProcess> processes) =>
        [.. processes.Where(process => process.Identity is not null).Select(process => new RunningProcess(process.Name, process.Service, process.Identity!, process.Port))];
}
