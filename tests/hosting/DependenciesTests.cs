using Im.Hosting.Health;
using Microsoft.Extensions.Logging;

namespace Im.Hosting.Tests;

/// <summary>When a process may be given work, and how often it says what it lacks.</summary>
public sealed class DependenciesTests
{
    private readonly Lines _log = new();
    private readonly Dependencies _dependencies;

    public DependenciesTests() => _dependencies = new Dependencies(_log);

    [Fact]
    public void Nothing_expected_is_not_ready() => Assert.False(_dependencies.Ready);

    [Fact]
    public void Ready_begins_when_everything_answered_once()
    {
        _dependencies.Expect(Dependency.Broker);
        _dependencies.Expect(Dependency.Database);
        _dependencies.Report(Dependency.Broker, true);
        Assert.False(_dependencies.Ready);
        Assert.Equal([Dependency.Database], _dependencies.Missing);
        _dependencies.Report(Dependency.Database, true);
        Assert.True(_dependencies.Ready);
        Assert.Empty(_dependencies.Missing);
    }

    [Fact]
    public void What_goes_away_later_is_named_and_does_not_end_ready()
    {
        _dependencies.Expect(Dependency.Broker);
        _dependencies.Report(Dependency.Broker, true);
        _dependencies.Report(Dependency.Broker, false, "gone");
        Assert.True(_dependencies.Ready);
        Assert.False(_dependencies.IsUp(Dependency.Broker));
        Assert.Equal([Dependency.Broker], _dependencies.Missing);
    }

    [Theory]
    [InlineData(Dependency.Database, false)]
    [InlineData(Dependency.Broker, false)]
    [InlineData(Dependency.Bus, false)]
    [InlineData(Dependency.Redis, true)]
    public void Work_begins_without_the_routes_and_with_nothing_else_missing(string missing, bool canWork)
    {
        string[] all = [Dependency.Database, Dependency.Broker, Dependency.Bus, Dependency.Redis];
        foreach (var name in all) _dependencies.Expect(name);
        foreach (var name in all) _dependencies.Report(name, name != missing);
        Assert.Equal(canWork, _dependencies.CanWork);
        _dependencies.Report(missing, true);
        foreach (var name in all) _dependencies.Report(name, false);
        Assert.True(_dependencies.CanWork);
    }

    [Fact]
    public void Draining_ends_ready()
    {
        _dependencies.Report(Dependency.Broker, true);
        _dependencies.Draining = true;
        Assert.False(_dependencies.Ready);
    }

    [Fact]
    public void A_change_is_said_once()
    {
        _dependencies.Expect(Dependency.Redis);
        for (var i = 0; i < 3; i++) _dependencies.Report(Dependency.Redis, false, "refused");
        for (var i = 0; i < 3; i++) _dependencies.Report(Dependency.Redis, true);
        for (var i = 0; i < 3; i++) _dependencies.Report(Dependency.Redis, false, "refused");
        Assert.Equal([LogLevel.Warning, LogLevel.Information, LogLevel.Warning], _log.Levels);
    }

    private sealed class Lines : ILogger<Dependencies>
    {
        public List<LogLevel> Levels { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Levels.Add(logLevel);
    }
}
