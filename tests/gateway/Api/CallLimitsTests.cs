using Im.Gateway.Api;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace Im.Gateway.Tests.Api;

public sealed class CallLimitsTests
{
    // Fifty calls within less than 47 s, which is what a second call each second would need.
    private static readonly GatewayOptions Options = new() { CallBurst = 3, CallsPerSecond = 1 };

    [Fact]
    public void After_the_burst_a_user_waits_and_others_do_not()
    {
        using var limits = Limits("Production");
        var waits = Enumerable.Range(0, 50).Select(_ => limits.Take(5)).ToList();
        Assert.All(waits.Take(3), Assert.Null);
        Assert.InRange(waits.First(wait => wait is not null)!.Value, 1, 1000);
        Assert.Null(limits.Take(6));
    }

    [Fact]
    public void In_development_nobody_waits()
    {
        using var limits = Limits("Development");
        Assert.All(Enumerable.Range(0, 50), _ => Assert.Null(limits.Take(5)));
    }

    private static CallLimits Limits(string environment) => new(new Environment(environment), Microsoft.Extensions.Options.Options.Create(Options));

    private sealed class Environment(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;

        public string ApplicationName { get; set; } = "";

        public string ContentRootPath { get; set; } = "";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
