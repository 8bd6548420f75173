using Im.Hosting.Routes;

namespace Im.Hosting.Tests.Routes;

/// <summary>The routes in Redis as the services come to them: the gateways' user writes, presence's sweeps, that of message services looks up.</summary>
public sealed class RedisRouteTableAsServicesTests(Servers servers) : RedisRouteTableSpec
{
    private readonly List<RedisClient> _clients = [];
    private RedisClient? _anybody;

    protected override RedisClient Redis => _anybody!;

    protected override async Task<IRouteTable> OpenAsync()
    {
        _anybody = await ClientAsync(null);
        await _anybody.RunAsync(db => db.ExecuteAsync("FLUSHALL"));
        return new PatientRouteTable(new Shared(await TableAsync("gateway"), await TableAsync("presence"), await TableAsync("message")));
    }

    private async Task<RedisClient> ClientAsync(string? service)
    {
        var client = await RedisClient.OpenAsync(await servers.RedisAsync(), service);
        _clients.Add(client);
        return client;
    }

    private async Task<RedisRouteTable> TableAsync(string service) => new((await ClientAsync(service)).Connection);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var client in _clients) await client.DisposeAsync();
    }

    /// <summary>Each call by the service that makes it.</summary>
    private sealed class Shared(RedisRouteTable gateway, RedisRouteTable presence, RedisRouteTable message) : IRouteTable
    {
        public Task<Registration> RegisterAsync(long user, Route route, CancellationToken cancel) => gateway.RegisterAsync(user, route, cancel);

        public Task RemoveAsync(long user, Route route, CancellationToken cancel) => gateway.RemoveAsync(user, route, cancel);

        public Task<bool> RenewLeaseAsync(string boot, CancellationToken cancel) => gateway.RenewLeaseAsync(boot, cancel);

        public Task<IReadOnlyList<long>> SweepAsync(CancellationToken cancel) => presence.SweepAsync(cancel);

        public Task<IReadOnlyList<Route>[]> LookUpAsync(IReadOnlyList<long> users, CancellationToken cancel) => message.LookUpAsync(users, cancel);
    }
}
