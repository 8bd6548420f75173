using Im.Contracts;
using Im.Hosting;
using Im.Hosting.Bus;
using Im.Hosting.Settings;
using Im.Hosting.Telemetry;
using Im.Login.Accounts;
using Im.Login.Consumers;
using Im.Login.Limits;
using Im.Login.Passwords;

namespace Im.Login;

/// <summary>Accounts and passwords: the only writer of accounts, the only place where a password is looked at.</summary>
public sealed class LoginModule : IImModule
{
    public string Name => "login";

    public Door Door => Door.None;

    public void AddServices(IHostApplicationBuilder builder)
    {
        var development = builder.Environment.IsDevelopment();
        builder.Services.AddSettings<LoginOptions>(LoginOptions.Section);
        builder.Services.AddSingleton<AccountStore>();
        builder.Services.AddSingleton<PasswordQueue>();
        builder.Services.AddSingleton<PasswordCheck>();
        builder.Services.AddQueueGauge<PasswordQueue>("passwords", passwords => passwords.Waiting);
        builder.Services.AddSingleton(provider => new LoginDelays(provider.GetRequiredService<TimeProvider>(), new AddressRule(development)));
        builder.Services.AddSingleton(provider => new RegistrationLimit(provider.GetRequiredService<TimeProvider>(), new AddressRule(development)));
    }

    public IEnumerable<BusEndpoint> Endpoints(NodeIdentity node) =>
    [
        BusEndpoint.Shared(
            Topology.LoginQueue,
            typeof(LogInConsumer), typeof(RegisterUserConsumer), typeof(ChangePasswordConsumer), typeof(DisableUserConsumer), typeof(DirectoryConsumer)),
    ];

    public void Map(IEndpointRouteBuilder routes)
    {
    }
}
