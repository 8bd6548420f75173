using Im.Local;

namespace Im.Telemetry.Tests.Prometheus;

/// <summary>Prometheus' own judge of rules and expressions.</summary>
internal static class Promtool
{
    /// <summary>Fails with all that it says unless it is content.</summary>
    public static async Task AcceptsAsync(params string[] arguments)
    {
        var (status, said) = await ShortCommand.RunAsync(Programs.Require("promtool", "prometheus"), arguments, cancel: TestContext.Current.CancellationToken);
        Assert.True(status == 0, said);
    }
}
