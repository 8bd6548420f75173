using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Im.Contracts;

namespace Im.Abuse.Tests;

/// <summary>Rules that only the sources can show: what is never called, never written down and never composed.</summary>
public sealed partial class RepositoryTests
{
    private static readonly string[] Server = ["services", "shared"];

    [Fact]
    [Trait("abuse", "38")]
    public void Sql_is_composed_of_constants_and_of_words_of_the_database_alone()
    {
        var holes = Repository.Files(Server, ".cs").SelectMany(file => SqlSource.Holes(file.Text).Select(hole => $"{file.Path}: {hole}")).ToList();
        Assert.True(holes.Count > 20, "no SQL was found: the test looks in the wrong place");
        Assert.All(holes, hole => Assert.True(SqlSource.IsHarmless(hole[(hole.IndexOf(": ", StringComparison.Ordinal) + 2)..]), $"{hole} stands in SQL: pass it as a parameter"));
    }

    [Theory]
    [InlineData("var sql = $\"SELECT 1 FROM t WHERE name = '{name}'\";")]
    [InlineData("var sql = $\"\"\"\n    SELECT 1 FROM t WHERE {Columns} = {typed}\n    \"\"\";")]
    [Trait("abuse", "38")]
    public void Sql_with_a_text_in_it_would_be_found(string source) => Assert.Contains(SqlSource.Holes(source), hole => !SqlSource.IsHarmless(hole));

    [Fact]
    [Trait("abuse", "61")]
    public void Redis_keys_are_made_of_numbers_and_boot_ids_alone()
    {
        var parameters = typeof(RedisKeys).GetMethods(BindingFlags.Public | BindingFlags.Static).SelectMany(method => method.GetParameters()).ToList();
        Assert.NotEmpty(parameters);
        Assert.All(parameters, one => Assert.True(
            one.ParameterType == typeof(long) || one.Name == "boot", $"{one.Member.Name}({one.Name}): a text of a client could be a key of somebody else"));
    }

    [Fact]
    [Trait("abuse", "61")]
    public void Redis_is_asked_for_single_keys_and_never_for_all()
    {
        string[] allowed = ["GET", "SET", "SADD", "SREM", "SMEMBERS", "SPOP", "DEL", "EXISTS", "PEXPIRE", "TIME", "SSCAN", "MGET"];
        var scripts = Repository.Files(Server, ".lua").SelectMany(file => ScriptCommand().Matches(file.Text)).Select(match => match.Groups[1].Value);
        var bare = Repository.Files(Server, ".cs").SelectMany(file => BareCommand().Matches(file.Text)).Select(match => match.Groups[1].Value);
        string[] used = [.. scripts.Concat(bare).Distinct()];
        Assert.Contains("GET", used);
        Assert.Empty(used.Except(allowed));
        Assert.All(Repository.Files(Server, ".cs"), file => Assert.False(
            SearchesKeys().IsMatch(file.Text), $"{file.Path} asks Redis for all keys, or empties it"));
    }

    [Fact]
    [Trait("abuse", "67")]
    public void No_service_opens_an_address_that_a_client_named()
    {
        var clients = Repository.Files(Server, ".cs").Where(file => Outgoing().IsMatch(file.Text)).Select(file => file.Path);
        Assert.Empty(clients);
    }

    [Fact]
    [Trait("abuse", "89")]
    public void Every_package_is_pinned_in_one_place()
    {
        var central = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props"));
        var pins = central.Descendants("PackageVersion").Select(one => (Name: one.Attribute("Include")!.Value, Version: one.Attribute("Version")!.Value)).ToList();
        Assert.NotEmpty(pins);
        Assert.All(pins, pin => Assert.True(ExactVersion().IsMatch(pin.Version), $"{pin.Name} {pin.Version} is no exact pin"));
        foreach (var (path, text) in Repository.Files(["services", "shared", "clients", "tests", "tools", "bench"], ".csproj"))
        {
            var references = XDocument.Parse(text).Descendants("PackageReference");
            Assert.All(references, one => Assert.True(one.Attribute("Version") is null && one.Attribute("VersionOverride") is null, $"{path}: {one}"));
        }

        var script = File.ReadAllText(Path.Combine(Repository.Root, "tests", "web", "package-lock.json"));
        Assert.Equal(ScriptPackage().Count(script), Integrity().Count(script));
    }

    [Fact]
    [Trait("abuse", "91")]
    public void No_secret_stands_in_the_repository()
    {
        var files = Repository.Files(["."]).Where(file => !file.Path.EndsWith("package-lock.json", StringComparison.Ordinal)).ToList();
        Assert.True(files.Count > 300, "the repository was not read");
        Assert.Empty(files.SelectMany(file => Secrets.In(file.Text).Select(secret => $"{file.Path}: {secret}")));
    }

    public static TheoryData<string> Samples { get; } =
    [
        // Put together here, so that this file holds none.
        "-----BEGIN EC PRIV" + "ATE KEY-----",
        "AKIA" + "IOSFODNN7EXAMPLE",
        "ghp" + "_16C7e42F292c6912E7710c838347Ae178B4a",
        "amqp://im:" + "x7Rq2mLw9v@broker.example.org/",
        "\"Key\": \"" + "q8Zt4Lw1Xb6Nc0Vr5Ky2Hs9Pd3Gf7Jm\"",
        "Password=" + "x7Rq2mLw9vTz4Kb8;",
    ];

    [Theory]
    [MemberData(nameof(Samples))]
    [Trait("abuse", "91")]
    public void A_secret_would_be_found(string text) => Assert.NotEmpty(Secrets.In($"some words\n{text}\n"));

    [Fact]
    [Trait("abuse", "92")]
    public void The_bus_does_not_report_its_use_to_anybody() =>
        Assert.Contains(Repository.Files(Server, ".cs"), file => file.Text.Contains("bus.DisableUsageTelemetry();", StringComparison.Ordinal));

    [GeneratedRegex(@"redis\.call\('(\w+)'")]
    private static partial Regex ScriptCommand();

    [GeneratedRegex(@"db\.ExecuteAsync\(""(\w+)""")]
    private static partial Regex BareCommand();

    [GeneratedRegex(@"\.(FlushDatabase|FlushAllDatabases|FlushDatabaseAsync|Keys|ConfigSet|KeysAsync|ScriptFlush)\(\s*(database|\)|\d)")]
    private static partial Regex SearchesKeys();

    [GeneratedRegex(@"\b(HttpClient|HttpMessageInvoker|SocketsHttpHandler|WebRequest|WebClient|TcpClient|UdpClient|ClientWebSocket|SmtpClient)\b")]
    private static partial Regex Outgoing();

    [GeneratedRegex(@"^\[(\d+\.\d+\.\d+[\w.-]*|\$\(\w+\))\]$")]
    private static partial Regex ExactVersion();

    [GeneratedRegex(@"""node_modules/[^""]+"": \{")]
    private static partial Regex ScriptPackage();

    [GeneratedRegex(@"""integrity"":")]
    private static partial Regex Integrity();
}
