using Im.Hosting;
using Im.Session;

await ImHost.Create(args, new SessionModule()).RunAsync();
