using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Im.Hosting.Tls;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Im.Hosting.Tests.Tls;

/// <summary>Which certificates are taken, over real handshakes, and what is said of the others.</summary>
public sealed class ServerTrustTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("im-trust-tests-").FullName;
    private readonly TestAuthority _authority = new();
    private readonly Lines _lines = new();
    private readonly LoggerFactory _loggers;
    private readonly ServerTrust _trust;

    public ServerTrustTests()
    {
        _loggers = new LoggerFactory([_lines]);
        _trust = TrustOf(RootsPath);
        File.WriteAllText(RootsPath, _authority.Root);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string RootsPath => Path.Combine(_folder, "roots.pem");

    public void Dispose()
    {
        _loggers.Dispose();
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task A_good_certificate_under_a_root_of_ones_own_is_taken_by_each_of_its_names(string host)
    {
        Assert.True(await TakesAsync(_trust, Shown.Good, host));
        Assert.Empty(_lines.All);
    }

    [Theory]
    [InlineData(Shown.Expired, "it expired on ", "Renew it")]
    [InlineData(Shown.NotYetValid, "it is not valid before ", "Look at the clocks")]
    [InlineData(Shown.SignedByItself, "it is signed by itself, and no root that is trusted here", "Im:TrustedRoots")]
    [InlineData(Shown.OfAnotherRoot, "it is signed by Other authority, and no root that is trusted here", "Im:TrustedRoots")]
    [InlineData(Shown.ForAnotherName, "it is for elsewhere.example and not for 127.0.0.1", "Name the server in Im:Bus as its certificate does")]
    [InlineData(Shown.OfAClient, "its chain is faulty (NotValidForUsage)", "Give the server another one")]
    [Trait("abuse", "15")]
    public async Task Any_other_is_refused_and_what_is_wrong_and_to_be_done_is_said_once(Shown shown, string what, string remedy)
    {
        for (var attempt = 0; attempt < 3; attempt++) Assert.False(await TakesAsync(_trust, shown, "127.0.0.1"));
        var line = Assert.Single(_lines.All);
        Assert.StartsWith("broker is not talked to, the certificate of 127.0.0.1 is refused: ", line, StringComparison.Ordinal);
        Assert.Contains(what, line, StringComparison.Ordinal);
        Assert.Contains(remedy, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_said_anew_when_something_else_is_wrong_or_it_was_right_meanwhile()
    {
        foreach (var shown in (Shown[])[Shown.Expired, Shown.Expired, Shown.ForAnotherName, Shown.Good, Shown.ForAnotherName])
            Assert.Equal(shown == Shown.Good, await TakesAsync(_trust, shown, "127.0.0.1"));
        Assert.Equal(["expired", "elsewhere", "elsewhere"], _lines.All.Select(line => line.Contains("expired", StringComparison.Ordinal) ? "expired" : "elsewhere"));
    }

    [Fact]
    public async Task Without_a_root_of_ones_own_only_those_of_the_system_count()
    {
        Assert.False(await TakesAsync(TrustOf(null), Shown.Good, "127.0.0.1"));
        Assert.Contains("Name a PEM file with the root in Im:TrustedRoots", Assert.Single(_lines.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_root_is_read_without_a_restart()
    {
        using var next = new TestAuthority("Next");
        Assert.False(await TakesAsync(_trust, Shown.Good, "127.0.0.1", from: next));
        await File.WriteAllTextAsync(RootsPath, $"{_authority.Root}\n{next.Root}\n", Cancel);
        Assert.True(await TakesAsync(_trust, Shown.Good, "127.0.0.1", from: next));
        Assert.True(await TakesAsync(_trust, Shown.Good, "127.0.0.1"));
    }

    [Fact]
    public async Task A_certificate_that_signs_itself_may_be_its_own_root()
    {
        var (certificate, key) = _authority.Make(Shown.SignedByItself);
        await File.WriteAllTextAsync(RootsPath, certificate, Cancel);
        Assert.True(await TakesAsync(_trust, (certificate, key), "127.0.0.1"));
    }

    [Theory]
    [InlineData(null, "Could not find file")]
    [InlineData("no certificate", "there is none in")]
    public async Task Roots_that_cannot_be_read_later_trust_nobody(string? content, string why)
    {
        File.Delete(RootsPath);
        if (content is not null) await File.WriteAllTextAsync(RootsPath, content, Cancel);
        Assert.False(await TakesAsync(_trust, Shown.Good, "127.0.0.1"));
        var line = Assert.Single(_lines.All);
        Assert.Contains("nothing says whom to trust. Im:TrustedRoots", line, StringComparison.Ordinal);
        Assert.Contains(why, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_root_for_one_server_alone_leaves_out_all_others()
    {
        using var own = new TestAuthority("Own");
        var path = Path.Combine(_folder, "own.pem");
        await File.WriteAllTextAsync(path, own.Root, Cancel);
        var judge = _trust.Of("database", "Im:Database", path);
        Assert.True(await TakesAsync(judge, own.Make(Shown.Good), "127.0.0.1"));
        Assert.False(await TakesAsync(judge, _authority.Make(Shown.Good), "127.0.0.1"));
        Assert.Contains("Name a PEM file with the root in Root Certificate of Im:Database", Assert.Single(_lines.All), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_does_not_say_whom_it_means_is_refused() => Assert.False(await TakesAsync(_trust, Shown.Good, ""));

    private ServerTrust TrustOf(string? roots) =>
        new(Options.Create(new ImOptions { TrustedRoots = roots }), TimeProvider.System, _loggers.CreateLogger<ServerTrust>());

    private Task<bool> TakesAsync(ServerTrust trust, Shown shown, string host, TestAuthority? from = null) => TakesAsync(trust, (from ?? _authority).Make(shown), host);

    private static Task<bool> TakesAsync(ServerTrust trust, (string Certificate, string Key) pair, string host) => TakesAsync(trust.Of("broker", "Im:Bus"), pair, host);

    private static async Task<bool> TakesAsync(RemoteCertificateValidationCallback judge, (string Certificate, string Key) pair, string host)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var client = new TcpClient();
        var accepted = listener.AcceptTcpClientAsync(Cancel);
        await client.ConnectAsync(IPAddress.Loopback, ((IPEndPoint)listener.LocalEndpoint).Port, Cancel);
        using var server = await accepted;
        var serving = ServeAsync(server, pair);
        await using var stream = new SslStream(client.GetStream(), false, judge);
        try
        {
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host }, Cancel);
            return true;
        }
        catch (AuthenticationException)
        {
            return false;
        }
        finally
        {
            client.Close();
            await serving;
        }
    }

    private static async Task ServeAsync(TcpClient client, (string Certificate, string Key) pair)
    {
        using var certificate = X509Certificate2.CreateFromPem(pair.Certificate, pair.Key);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(pair.Certificate);
        await using var stream = new SslStream(client.GetStream());
        try
        {
            await stream.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions { ServerCertificateContext = SslStreamCertificateContext.Create(certificate, chain, offline: true) }, Cancel);
            await stream.ReadExactlyAsync(new byte[1], Cancel);
        }
        catch (Exception fault) when (fault is AuthenticationException or IOException)
        {
            // The client has left.
        }
    }
}
