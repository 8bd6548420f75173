using System.Text.RegularExpressions;
using Im.Local;

namespace Im.Bench.Subjects;

/// <summary>The files of bench/Ejabberd with what only a start knows filled in.</summary>
internal static partial class EjabberdConfiguration
{
    /// <summary>Without any storage but the accounts.</summary>
    public static Task<string> WithoutStorageAsync(int port, CancellationToken cancel) => RenderAsync(["ejabberd.yml"], new() { ["port"] = $"{port}" }, cancel);

    /// <summary>With the archive in a database; no value may have a double quote in it.</summary>
    public static Task<string> WithArchiveAsync(int port, int postgresPort, string database, string user, string password, CancellationToken cancel) => RenderAsync(
        ["ejabberd.yml", "archive.yml"],
        new() { ["port"] = $"{port}", ["postgres_port"] = $"{postgresPort}", ["database"] = database, ["user"] = user, ["password"] = password },
        cancel);

    /// <summary>Replaces each @name@ by its value.</summary>
    /// <exception cref="LocalStartException">There is a name without a value.</exception>
    internal static string Fill(string template, IReadOnlyDictionary<string, string> values) => Placeholder().Replace(template, found =>
        values.TryGetValue(found.Groups[1].Value, out var value) ? value : throw new LocalStartException($"bench/Ejabberd: {found.Value} has no value"));

    private static async Task<string> RenderAsync(string[] files, Dictionary<string, string> values, CancellationToken cancel)
    {
        var parts = await Task.WhenAll(files.Select(file => File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Ejabberd", file), cancel)));
        return Fill(string.Concat(parts), values);
    }

    [GeneratedRegex("@([a-z_]+)@")]
    private static partial Regex Placeholder();
}
