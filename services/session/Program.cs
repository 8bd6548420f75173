using Im.Hosting;
using Im.Session;

await ImHost.RunAsync(args, new SessionModule());
