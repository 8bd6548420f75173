using System.Net;
using Im.Local;

namespace Im.Tool.Tests;

/// <summary>Ports for systems that several test projects start at the same time.</summary>
public sealed class FreePortTests
{
    [Fact]
    public void A_port_is_given_to_one_process_of_the_machine()
    {
        var port = FreePort.Next();
        Assert.True(FreePort.IsFree(IPAddress.Loopback, port));
        Assert.Null(FreePort.Claim(port));
    }

    [Fact]
    public void A_claim_ends_with_its_holder()
    {
        // Below those that are given away.
        var port = Random.Shared.Next(1, 12_000);
        using (var claim = FreePort.Claim(port)) Assert.NotNull(claim);
        using var next = FreePort.Claim(port);
        Assert.NotNull(next);
    }
}
