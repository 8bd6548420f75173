using Im.Admin;
using Im.Hosting;

await ImHost.Create(args, new AdminModule()).RunAsync();
