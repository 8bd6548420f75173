using Im.Hosting;
using Im.Profile;

await ImHost.Create(args, new ProfileModule()).RunAsync();
