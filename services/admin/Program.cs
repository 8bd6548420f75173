using Im.Hosting;
using Im.Admin;

await ImHost.Create(args, new AdminModule()).RunAsync();
