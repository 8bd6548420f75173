using Im.Hosting;
using Im.Presence;

await ImHost.Create(args, new PresenceModule()).RunAsync();
