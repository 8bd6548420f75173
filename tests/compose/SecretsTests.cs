using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Im.Local;
using Im.Tool.Deploy;

namespace Im.Compose.Tests;

/// <summary>'./im secrets' makes what the compose file needs, and the compose file holds no secret itself.</summary>
public sealed partial class SecretsTests(Generated generated) : IClassFixture<Generated>
{
    [Fact]
    public void Everything_that_compose_needs_is_made()
    {
        var needed = ComposeFile.Variable().Matches(ComposeFile.Text).Where(match => match.Groups["rule"].Value != ":-").Select(match => match.Groups["name"].Value).Distinct();
        Assert.Equal(EnvironmentFile.Secrets.Append(EnvironmentFile.PublicUrl).Order(StringComparer.Ordinal), needed.Order(StringComparer.Ordinal));
        Assert.All(needed, name => Assert.NotNull(EnvironmentFile.ValueOf(generated.Variables, name)));
    }

    [Fact]
    public void No_secret_has_a_default_and_a_missing_one_stops_compose()
    {
        Assert.All(EnvironmentFile.Secrets, secret => Assert.All(
            ComposeFile.Variable().Matches(ComposeFile.Text).Where(match => match.Groups["name"].Value == secret),
            match => Assert.Equal(":?", match.Groups["rule"].Value)));
    }

    [Fact]
    public void No_password_or_key_stands_in_the_compose_file()
    {
        // With every variable taken out, nothing is left where a secret would be, but the place of a file.
        var bare = ComposeFile.Variable().Replace(ComposeFile.Text, "<filled in>");
        var assigned = Assigned().Matches(bare).Select(match => match.Groups[1].Value).ToList();
        Assert.True(assigned.Count >= 7, "no password was found: the test looks in the wrong way");
        Assert.All(assigned, value => Assert.Matches("^(<filled|/run/secrets/)", value));
        Assert.DoesNotMatch(@"://[^\s:/@]+:[^@<\s/]+@", bare);
    }

    [Fact]
    public void Secrets_are_random_and_only_their_owner_reads_them()
    {
        var values = EnvironmentFile.Secrets.Select(name => EnvironmentFile.ValueOf(generated.Variables, name)!).ToList();
        Assert.Equal(values.Count, values.Distinct().Count());
        Assert.All(values, value => Assert.Matches("^[0-9a-f]{48}$", value));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(generated.Directory, ".env")));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(generated.Directory, ".secrets")));
    }

    [Fact]
    public void Twice_changes_nothing_and_what_is_missing_is_added_to_what_is_there()
    {
        var directory = TestInstances.Create("secrets");
        try
        {
            var path = Path.Combine(directory, ".env");
            File.WriteAllText(path, "# mine\nIM_EDGE_PORT=8443\nIM_PUBLIC_URL=https://chat.example.org:8443\nIM_ADMIN_KEY=kept");
            Assert.Equal(0, Secrets.Run(null, directory));
            var first = File.ReadAllText(path);
            Assert.StartsWith("# mine\nIM_EDGE_PORT=8443\nIM_PUBLIC_URL=https://chat.example.org:8443\nIM_ADMIN_KEY=kept\nIM_GRAFANA_PASSWORD=", first, StringComparison.Ordinal);
            var certificate = File.ReadAllText(Path.Combine(directory, ".secrets", "edge.crt"));
            Assert.Equal(0, Secrets.Run(new Uri("https://chat.example.org:8443"), directory));
            Assert.Equal(first, File.ReadAllText(path));
            Assert.Equal(certificate, File.ReadAllText(Path.Combine(directory, ".secrets", "edge.crt")));
            Assert.Contains(EnvironmentFile.PublicUrl, Assert.Throws<LocalStartException>(() => Secrets.Run(new Uri("https://other.example.org"), directory)).Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Theory]
    [InlineData("chat.example.org", "chat.example.org", true)]
    [InlineData("chat.example.org", "localhost", true)]
    [InlineData("chat.example.org", "example.org", false)]
    [InlineData("192.0.2.7", "192.0.2.7", true)]
    [InlineData("::1", "127.0.0.1", true)]
    public void The_certificate_is_for_the_host_and_for_loopback(string host, string asked, bool matches)
    {
        var directory = TestInstances.Create("certificate");
        try
        {
            var pair = EdgeCertificate.ReadOrCreate(directory, host);
            using var certificate = pair.Load();
            Assert.Equal(matches, certificate.MatchesHostname(asked));
            using var withKey = X509Certificate2.CreateFromPemFile(pair.CertificatePath, pair.KeyPath);
            Assert.NotNull(withKey.GetECDsaPrivateKey());
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void What_is_made_is_ignored_by_git_and_not_given_to_the_builder()
    {
        Assert.Superset(new HashSet<string> { ".env", "/.secrets/" }, new HashSet<string>(File.ReadAllLines(Path.Combine(SolutionBinaries.Root, ".gitignore"))));
        Assert.Contains("*", File.ReadAllLines(Path.Combine(SolutionBinaries.Root, ".dockerignore")));
    }

    [GeneratedRegex(@"(?:PASSWORD|PASS|KEY|Key|AUTH|[Pp]assword)(?:=|: )(\S+)")]
    private static partial Regex Assigned();
}
