using Im.Admin;
using Im.Gateway;
using Im.Hosting;
using Im.Login;
using Im.Message;
using Im.Presence;
using Im.Profile;
using Im.Session;

await ImHost.RunAsync(
    args,
    new GatewayModule(),
    new LoginModule(),
    new SessionModule(),
    new PresenceModule(),
    new MessageModule(),
    new ProfileModule(),
    new AdminModule());
