using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Im.Hosting.Tls;

/// <summary>
/// Decides over TLS whether a server is the one that is meant: its chain ends at a root of the system or of <c>Im:TrustedRoots</c>, it has not expired,
/// and it is for the name that the setting has. One judge for all servers: by themselves their clients check different things, and some of them nothing.
/// </summary>
public sealed partial class ServerTrust(IOptions<ImOptions> options, TimeProvider time, ILogger<ServerTrust> log)
{
    /// <summary>What was said last of servers that are refused. Clients try again and again; it is said once.</summary>
    private readonly Dictionary<(string Server, string Host), string> _refused = [];

    /// <summary>For the client library of one server.</summary>
    /// <param name="server">As the log calls it.</param>
    /// <param name="setting">The setting with its address.</param>
    /// <param name="onlyRoots">A PEM file with the only roots that count for this server; null for those of the system and <c>Im:TrustedRoots</c>.</param>
    public RemoteCertificateValidationCallback Of(string server, string setting, string? onlyRoots = null) => (sender, certificate, chain, errors) =>
    {
        var host = (sender as SslStream)?.TargetHostName ?? "";
        // A client that forgets to say whom it means would have the name of anybody taken for it.
        if (host.Length == 0) errors |= SslPolicyErrors.RemoteCertificateNameMismatch;
        var faults = FaultsOf(certificate as X509Certificate2, chain, errors, host, setting, onlyRoots);
        if (faults.Count == 0)
        {
            lock (_refused) _refused.Remove((server, host));
            return true;
        }

        Say(server, host, string.Join(", ", faults.Select(fault => fault.What)), string.Join(". ", faults.Select(fault => fault.Remedy).Distinct()));
        return false;
    };

    private IReadOnlyList<CertificateFault> FaultsOf(
        X509Certificate2? shown, X509Chain? chain, SslPolicyErrors errors, string host, string setting, string? onlyRoots)
    {
        var status = StatusOf(chain);
        var path = onlyRoots ?? options.Value.TrustedRoots;
        var roots = onlyRoots is null ? "Im:TrustedRoots" : $"Root Certificate of {setting}";
        var systemWillDo = onlyRoots is null && !errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors);
        if (shown is not null && chain is not null && path is { Length: > 0 } && !systemWillDo)
        {
            try
            {
                (errors, status) = (errors & ~SslPolicyErrors.RemoteCertificateChainErrors, StatusUnder(roots, path, shown, chain));
                if (status != X509ChainStatusFlags.NoError) errors |= SslPolicyErrors.RemoteCertificateChainErrors;
            }
            catch (SettingException fault)
            {
                return [new("nothing says whom to trust", fault.Message)];
            }
        }

        return CertificateFault.Of(errors, status, shown, host, setting, roots, time.GetUtcNow());
    }

    /// <summary>Judges by roots of our own. They are read each time, so that a new root needs no restart; connections are few.</summary>
    private static X509ChainStatusFlags StatusUnder(string setting, string path, X509Certificate2 shown, X509Chain asSent)
    {
        var roots = TrustedRoots.Read(setting, path);
        try
        {
            using var chain = new X509Chain();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(roots);
            // The certificates between that the server has sent, and the use as a server's.
            chain.ChainPolicy.ExtraStore.AddRange(asSent.ChainPolicy.ExtraStore);
            foreach (var use in asSent.ChainPolicy.ApplicationPolicy) chain.ChainPolicy.ApplicationPolicy.Add(use);
            chain.ChainPolicy.RevocationMode = asSent.ChainPolicy.RevocationMode;
            // Nothing is fetched from addresses that stand in a certificate of which nothing is known yet.
            chain.ChainPolicy.DisableCertificateDownloads = true;
            if (chain.Build(shown)) return X509ChainStatusFlags.NoError;
            var status = StatusOf(chain);
            return status == X509ChainStatusFlags.NoError ? X509ChainStatusFlags.PartialChain : status;
        }
        finally
        {
            foreach (var root in roots) root.Dispose();
        }
    }

    private static X509ChainStatusFlags StatusOf(X509Chain? chain) =>
        chain?.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status) ?? X509ChainStatusFlags.NoError;

    private void Say(string server, string host, string what, string remedy)
    {
        // A process has several connections to a server.
        lock (_refused)
        {
            if (_refused.TryGetValue((server, host), out var before) && before == what) return;
            _refused[(server, host)] = what;
        }

        LogRefused(server, host, what, remedy);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Error,
        Message = "{Server} is not talked to, the certificate of {Host} is refused: {What}. {Remedy}. Trying on until it is right")]
    private partial void LogRefused(string server, string host, string what, string remedy);
}
