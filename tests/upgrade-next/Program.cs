// A service as a later version would be: the same module, and every contract between the nodes has one more field. Which service, the name of the node tells.
using Im.Admin;
using Im.Gateway;
using Im.Hosting;
using Im.Login;
using Im.Message;
using Im.Presence;
using Im.Profile;
using Im.Session;
using Im.Upgrade.Next;

var name = Environment.GetEnvironmentVariable("Im__Node__Name") ?? throw new InvalidOperationException("Im__Node__Name says which service this is");
IImModule service = name.Split('-')[0] switch
{
    "gateway" => new GatewayModule(),
    "login" => new LoginModule(),
    "session" => new SessionModule(),
    "presence" => new PresenceModule(),
    "message" => new MessageModule(),
    "profile" => new ProfileModule(),
    "admin" => new AdminModule(),
    var other => throw new InvalidOperationException($"there is no service {other}"),
};
await ImHost.RunAsync(args, service, new GrownContracts());
