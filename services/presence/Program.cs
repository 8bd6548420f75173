using Im.Hosting;
using Im.Presence;

await ImHost.RunAsync(args, new PresenceModule());
