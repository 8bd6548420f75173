using System.Globalization;
using System.Net;
using Im.Flow.Tests.Systems;
using Im.Local;

namespace Im.Flow.Tests.Abuse;

public sealed class ProcessInStandalone(RunningSystems systems) : ProcessSpec(systems.StandaloneAsync);

public sealed class ProcessInFull(RunningSystems systems) : ProcessSpec(systems.FullAsync);

/// <summary>What the running processes show to others on the machine, and whom they talk to.</summary>
public abstract class ProcessSpec(Func<Task<RunningSystem>> start) : FlowTest(start)
{
    [Fact]
    [Trait("abuse", "67")]
    [Trait("abuse", "92")]
    public async Task Nobody_outside_of_this_machine_is_called()
    {
        var (ann, bob) = (await NewUserAsync(), await NewUserAsync());
        var (anns, bobs) = (await ConnectAsync(ann), await ConnectAsync(bob, System.OtherGateway));
        await anns.SayAsync(To(bob), "see http://192.0.2.1/picture.png");
        await bobs.MessageAsync("see http://192.0.2.1/picture.png");
        var peers = System.Processes.SelectMany(PeersOf).ToList();
        Assert.True(System.Processes.Count == 1 || peers.Count > 10, "the connections of the services were not seen");
        Assert.All(peers, peer => Assert.True(IPAddress.IsLoopback(peer) || peer.Equals(IPAddress.Any) || peer.Equals(IPAddress.IPv6Any), $"{peer} was called"));
    }

    [Fact]
    [Trait("abuse", "91")]
    public void No_secret_stands_on_a_command_line()
    {
        var secrets = System.Processes.SelectMany(process => Words($"/proc/{Text(process.Pid)}/environ"))
            .Where(word => word.StartsWith("Im__Admin__Key=", StringComparison.Ordinal) || word.Contains("assword=", StringComparison.Ordinal) || word.StartsWith("Im__Bus=", StringComparison.Ordinal))
            .SelectMany(word => word.Split('=', ';', ':', '@', '/', ','))
            .Where(word => word.Length >= 32)
            .Distinct()
            .ToList();
        Assert.NotEmpty(secrets);
        var lines = System.Processes.SelectMany(process => process.Identity!.Tree()).Select(process => string.Join(' ', Words($"/proc/{Text(process.Pid)}/cmdline"))).ToList();
        Assert.Contains(lines, line => line.Contains(".dll", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.DoesNotContain(secrets, secret => line.Contains(secret, StringComparison.Ordinal)));
    }

    private static string Text(int pid) => pid.ToString(CultureInfo.InvariantCulture);

    private static string[] Words(string file) => File.Exists(file) ? File.ReadAllText(file).Split('\0', StringSplitOptions.RemoveEmptyEntries) : [];

    /// <summary>The far ends of the process's own TCP connections.</summary>
    private static IEnumerable<IPAddress> PeersOf(ManagedProcess process)
    {
        var own = Directory.EnumerateFiles($"/proc/{Text(process.Pid)}/fd")
            .Select(link => new FileInfo(link).LinkTarget)
            .Where(target => target?.StartsWith("socket:[", StringComparison.Ordinal) == true)
            .Select(target => target!["socket:[".Length..^1])
            .ToHashSet();
        return from table in (string[])["tcp", "tcp6"]
               from line in File.ReadLines($"/proc/{Text(process.Pid)}/net/{table}").Skip(1)
               let columns = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
               where own.Contains(columns[9])
               select AddressOf(columns[2].Split(':')[0]);
    }

    /// <summary>The kernel writes addresses as words of the machine's own order.</summary>
    private static IPAddress AddressOf(string hex)
    {
        var bytes = Convert.FromHexString(hex);
        for (var word = 0; word < bytes.Length; word += 4) Array.Reverse(bytes, word, 4);
        var address = new IPAddress(bytes);
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }
}
