using System.Text.RegularExpressions;
using Im.Local;
using YamlDotNet.Serialization;

namespace Im.Compose.Tests;

/// <summary>docker-compose.yml as compose reads it: merge keys followed, and variables filled in from what './im secrets' makes.</summary>
internal sealed partial class ComposeFile
{
    private readonly Dictionary<object, object> _root;
    private readonly Func<string, string?> _variable;

    /// <param name="variable">The values of .env.</param>
    public ComposeFile(Func<string, string?> variable)
    {
        _variable = variable;
        _root = (Dictionary<object, object>)Merged(new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(Text));
        Services = Keys(_root["services"]).ToDictionary(name => name, name => new Service(this, name));
        Assert.NotEmpty(Services);
    }

    public static string Text { get; } = File.ReadAllText(Path.Combine(SolutionBinaries.Root, "docker-compose.yml"));

    public IReadOnlyDictionary<string, Service> Services { get; }

    /// <summary>Those that are built from this repository, by the name of the service in it.</summary>
    public IEnumerable<(string Name, string Program, Service Service)> Own =>
        from one in Services where one.Value.Find("build", "args", "SERVICE") is string select (one.Key, one.Value.Text("build", "args", "SERVICE"), one.Value);

    public object? Find(params string[] path) => Find(_root, path);

    public static IEnumerable<string> Keys(object? map) => map is Dictionary<object, object> pairs ? pairs.Keys.Cast<string>() : [];

    public static IEnumerable<string> Items(object? list) => list is List<object> items ? items.Cast<string>() : [];

    /// <summary>Compose's own rules: a default, or an error where nothing is given.</summary>
    public string Fill(string text) => Variable().Replace(text, match => (_variable(match.Groups["name"].Value), match.Groups["rule"].Value) switch
    {
        ({ Length: > 0 } value, _) => value,
        (_, ":-") => match.Groups["rest"].Value,
        _ => throw new InvalidOperationException($"{match.Value} has no value"),
    }).Replace("$$", "$", StringComparison.Ordinal);

    /// <summary>What stands in a map itself wins over what it takes from elsewhere, wherever the two stand.</summary>
    private static object Merged(object node)
    {
        if (node is not Dictionary<object, object> map) return node;
        var merged = map.TryGetValue("<<", out var others) ? new Dictionary<object, object>((Dictionary<object, object>)Merged(others)) : [];
        foreach (var (key, value) in map)
            if (!Equals(key, "<<")) merged[key] = Merged(value);
        return merged;
    }

    private static object? Find(object? at, IEnumerable<string> path) =>
        path.Aggregate(at, (map, key) => map is Dictionary<object, object> pairs ? pairs.GetValueOrDefault(key) : null);

    [GeneratedRegex(@"(?<!\$)\$\{(?<name>\w+)(?:(?<rule>:[-?])(?<rest>[^}]*))?\}")]
    public static partial Regex Variable();

    internal sealed class Service(ComposeFile file, string name)
    {
        public IReadOnlyDictionary<string, string> Environment =>
            Keys(Find("environment")).ToDictionary(key => key, key => file.Fill((string)Find("environment", key)!));

        public IEnumerable<string> Networks => Find("networks") is List<object> list ? Items(list) : Keys(Find("networks"));

        /// <summary>The address that the health check asks; null where it runs a program of the image.</summary>
        public Uri? Health => Items(Find("healthcheck", "test")).LastOrDefault() is { } last && last.StartsWith("http", StringComparison.Ordinal) ? new Uri(last) : null;

        public object? Find(params string[] path) => ComposeFile.Find(file._root, [.. (string[])["services", name], .. path]);

        public string Text(params string[] path) => file.Fill(Assert.IsType<string>(Find(path)));
    }
}
