using Im.Hosting.Routes;

namespace Im.Hosting.Tests.Routes;

/// <summary>A route table whose calls are repeated while Redis does not answer.</summary>
public sealed class PatientRouteTable(IRouteTable table) : IRouteTable
{
    public Task<Registration> RegisterAsync(long user, Route route, CancellationToken cancel) =>
        Patiently.UntilAsync(() => table.RegisterAsync(user, route, cancel));

    public Task RemoveAsync(long user, Route route, CancellationToken cancel) => Patiently.UntilAsync(async () =>
    {
        await table.RemoveAsync(user, route, cancel);
        return true;
    });

    public Task<IReadOnlyList<Route>[]> LookUpAsync(IReadOnlyList<long> users, CancellationToken cancel) =>
        Patiently.UntilAsync(() => table.LookUpAsync(users, cancel));

    public Task<bool> RenewLeaseAsync(string boot, CancellationToken cancel) => Patiently.UntilAsync(() => table.RenewLeaseAsync(boot, cancel));

    public Task<IReadOnlyList<long>> SweepAsync(CancellationToken cancel) => Patiently.UntilAsync(() => table.SweepAsync(cancel));
}
