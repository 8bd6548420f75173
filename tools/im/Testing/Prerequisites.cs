using System.Runtime.InteropServices;
using Im.Local;

namespace Im.Tool.Testing;

/// <summary>What the tests need beside the .NET SDK: Debian packages, installed where that is allowed, named where it is not.</summary>
internal static class Prerequisites
{
    // Debian starts a server as soon as it is installed; a policy that forbids it, for as long as this takes, leaves the machine as it was.
    private const string InstallScript = """
        set -e
        export DEBIAN_FRONTEND=noninteractive
        policy=/usr/sbin/policy-rc.d
        if [ ! -e "$policy" ]; then
          trap 'rm -f "$policy"' EXIT
          printf '#!/bin/sh\nexit 101\n' > "$policy"
          chmod 755 "$policy"
        fi
        apt-get update
        apt-get install -y --no-install-recommends "$@"
        """;

    private static readonly (string Package, Func<bool> IsThere)[] Needed =
    [
        ("rabbitmq-server", () => File.Exists("/usr/lib/rabbitmq/bin/rabbitmq-server")),
        ("redis-server", () => Programs.Find("redis-server") is not null),
        ("postgresql", () => Programs.FindPostgresDirectory() is not null),
        ("nginx", () => Programs.Find("nginx") is not null),
        // Debian's package has promtool as well.
        ("prometheus", () => Programs.Find("prometheus") is not null && Programs.Find("promtool") is not null),
        ("chromium", () => Programs.Find("chromium") is not null),
        ("libsqlite3-0", () => NativeLibrary.TryLoad("libsqlite3.so.0", out _)),
        ("nodejs", () => Programs.Find("node") is not null),
        ("npm", () => Programs.Find("npm") is not null),
    ];

    public static IReadOnlyList<string> Missing() => [.. Needed.Where(need => !need.IsThere()).Select(need => need.Package)];

    /// <exception cref="LocalStartException">Something is missing and may not or cannot be installed.</exception>
    public static async Task EnsureAsync(CancellationToken cancel)
    {
        var missing = Missing();
        if (missing.Count == 0)
            return;
        var packages = string.Join(' ', missing);
        var byHand = $"the tests need {packages}; run as root: apt-get update && apt-get install -y {packages}";
        if (Programs.Find("apt-get") is null || await AsRootAsync(cancel) is not { } asRoot)
            throw new LocalStartException(byHand);
        Console.WriteLine($"installing {packages}…");
        var log = Instance.Paths.Log("apt");
        Directory.CreateDirectory(Path.GetDirectoryName(log)!);
        string[] command = [.. asRoot, "sh", "-c", InstallScript, "sh", .. missing];
        var status = await Step.RunAsync(command, "/", log, cancel);
        if (status != 0 || Missing() is { Count: > 0 })
            throw new LocalStartException($"{LogFile.Tail(log)}\napt-get failed (status {status}); {byHand}");
    }

    /// <summary>What to put before a command to run it as root; null where that is not allowed.</summary>
    private static async Task<string[]?> AsRootAsync(CancellationToken cancel)
    {
        if (Environment.IsPrivilegedProcess)
            return [];
        return Programs.Find("sudo") is not null && await Step.RunAsync(["sudo", "-n", "true"], "/", "/dev/null", cancel) == 0 ? ["sudo", "-n"] : null;
    }
}
