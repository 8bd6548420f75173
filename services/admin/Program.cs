using Im.Admin;
using Im.Hosting;

await ImHost.RunAsync(args, new AdminModule());
